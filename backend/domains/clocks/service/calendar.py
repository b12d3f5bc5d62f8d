"""The calendar and the business hours of estates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backend.domains.clocks import known_years, repository
from backend.domains.clocks.business import Calendar, DayKind, Hours
from backend.domains.clocks.domain import DEFAULT_HOURS, MISSING_YEAR, Day
from backend.domains.clocks.errors import CompanyWide
from backend.domains.clocks.models import CalendarDay, ClockHours
from backend.kit import clock
from backend.kit.auth import Principal
from backend.kit.memo import remembered
from backend.kit.problems import InvalidInput
from backend.kit.scope import system_scope

YEARS_AROUND = 1
"""Years before and after this one that a calendar holds."""


@dataclass(frozen=True, slots=True)
class Year:
    """The special days of a year; with a warning when it has none yet and only weekdays are known."""

    year: int
    days: list[Day]
    warning: str | None


def seed(session: Session) -> int:
    """Add the years that the library knows and the table does not. Returns how many days. System work."""
    known = repository.known_years(session)
    added = 0
    for year in known_years.years():
        if year in known:
            continue
        rows = [
            {"date": d.date, "kind": d.kind.value, "name": d.name, "source": d.source} for d in known_years.days(year)
        ]
        try:
            with session.begin_nested():
                session.execute(insert(CalendarDay), rows)
            added += len(rows)
        except IntegrityError:  # another process starts at the same moment
            continue
    return added


def year(session: Session, wanted: int) -> Year:
    """Return the special days of a year."""
    rows = repository.calendar_days(session, date(wanted, 1, 1), date(wanted + 1, 1, 1))
    days = [Day(r.date, DayKind(r.kind), r.source, r.name) for r in rows]
    return Year(wanted, days, None if days else MISSING_YEAR.format(year=wanted))


def put_year(session: Session, wanted: int, days: Sequence[Day], who: Principal) -> Year:
    """Put the special days of a year in place of those that are there. Raises CompanyWide, InvalidInput."""
    if "clocks.company" not in who.permissions:
        raise CompanyWide()
    strange = [d for d in days if d.date.year != wanted]
    if strange or len({d.date for d in days}) != len(days):
        why = f"{strange[0].date} 不在 {wanted} 年" if strange else "同一天写了两次"
        raise InvalidInput(f"{why}，请检查。", errors=[{"field": "days", "message": why}])
    given = {d.date: d for d in days}
    for row in repository.calendar_days(session, date(wanted, 1, 1), date(wanted + 1, 1, 1)):
        new = given.pop(row.date, None)
        if new is None:
            session.delete(row)
        else:
            row.kind, row.name, row.source = new.kind, new.name, new.source
    session.add_all(CalendarDay(date=d.date, kind=d.kind, name=d.name, source=d.source) for d in given.values())
    session.flush()
    return year(session, wanted)


def hours(session: Session, community_id: int) -> Hours:
    """Return the business hours of an estate, whoever asks."""
    with system_scope(session):
        row = repository.hours_of(session, community_id)
    return Hours(row.opens_min, row.closes_min) if row else DEFAULT_HOURS


def put_hours(session: Session, community_id: int, wanted: Hours) -> Hours:
    """Change the business hours of an estate. Raises InvalidInput."""
    if not 0 <= wanted.opens < wanted.closes <= 24 * 60:
        why = "下班时间要晚于上班时间"
        raise InvalidInput(f"{why}。", errors=[{"field": "closes", "message": why}])
    row = repository.hours_of(session, community_id)
    if row is None:
        row = ClockHours(community_id=community_id, opens_min=wanted.opens, closes_min=wanted.closes)
        session.add(row)
    row.opens_min, row.closes_min = wanted.opens, wanted.closes
    session.flush()
    return wanted


def calendars(session: Session, community_ids: Sequence[int]) -> dict[int, Calendar]:
    """Return when estates work, around this year. System work."""
    now = clock.local_day(clock.now()).year
    rows = repository.calendar_days(session, date(now - YEARS_AROUND, 1, 1), date(now + YEARS_AROUND + 1, 1, 1))
    kinds = {r.date: DayKind(r.kind) for r in rows}
    own = {h.community_id: Hours(h.opens_min, h.closes_min) for h in repository.all_hours(session)}
    return {i: Calendar(own.get(i, DEFAULT_HOURS), kinds) for i in community_ids}


def calendar_of(session: Session, community_id: int) -> Calendar:
    """Return when an estate works, whoever asks."""

    def read() -> Calendar:
        return calendars(session, [community_id])[community_id]

    with system_scope(session):
        return remembered(session, (CalendarDay, ClockHours), ("calendar", community_id), read)
