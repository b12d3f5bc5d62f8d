"""What a transaction keeps of what it has read, and when it reads again."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from backend.domains.clocks.models import CalendarDay
from backend.domains.identity.models import Person
from backend.kit import db
from backend.kit.memo import remembered
from backend.kit.scope import bind, system_scope
from tests.backend.conftest import sqlite_only
from tests.backend.support import World

pytestmark = sqlite_only

DAY = date(2001, 5, 1)


def holidays(session: Session) -> list[date]:
    """A question that a rule would ask many times."""
    query = select(CalendarDay.date).where(CalendarDay.date < date(2002, 1, 1)).order_by(CalendarDay.date)
    return remembered(session, (CalendarDay,), "holidays of the past", lambda: list(session.scalars(query)))


def _row(day: date = DAY) -> CalendarDay:
    return CalendarDay(date=day, kind="holiday", name="劳动节", source="test")


class TestRemembers:
    def test_it_asks_once(self, world: World) -> None:
        asked: list[int] = []
        with db.transaction(read_only=True) as session, system_scope(session):
            for _ in range(3):
                assert remembered(session, (CalendarDay,), "once", lambda: asked.append(1)) is None
        assert asked == [1]

    def test_nothing_outlives_the_transaction(self, world: World) -> None:
        asked: list[int] = []
        session = db.open_session(read_only=True)
        for _ in range(2):
            remembered(session, (), "each time", lambda: asked.append(1))
            session.rollback()
        session.close()
        assert asked == [1, 1]

    def test_what_is_put_into_the_session_counts_before_it_is_written(self, world: World) -> None:
        session = db.open_session()
        with system_scope(session):
            before = holidays(session)
            session.add(_row())
            assert holidays(session) == [*before, DAY]
        session.rollback()
        session.close()

    @pytest.mark.parametrize(
        ("statement", "left"),
        [
            (lambda: insert(CalendarDay).values(date=date(2001, 5, 2), kind="holiday", name="", source="test"), 2),
            (lambda: delete(CalendarDay).where(CalendarDay.date == DAY), 0),
            (lambda: update(CalendarDay).where(CalendarDay.date == DAY).values(date=date(2003, 1, 1)), 0),
        ],
    )
    def test_a_statement_counts(self, world: World, statement: Callable[[], object], left: int) -> None:
        session = db.open_session()
        with system_scope(session):
            session.add(_row())
            assert holidays(session) == [DAY]
            session.execute(statement())  # type: ignore[call-overload]
            assert len(holidays(session)) == left
        session.rollback()
        session.close()

    @pytest.mark.parametrize("lock", [True, False])
    def test_after_a_lock_it_asks_again(self, world: World, lock: bool) -> None:
        asked: list[int] = []
        with db.transaction(read_only=True) as session, system_scope(session):
            remembered(session, (), "locked", lambda: asked.append(1))
            query = select(Person).where(Person.id == world.zhangwei.id)
            person = session.scalars(query.with_for_update() if lock else query).one()
            remembered(session, (), "locked", lambda: asked.append(1))
            assert len(asked) == (2 if lock else 1)
            session.refresh(person)
            remembered(session, (), "locked", lambda: asked.append(1))
            assert len(asked) == (3 if lock else 2)

    def test_a_part_that_is_undone_takes_what_it_kept_with_it(self, world: World) -> None:
        session = db.open_session()
        with system_scope(session):
            before = holidays(session)
            part = session.begin_nested()
            session.add(_row())
            assert holidays(session) != before
            part.rollback()
            assert holidays(session) == before
        session.rollback()
        session.close()

    def test_two_people_never_share_an_answer(self, world: World) -> None:
        with db.transaction(read_only=True) as session:
            seen = []
            for who in (world.zhangwei, world.wangfang):
                bind(session, who.principal)
                seen.append(remembered(session, (), "whose", lambda who=who: who.id))  # type: ignore[misc]
            with system_scope(session):
                seen.append(remembered(session, (), "whose", lambda: 0))
        assert seen == [world.zhangwei.id, world.wangfang.id, 0]
