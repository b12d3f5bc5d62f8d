"""Names for the ids in the log: one look-up a kind for a whole page."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from sqlalchemy.orm import Session

from backend.domains.audit.domain import (
    ASSET,
    COMMUNITY,
    ORDER,
    PERSON,
    POINTS_TO,
    ROOM,
    SUBJECT_OF,
    ids_in,
)
from backend.domains.equipment import service as equipment
from backend.domains.estate import service as estate
from backend.domains.identity import service as identity
from backend.domains.workorders import service as workorders
from backend.kit.audit import AuditLine
from backend.kit.scope import system_scope

Names = dict[tuple[str, int], str]


def _people(session: Session, ids: Sequence[int]) -> dict[int, str]:
    return {i: p.name for i, p in identity.views(session, ids).items()}


def _assets(session: Session, ids: Sequence[int]) -> dict[int, str]:
    return {i: a.name for i, a in equipment.views(session, ids).items()}


def _rooms(session: Session, ids: Sequence[int]) -> dict[int, str]:
    return {r.id: r.label for r in estate.rooms(session, ids)}


def _communities(session: Session, ids: Sequence[int]) -> dict[int, str]:
    return {c.id: c.name for c in estate.communities(session) if c.id in ids}


_LOOK_UP: Mapping[str, Callable[[Session, Sequence[int]], dict[int, str]]] = {
    PERSON: _people,
    ASSET: _assets,
    ROOM: _rooms,
    ORDER: workorders.numbers,
    COMMUNITY: _communities,
}


def names_in(session: Session, lines: Iterable[AuditLine], conversations: Mapping[str, int]) -> Names:
    """Return the names of everything the lines are about or point to, for a reader of these lines."""
    wanted: dict[str, set[int]] = {kind: set() for kind in _LOOK_UP}
    for line in lines:
        for kind, row_id in (*ids_in(line.before), *ids_in(line.after), *_own(line)):
            wanted[kind].add(row_id)
    wanted[PERSON].update(conversations.values())
    with system_scope(session):
        return {
            (kind, row_id): name
            for kind, ids in wanted.items()
            if ids
            for row_id, name in _LOOK_UP[kind](session, sorted(ids)).items()
        }


def _own(line: AuditLine) -> list[tuple[str, int]]:
    kind = SUBJECT_OF.get(line.entity)
    return [(kind, int(line.entity_id))] if kind and line.entity_id.isdigit() else []


def subject(line: AuditLine, names: Names, conversations: Mapping[str, int]) -> str | None:
    """Return what a line is about in words: an order's number, somebody's name; None when nothing names it."""
    keys = [*_own(line)]
    if line.entity_id in conversations:
        keys.append((PERSON, conversations[line.entity_id]))
    keys += [*ids_in(line.after), *ids_in(line.before)]
    return next((names[key] for key in keys if key in names), None)


def pointed_at(line: AuditLine, names: Names) -> dict[str, dict[str, str]]:
    """Return the names of the ids in the changed columns: column → id → name."""
    found: dict[str, dict[str, str]] = {}
    for row in (line.before or {}, line.after or {}):
        for column, kind in POINTS_TO.items():
            value = row.get(column)
            if isinstance(value, int) and (kind, value) in names:
                found.setdefault(column, {})[str(value)] = names[(kind, value)]
    return found
