"""Estate limits, in the one place that no domain can forget.

Every table is ``Scoped`` (it says who may read a row) or ``Open`` (it says why nobody needs to ask). Each ORM statement
of a session gets the criteria of *all* scoped tables for the session's principal; a session with no principal refuses
scoped tables altogether, unless system work says so with ``system_scope``. Writes are checked at flush: a row of an
estate outside the principal's is refused. ``tests/architecture`` fails for a table that is neither.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, ForeignKey, event, false, or_
from sqlalchemy.orm import (
    Mapped,
    ORMExecuteState,
    Session,
    UOWTransaction,
    mapped_column,
    with_loader_criteria,
)

from backend.kit.auth import Principal
from backend.kit.db import Base, BigId
from backend.kit.problems import Forbidden

_PRINCIPAL, _OPTIONS, _SYSTEM = "principal", "scope_options", "system_scope"


class Scoped:
    """A table whose rows belong to somebody."""

    @classmethod
    def readable_by(cls, who: Principal) -> ColumnElement[bool]:
        """Return the condition under which ``who`` may read a row."""
        raise NotImplementedError

    def writable_by(self, who: Principal) -> bool:
        """Tell whether ``who`` may write this row at all (finer rules belong to the service)."""
        raise NotImplementedError


class EstateScoped(Scoped):
    """A table whose rows belong to one estate. Staff read their estates; everybody what ``resident_rule`` allows."""

    community_id: Mapped[int] = mapped_column(BigId, ForeignKey("communities.id"), index=True)

    @classmethod
    def readable_by(cls, who: Principal) -> ColumnElement[bool]:
        """Return the condition under which ``who`` may read a row."""
        own = cls.community_id.in_(who.community_ids) & cls.resident_rule(who)
        return or_(cls.staff_rule(who), own) if who.is_staff else own

    @classmethod
    def staff_rule(cls, who: Principal) -> ColumnElement[bool]:
        """Return what staff may read: everything of their estates, unless a table is stricter."""
        return cls.community_id.in_(who.staff_community_ids)

    @classmethod
    def resident_rule(cls, who: Principal) -> ColumnElement[bool]:
        """Return what residents may read: nothing, unless a table says otherwise."""
        return false()

    def writable_by(self, who: Principal) -> bool:
        """Only rows of an estate the person belongs to."""
        return self.community_id in who.community_ids


class Open:
    """A table without anybody's data; ``why_open`` says why."""

    why_open: ClassVar[str]


def _subclasses(cls: type[Any]) -> Iterator[type[Any]]:
    subclasses: list[type[Any]] = cls.__subclasses__()
    for sub in subclasses:
        yield sub
        yield from _subclasses(sub)


def scoped_tables() -> list[type[Any]]:
    """Return every mapped class that is Scoped."""
    return [c for c in dict.fromkeys(_subclasses(Scoped)) if issubclass(c, Base)]


class ScopeMissing(RuntimeError):
    """A bug: a scoped table was used before it was known who asks."""


def bind(session: Session, who: Principal) -> None:
    """Limit the session to what ``who`` may see."""
    session.info[_PRINCIPAL] = who
    session.info[_OPTIONS] = [
        with_loader_criteria(cls, cls.readable_by(who), include_aliases=True) for cls in scoped_tables()
    ]


def principal_of(session: Session) -> Principal | None:
    """Return whom the session is bound to; None for system work."""
    return session.info.get(_PRINCIPAL)


@contextmanager
def system_scope(session: Session) -> Iterator[None]:
    """Lift the limits inside the block, for work that is nobody's request: log-in, clocks, delivery, notices."""
    depth = session.info.get(_SYSTEM, 0)
    session.info[_SYSTEM] = depth + 1
    try:
        yield
        session.flush()
    finally:
        session.info[_SYSTEM] = depth


@event.listens_for(Session, "do_orm_execute")
def _limit(state: ORMExecuteState) -> None:
    info = state.session.info
    if info.get(_SYSTEM) or state.is_column_load:
        return
    options = info.get(_OPTIONS)
    if options is None:
        if any(issubclass(m.class_, Scoped) for m in state.all_mappers):
            raise ScopeMissing(str(state.statement)[:200])
        return
    state.statement = state.statement.options(*options)


@event.listens_for(Session, "before_flush")
def _check_writes(session: Session, _context: UOWTransaction, _instances: Any) -> None:
    if session.info.get(_SYSTEM):
        return
    who = principal_of(session)
    for row in (*session.new, *session.dirty, *session.deleted):
        if isinstance(row, Scoped):
            if who is None:
                raise ScopeMissing(type(row).__name__)
            if not row.writable_by(who):
                raise Forbidden()
