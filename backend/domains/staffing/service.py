"""Finding people of one's estates."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from backend.domains.identity import service as identity
from backend.kit.auth import STAFF_ROLES, Role
from backend.kit.paging import Page, page_of

BATCH = 200


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for. Empty fields do not filter."""

    q: str | None = None
    role: Role | None = None
    community_id: int | None = None


def search(session: Session, wanted: Wanted, after_id: int | None, limit: int) -> Page[identity.PersonView]:
    """Return a page of people, in the order of their ids."""
    found: list[identity.PersonView] = []
    for person in _all(session, wanted, after_id):
        if wanted.community_id is None or belongs(person, wanted.community_id):
            found.append(person)
        if len(found) > limit:
            break
    return page_of(found, limit, lambda p: p.id)


def _all(session: Session, wanted: Wanted, after_id: int | None) -> Iterator[identity.PersonView]:
    roles = [wanted.role] if wanted.role else []
    while batch := identity.search(session, wanted.q, roles, after_id, BATCH):
        yield from batch
        after_id = batch[-1].id


def is_company_wide(person: identity.PersonView) -> bool:
    """Tell whether somebody works for the company rather than for one estate."""
    return not person.community_ids and any(role in STAFF_ROLES for role in person.roles)


def belongs(person: identity.PersonView, community_id: int) -> bool:
    """Tell whether somebody lives in or works for an estate."""
    return community_id in person.community_ids or is_company_wide(person)
