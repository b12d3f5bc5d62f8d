"""Times that people say (「明天上午」「周六下午三点」) as moments, by the jionlp library. Zone: Asia/Shanghai.

A part of a day without an hour has the hour of ``PARTS``; a day alone is its morning; 三点 without a part of the day is
in the afternoon. A time of day that has passed means the next day where the words allow it: 「上午十点来」 does, 「今天」
and 「三点以后」 do not.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from backend.kit import clock

PARTS: tuple[tuple[str, int], ...] = (
    ("凌晨", 6),
    ("早", 8),
    ("上午", 9),
    ("中午", 12),
    ("下午", 14),
    ("午后", 14),
    ("傍晚", 18),
    ("晚", 19),
    ("夜", 20),
)
MORNING = 9
AFTERNOON_UNTIL = 6
"""Hours up to this one, said without a part of the day, are in the afternoon: nobody makes repairs at three at night."""

_HINT = re.compile(
    r"今[天晚早]|明[天晚早儿]|后天|大后天|下?周[一二三四五六日天末]|星期|礼拜|\d[点号日:：]|[一二三四五六七八九十两]点|上午|下午|中午|晚上|早上|傍晚|小时后|分钟后"
)
_WISH = re.compile(
    r"来|上门|在家|有人|有空|方便|预?约|修|处理|看看|看下|过去|安排|弄|改[到成]|再说|等我|以后|之后|之前|可以|都行"
)
_SPOKEN = (
    ("明早", "明天早上"),
    ("今早", "今天早上"),
    ("明晚", "明天晚上"),
    ("今晚", "今天晚上"),
    ("明儿", "明天"),
    ("后儿", "后天"),
)
_CLOCK = re.compile(r"[\d一二三四五六七八九十两]\s*(?:[点:：时]|小时|分)")
_FROM_NOW = re.compile(r"(?:小时|分钟|半天|会儿?)(?:以|之)?后")
_OPEN_END = re.compile(r"[以之]?后$|[以之]?后[^天]")
_TODAY = re.compile(r"今|现在|马上|刚")
_FORMAT = "%Y-%m-%d %H:%M:%S"


@dataclass(frozen=True, slots=True)
class Said:
    """A time in the words. ``start`` is None when it has passed and the words do not mean another day."""

    words: str
    start: datetime | None


def find(text: str, reference: datetime) -> Said | None:
    """Return the first time in the text that is not of an earlier day, None when it names none."""
    if not _HINT.search(text):
        return None
    for spoken, written in _SPOKEN:
        text = text.replace(spoken, written)
    times = [time for found in _extract(text, reference) if (time := _read(found, reference)) is not None]
    return next((time for time in times if time.start), times[0] if times else None)


def find_wish(text: str, reference: datetime) -> Said | None:
    """Return the time at which somebody should come; 「晚上老是闪」 and 「早上就坏了」 name none."""
    return find(text, reference) if _WISH.search(text) else None


def _extract(text: str, reference: datetime) -> list[dict[str, Any]]:
    import jionlp  # takes a second and 60 MB: only for those who say a time

    try:
        return list(jionlp.ner.extract_time(text, time_base=_naive(reference)))
    except (ValueError, KeyError, IndexError, TypeError):
        return []


def _naive(reference: datetime) -> dict[str, int]:
    """Return the moment as the library takes it; a timestamp it would read in the zone of the machine."""
    here = clock.local(reference)
    return {name: getattr(here, name) for name in ("year", "month", "day", "hour", "minute", "second")}


def _read(found: dict[str, Any], reference: datetime) -> Said | None:
    if found["type"] not in ("time_point", "time_span"):
        return None
    try:
        words, (begins, ends) = str(found["text"]), found["detail"]["time"]
        start = datetime.strptime(begins, _FORMAT).replace(tzinfo=clock.SHANGHAI)
    except (ValueError, KeyError, TypeError):
        return None
    start = _at_an_hour(start, words)
    if start > reference:
        return Said(words, start)
    if clock.local_day(start) != clock.local_day(reference):
        return None
    over = ends == "inf" or datetime.strptime(ends, _FORMAT).replace(tzinfo=clock.SHANGHAI) < reference
    allowed = over and not _TODAY.search(words) and not _OPEN_END.search(words)
    return Said(words, start + timedelta(days=1) if allowed else None)


def _at_an_hour(start: datetime, words: str) -> datetime:
    """Return the start with the hour that people mean by words without one."""
    if "周末" in words and start.weekday() == 6:
        start -= timedelta(days=1)
    if _FROM_NOW.search(words):
        return start
    hour = next((hour for part, hour in PARTS if part in words), None)
    if _CLOCK.search(words):
        return start.replace(hour=start.hour + 12) if hour is None and 1 <= start.hour <= AFTERNOON_UNTIL else start
    return start.replace(hour=hour if hour is not None else MORNING, minute=0, second=0)
