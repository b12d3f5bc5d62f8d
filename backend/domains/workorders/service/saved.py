"""Saved filters: lists that somebody wants back by a name."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from backend.domains.identity import service as identity
from backend.domains.workorders import repository_kept
from backend.domains.workorders.models_lists import SavedFilter
from backend.kit import clock
from backend.kit.auth import Principal
from backend.kit.problems import Conflict, NotFound

AT_MOST = 50


@dataclass(frozen=True, slots=True)
class Saved:
    """A saved filter as somebody sees it: their own, or shared by a colleague."""

    id: int
    name: str
    query: dict[str, list[str]]
    own: bool
    shared: bool
    by: str


def saved(session: Session, who: Principal) -> list[Saved]:
    """Return one's own filters and those that colleagues share, by name."""
    rows = repository_kept.filters(session)
    names = identity.names(session, sorted({row.person_id for row in rows}))
    return [_view(row, who, names.get(row.person_id, "")) for row in rows]


def save(session: Session, name: str, query: dict[str, list[str]], shared_in: int | None, who: Principal) -> Saved:
    """Keep a filter; one's own of the same name is replaced. ``shared_in`` is the estate whose desk sees it as well."""
    row = repository_kept.filter_named(session, who.person_id, name)
    if row is None:
        if repository_kept.filters_of(session, who.person_id) >= AT_MOST:
            raise Conflict(f"最多保存 {AT_MOST} 个，请先删掉不用的。")
        row = SavedFilter(person_id=who.person_id, name=name, created_at=clock.now())
        session.add(row)
    row.query, row.community_id = query, shared_in
    session.flush()
    return _view(row, who, who.name)


def forget(session: Session, filter_id: int, who: Principal) -> None:
    """Drop one of one's own filters. Raises NotFound."""
    row = repository_kept.own_filter(session, who.person_id, filter_id)
    if row is None:
        raise NotFound()
    session.delete(row)


def _view(row: SavedFilter, who: Principal, by: str) -> Saved:
    return Saved(row.id, row.name, row.query, row.person_id == who.person_id, row.community_id is not None, by)
