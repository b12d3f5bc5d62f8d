"""Estate limits, in the one place that no domain can forget.

Every table is ``Scoped`` (it says who may read a row) or ``Open`` (it says why nobody needs to ask). Each ORM statement
of a session gets the criteria of all scoped tables in it for the session's principal; a session with no principal
refuses scoped tables altogether, unless system work says so with ``system_scope``. Writes are checked at flush: a row of
an estate outside the principal's is refused. ``tests/architecture`` fails for a table that is neither.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, ForeignKey, Table, event, false, or_
from sqlalchemy.orm import (
    Mapped,
    ORMExecuteState,
    Session,
    UOWTransaction,
    mapped_column,
    with_loader_criteria,
)
from sqlalchemy.sql.visitors import ExternallyTraversible

from backend.kit.auth import Principal
from backend.kit.db import Base, BigId
from backend.kit.problems import Forbidden

_PRINCIPAL, _RULES, _SYSTEM = "principal", "scope_rules", "system_scope"


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
    session.info[_RULES] = {}


def principal_of(session: Session) -> Principal | None:
    """Return whom the session is bound to; None for system work."""
    return session.info.get(_PRINCIPAL)


def as_system(session: Session) -> bool:
    """Tell whether the session is inside ``system_scope``."""
    return bool(session.info.get(_SYSTEM))


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


@lru_cache(maxsize=2)
def _scoped_by_table(_tables: int) -> dict[Table, type[Any]]:
    return {cls.__table__: cls for cls in scoped_tables()}


def _scoped_in(statement: Any) -> list[type[Any]]:
    """Return the scoped classes whose tables are anywhere in a statement: in its subqueries, joins and conditions too."""
    known = _scoped_by_table(len(Base.metadata.tables))
    found: dict[type[Any], None] = {}
    seen: dict[int, Any] = {}
    waiting = [statement]
    while waiting:
        part = waiting.pop()
        if id(part) in seen:
            continue
        seen[id(part)] = part  # kept, so that no other part gets its id
        if isinstance(part, Table):
            scoped = known.get(part)
            if scoped is not None:
                found[scoped] = None
            continue
        table = getattr(part, "table", None)
        if table is not None:
            waiting.append(table)
        if isinstance(part, ExternallyTraversible):
            waiting.extend(part.get_children())
    return list(found)


@dataclass(frozen=True, slots=True)
class _Rule:
    """The criteria of a table for somebody, and the scoped tables that these criteria read themselves."""

    option: Any
    others: list[type[Any]]


def _rule(session: Session, cls: type[Any]) -> _Rule:
    """Return the rule of a table for the session's principal; made when it is first needed."""
    rules: dict[type[Any], _Rule] = session.info[_RULES]
    if cls not in rules:
        criteria = cls.readable_by(session.info[_PRINCIPAL])
        others = [other for other in _scoped_in(criteria) if other is not cls]
        rules[cls] = _Rule(with_loader_criteria(cls, criteria, include_aliases=True), others)
    return rules[cls]


@event.listens_for(Session, "do_orm_execute")
def _limit(state: ORMExecuteState) -> None:
    info = state.session.info
    if info.get(_SYSTEM) or state.is_column_load:
        return
    rules = info.get(_RULES)
    if rules is None:
        if any(issubclass(m.class_, Scoped) for m in state.all_mappers):
            raise ScopeMissing(str(state.statement)[:200])
        return
    needed = dict.fromkeys(_scoped_in(state.statement))
    needed |= {m.class_: None for m in state.all_mappers if issubclass(m.class_, Scoped)}
    waiting = list(needed)
    while waiting:
        rule = _rule(state.session, waiting.pop())
        waiting += (cls for cls in rule.others if cls not in needed)
        needed |= dict.fromkeys(rule.others)
    state.statement = state.statement.options(*(rules[cls].option for cls in needed))


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
