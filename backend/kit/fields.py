"""Types of the fields that people and clients fill in: words, ids, values of a table, moments. Every schema uses these.

What is wrong is said in Chinese and reaches the person through ``kit.http.invalid_input``. Chat text is not among them:
it is stored as it came.
"""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Annotated, Any

from fastapi import Query
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    Field,
    GetCoreSchemaHandler,
    Strict,
    StringConstraints,
)
from pydantic_core import PydanticCustomError, core_schema

from backend.kit import clock

SAID = "said"
"""Type of the errors whose message is meant for people as it is."""
LARGEST_ID = 2**63 - 1
LARGEST_COUNT = 2**31 - 1
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)
"""No day or moment that somebody writes is outside of these: the ends of the calendar cannot be reckoned with."""
LATE_BY = timedelta(minutes=5)
AHEAD_AT_MOST = timedelta(days=366)

_KEPT = "\n\t"
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_UNSEEN = frozenset({"Cc", "Cf", "Mn", "Me", "Zs", "Zl", "Zp"})
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ]")
UNSEARCHABLE = "\ufffd"


def refusal(words: str) -> PydanticCustomError:
    """Return the error that tells a person what is wrong with a field."""
    return PydanticCustomError(SAID, "{words}", {"words": words})


def _is_trick(char: str) -> bool:
    """Tell whether a character is none that a reader sees: it steers a screen or the writing direction, or is no
    character at all (U+FFFE, U+FFFF and their like: https://www.unicode.org/faq/private_use.html#nonchar1)."""
    code = ord(char)
    nothing = code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
    return nothing or char in _BIDI or (unicodedata.category(char) == "Cc" and char not in _KEPT)


def is_visible(text: str) -> bool:
    """Tell whether a reader would see anything."""
    return any(unicodedata.category(c) not in _UNSEEN and c not in _BLANK for c in text)


def clean(text: str) -> str:
    """Return the text without control characters, overrides of the writing direction and spaces around it."""
    return "".join(c for c in text.replace("\r\n", "\n") if not _is_trick(c)).strip()


def visible(text: str) -> str:
    """Return the cleaned text. Raises when nothing is left that could be read."""
    cleaned = clean(text)
    if not is_visible(cleaned):
        raise refusal("不能为空")
    return cleaned


def _blank_is_none(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


CLEAN, VISIBLE = AfterValidator(clean), AfterValidator(visible)
BLANK_IS_NONE = BeforeValidator(_blank_is_none)

Words = Annotated[str, StringConstraints(max_length=2000), VISIBLE]
"""Something said, up to 2000 characters."""
Name = Annotated[str, StringConstraints(max_length=64), VISIBLE]
"""A short text: a name, a place, a topic."""
MaybeWords = Annotated[Words | None, BLANK_IS_NONE]
MaybeName = Annotated[Name | None, BLANK_IS_NONE]

House = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[0-9]{1,4}$")]
"""A building or unit: digits."""
Storey = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^([0-9]{1,3}|B[0-9])$")]
"""A floor: digits, or B and a digit for a basement."""
Door = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[0-9]{1,8}$")]
"""A room: digits."""
MaybeHouse = Annotated[House | None, BLANK_IS_NONE]
MaybeStorey = Annotated[Storey | None, BLANK_IS_NONE]
MaybeDoor = Annotated[Door | None, BLANK_IS_NONE]

RowId = Annotated[int, Strict(), Field(ge=1, le=LARGEST_ID)]
"""The id of a row in a body: a JSON number, not true and not a text."""
Count = Annotated[int, Strict(), Field(ge=0, le=LARGEST_COUNT)]
SoughtId = Annotated[int, Field(ge=1, le=LARGEST_ID)]
"""The id of a row in a query."""


def sought(text: str | None) -> str | None:
    """Return what to search for; what no stored text can contain stays in it, so that it finds nothing."""
    if text is None:
        return None
    return "".join(UNSEARCHABLE if _is_trick(c) else c for c in text).strip() or None


Sought = Annotated[str | None, Query(max_length=64), AfterValidator(sought)]
"""``q`` of a list."""


class OneOf:
    """``Annotated[str, OneOf(TABLE)]``: one of the keys of a table."""

    def __init__(self, options: Iterable[str]) -> None:
        self._options = tuple(options)

    def _check(self, value: str) -> str:
        if value not in self._options:
            raise refusal("不在可选范围内")
        return value

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        """Check after the type."""
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(self, schema: core_schema.CoreSchema, handler: Any) -> dict[str, Any]:
        """Show the options."""
        return {"type": "string", "enum": list(self._options)}


def _written_moment(value: Any) -> Any:
    if not isinstance(value, datetime) and not (isinstance(value, str) and _DAY.match(value)):
        raise refusal("时间格式不对，例如 2026-11-28T09:00:00+08:00")
    return value


def _soon(value: datetime) -> datetime:
    now = clock.now()
    if abs(value.year - now.year) > 2:  # the ends of the calendar cannot be reckoned with
        raise refusal("时间太远了，请写一年以内的时间" if value.year > now.year else "时间已经过了")
    if value < now - LATE_BY:
        raise refusal("时间已经过了")
    if value > now + AHEAD_AT_MOST:
        raise refusal("时间太远了，请写一年以内的时间")
    return value


def _known_day(value: date) -> date:
    if not FIRST_DAY <= value <= LAST_DAY:
        raise refusal(f"日期要在 {FIRST_DAY.year} 年到 {LAST_DAY.year} 年之间")
    return value


def _known_moment(value: datetime) -> datetime:
    if not _FIRST_MOMENT <= value <= _LAST_MOMENT:
        raise refusal(f"时间要在 {FIRST_DAY.year} 年到 {LAST_DAY.year} 年之间")
    return value


_FIRST_MOMENT = datetime.combine(FIRST_DAY, time.min, clock.SHANGHAI)
_LAST_MOMENT = datetime.combine(LAST_DAY, time.max, clock.SHANGHAI)

Day = Annotated[date, AfterValidator(_known_day)]
"""A calendar day of the estate."""
PhoneMoment = Annotated[AwareDatetime, BeforeValidator(_written_moment)]
"""A moment by the clock of a phone, which may be wrong: whoever uses it looks whether it can be."""
Moment = Annotated[PhoneMoment, AfterValidator(_known_moment)]
"""A moment with a zone, written as a text."""
SoonMoment = Annotated[AwareDatetime, BeforeValidator(_written_moment), AfterValidator(_soon)]
"""A moment with a zone, not past and at most a year ahead, written as a text."""


LARGEST_QUANTITY = 100_000
PLAIN_NUMBER = re.compile(r"-?(?:[0-9]{1,20}(?:\.[0-9]{0,20})?|\.[0-9]{1,20})")
"""A decimal as people write it. Python also reads 1_0, 1e1 and the digits of every script."""

Real = Annotated[float, Strict(), Field(allow_inf_nan=False)]
"""A JSON number, not true and not a text."""
LARGEST_READING = 1e9
Reading = Annotated[Real, Field(ge=-LARGEST_READING, le=LARGEST_READING)]
"""What a gauge or a meter shows."""


def _number(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise refusal("要写数字")
    if isinstance(value, str) and not PLAIN_NUMBER.fullmatch(value):
        raise refusal("要写数字")
    return value


def _counted(value: Decimal) -> Decimal:
    if not value.is_finite() or value < 0:
        raise refusal("不能小于零")
    if value > LARGEST_QUANTITY:
        raise refusal("太大了")
    if value * 1000 != (value * 1000).to_integral_value():
        raise refusal("最多三位小数")
    return value


def _some(value: Decimal) -> Decimal:
    if value <= 0:
        raise refusal("要大于零")
    return value


Counted = Annotated[Decimal, BeforeValidator(_number), AfterValidator(_counted)]
"""What was counted: zero or more."""
Quantity = Annotated[Counted, AfterValidator(_some)]
"""What is moved: more than zero."""
CODE_PATTERN = r"^[.]{0,31}[A-Za-z0-9_-][A-Za-z0-9._-]{0,31}$"
"""Letters, digits, dash, underscore and dot; dots alone would be another address."""
Code = Annotated[str, StringConstraints(strip_whitespace=True, to_upper=True, max_length=32, pattern=CODE_PATTERN)]
"""A code on a label or in a list: letters and digits, in capitals."""
