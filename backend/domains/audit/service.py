"""Reading the audit log."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from backend.domains.audit import naming, repository
from backend.domains.audit.domain import ACTIONS, ENTITIES, keys_called
from backend.domains.audit.repository import Wanted
from backend.domains.conversations import service as conversations
from backend.domains.equipment import service as equipment
from backend.domains.identity import service as identity
from backend.domains.workorders import service as workorders
from backend.kit.audit import AuditLine
from backend.kit.paging import Page, page_of

NAMED_AT_MOST = 50


@dataclass(frozen=True, slots=True)
class Entry:
    """A line with what it is about in words, and the names of the ids in it (column → id → name)."""

    line: AuditLine
    subject: str | None
    names: dict[str, dict[str, str]]


def search(session: Session, q: str | None, before_id: int | None, limit: int) -> Page[Entry]:
    """Return a page of the lines of the reader's estates, newest first."""
    rows = repository.search(session, _wanted(session, q) if q else None, before_id, limit + 1)
    page = page_of(rows, limit, lambda line: line.id)
    talks = conversations.people_of(session, [x.entity_id for x in page.items if x.entity == "conversations"])
    names = naming.names_in(session, page.items, talks)
    entries = [Entry(x, naming.subject(x, names, talks), naming.pointed_at(x, names)) for x in page.items]
    return Page(entries, page.next)


def _wanted(session: Session, q: str) -> Wanted:
    people = [p.id for p in identity.search(session, q, [], None, NAMED_AT_MOST)]
    named = {
        "work_orders": [str(i) for i in workorders.ids_numbered(session, q, NAMED_AT_MOST)],
        "assets": [str(a.id) for a in equipment.search(session, q, None, None, NAMED_AT_MOST)],
        "people": [str(i) for i in people],
        "conversations": conversations.ids_of(session, people),
    }
    return Wanted(
        q,
        tuple(keys_called(ENTITIES, q)),
        tuple(keys_called(ACTIONS, q)),
        tuple((entity, tuple(ids)) for entity, ids in named.items() if ids),
    )
