"""The days off of the years that the library ``chinese_calendar`` knows, from the State Council's yearly notices."""

from collections.abc import Iterator

from chinese_calendar import constants

from backend.domains.clocks.business import DayKind
from backend.domains.clocks.domain import Day

SOURCE = "国务院办公厅放假安排（chinese_calendar）"


def years() -> list[int]:
    """Return the years the library knows."""
    return sorted({day.year for day in constants.holidays})


def days(year: int) -> Iterator[Day]:
    """Yield the special days of a year."""
    names = {h.value: h.chinese for h in constants.Holiday}
    for day, name in sorted(constants.holidays.items()):
        if day.year == year:
            kind = DayKind.REST if day in constants.in_lieu_days else DayKind.FESTIVAL
            yield Day(day, kind, SOURCE, names.get(name))
    for day, name in sorted(constants.workdays.items()):
        if day.year == year:
            yield Day(day, DayKind.WORK, SOURCE, f"{names.get(name, name)}调休")
