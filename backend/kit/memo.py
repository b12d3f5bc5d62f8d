"""What a transaction has read once and asks for again: kept in the session until it may have changed.

A rule of an estate, its calendar or an order's followers are needed at a dozen places of one request, each of which
should be able to ask without knowing the others. An entry goes when its tables are written through this session. All go
when a row is locked, changed by a statement or read anew, because others may have written before it was to be had, and
with the transaction. Entries of system work and of each principal are apart: they may read different rows.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction, UOWTransaction

from backend.kit.scope import as_system, principal_of

Made = TypeVar("Made")
_MEMO = "memo"


@dataclass(frozen=True, slots=True)
class _Entry:
    value: Any
    tables: tuple[type[Any], ...]


def remembered(session: Session, tables: tuple[type[Any], ...], key: Hashable, make: Callable[[], Made]) -> Made:
    """Return what ``make`` returned for ``key`` before, as long as none of ``tables`` was written since.

    The value is shared: nobody may change it.
    """
    if session.autoflush and (session.new or session.dirty or session.deleted):
        session.flush()  # as a query would
    who = principal_of(session)
    kept: dict[Hashable, _Entry] = session.info.setdefault(_MEMO, {})
    place = (tables, key, "system" if as_system(session) or who is None else who.person_id)
    found = kept.get(place)
    if found is None:
        found = _Entry(make(), tables)
        session.info.setdefault(_MEMO, {})[place] = found
    value: Made = found.value
    return value


def _forget(session: Session) -> None:
    session.info.pop(_MEMO, None)


def _forget_of(session: Session, written: set[type[Any]]) -> None:
    kept: dict[Hashable, _Entry] = session.info.get(_MEMO, {})
    for place in [place for place, entry in kept.items() if not written.isdisjoint(entry.tables)]:
        del kept[place]


@event.listens_for(Session, "before_flush")
def _forget_written(session: Session, _context: UOWTransaction, _instances: Any) -> None:
    _forget_of(session, {type(row) for row in (*session.new, *session.dirty, *session.deleted)})


@event.listens_for(Session, "do_orm_execute")
def _forget_after(state: ORMExecuteState) -> None:
    statement: Any = state.statement
    if state.is_insert and statement._post_values_clause is None:  # no ON CONFLICT, so it changes no other row
        _forget_of(state.session, {mapper.class_ for mapper in state.all_mappers})
    elif not state.is_select or state.is_column_load or statement._for_update_arg is not None:
        _forget(state.session)


@event.listens_for(Session, "after_transaction_end")
def _forget_at_end(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None or transaction.nested:  # a flush has one, too
        _forget(session)
