"""How somebody who waits for a person, or talks to one, says that the bot should go on. Pure."""

import re

from backend.domains.conversations.domain import RESUME_TITLE

_BOT = "(?:管家|机器人|智能(?:管家|客服)?|AI|ai)"
_PERSON = "(?:人工|客服|真人)"
PATTERNS: tuple[re.Pattern[str], ...] = tuple(
    re.compile(
        f"^(?:(?:那|我|还是|算了|就|先|请|帮我|给我|要|想|麻烦)+[，, ]?)?{core}(?:吧|了|啊|呀|好了|就行|谢谢|[，,。！!~ ])*$"
    )
    for core in (
        f"[问找叫]{_BOT}(?:回来)?",
        f"(?:转|换|切|回|接)(?:回|到|给|成)*(?:来|去)?{_BOT}",
        "(?:转|换|切)回(?:来|去)?",
        f"(?:不|别)(?:要|用|需要|找|等|想找|想等)?了?(?:转)?{_PERSON}(?:客服)?了?",
        f"(?:取消|退出|结束)(?:转)?{_PERSON}(?:客服)?(?:服务)?",
        "不(?:等|转)了",
    )
)
"""Whole messages; what says more than this is meant for the person who answers."""


def wants_bot(text: str) -> bool:
    """Tell whether the words only ask for the bot."""
    said = text.strip()
    return said.rstrip("。！!") == RESUME_TITLE or any(pattern.match(said) for pattern in PATTERNS)
