"""Times that people say (「明天上午」「周六下午三点」) as moments, by the jionlp library. Zone: Asia/Shanghai."""

import re
from datetime import datetime

from backend.kit import clock

_HINT = re.compile(
    r"今[天晚早]|明[天晚早]|后天|大后天|下?周[一二三四五六日天末]|星期|礼拜|\d[点号日:：]|[一二三四五六七八九十两]点|上午|下午|中午|晚上|早上|小时后|分钟后"
)
_FORMAT = "%Y-%m-%d %H:%M:%S"


def find_start(text: str, reference: datetime) -> datetime | None:
    """Return when the time in the text begins, None when it names none or one in the past."""
    if not _HINT.search(text):
        return None
    import jionlp  # takes a second and 60 MB: only for those who say a time

    try:
        found = jionlp.ner.extract_time(text, time_base=clock.local(reference).timestamp())
        spans = [f["detail"]["time"] for f in found if f["type"] in ("time_point", "time_span")]
        start = datetime.strptime(spans[0][0], _FORMAT).replace(tzinfo=clock.SHANGHAI)
    except (ValueError, KeyError, IndexError, TypeError):
        return None
    return start if start > reference else None
