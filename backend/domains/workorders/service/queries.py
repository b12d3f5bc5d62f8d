"""Read orders: lists, one order, counts, and the orders on which a person may make a move."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from backend.domains.identity import service as identity
from backend.domains.media import service as media
from backend.domains.workorders import repository, repository_again
from backend.domains.workorders.domain import OPEN, OrderView, Status, TimelineEntry
from backend.domains.workorders.finding import NUMBER, names_somebody
from backend.domains.workorders.models import WorkOrder
from backend.domains.workorders.repository import Filter
from backend.domains.workorders.service import origin
from backend.domains.workorders.service.moves import get
from backend.domains.workorders.service.views import timeline, views
from backend.kit import clock
from backend.kit.auth import Principal, Role
from backend.kit.paging import Page, page_of
from backend.kit.scope import system_scope

CANDIDATES = 50
NAMED_AT_MOST = 100
HELD_LOOKED_AT = 200


@dataclass(frozen=True, slots=True)
class OrderWithHistory:
    """An order and its history. ``conversation_id``: where it was reported, if the viewer may read that."""

    order: OrderView
    timeline: list[TimelineEntry]
    conversation_id: str | None = None


def one(session: Session, number: str, who: Principal) -> OrderWithHistory:
    """Return an order with its history. Raises NoSuchOrder."""
    return shown(session, get(session, number), who)


def shown(session: Session, order: WorkOrder, who: Principal) -> OrderWithHistory:
    """Return an order that is at hand, with its history."""
    with system_scope(session):
        lines = timeline(session, order, who)
    return OrderWithHistory(views(session, [order], who)[0], lines, origin.conversation_of(session, order))


def search(session: Session, filter_: Filter, who: Principal, before_id: int | None, limit: int) -> Page[OrderView]:
    """Return a page of orders, newest first."""
    rows = repository.search(session, with_people(session, filter_), before_id, limit + 1)
    page = page_of(rows, limit, lambda o: o.id)
    return Page(views(session, page.items, who), page.next)


def count(session: Session, filter_: Filter) -> int:
    """Count the orders of a filter."""
    return repository.count(session, with_people(session, filter_))


def numbers(session: Session, ids: Sequence[int]) -> dict[int, str]:
    """Return the numbers of orders by id."""
    return repository.numbers(session, ids)


def ids_numbered(session: Session, part: str, limit: int) -> list[int]:
    """Return the orders whose number contains this part; none for words without a digit."""
    return list(repository.ids_numbered(session, part, limit)) if any(c.isdigit() for c in part) else []


def with_people(session: Session, filter_: Filter) -> Filter:
    """Let a phone number, a username or a home also find the orders of the people they name (names stand in the words)."""
    if not filter_.q or filter_.named or NUMBER.fullmatch(filter_.q.upper()) or not names_somebody(filter_.q):
        return filter_
    found = identity.search(session, filter_.q, [], None, NAMED_AT_MOST)
    return replace(filter_, named=tuple(p.id for p in found))


def movable(session: Session, to: Status, who: Principal, mine: bool) -> list[OrderView]:
    """Return the recent orders that ``who`` may move to ``to``, newest first."""
    rows: Sequence[WorkOrder] = repository.search(session, _mine(who) if mine else Filter(), None, CANDIDATES)
    return [v for v in views(session, rows, who) if any(m.to == to for m in v.allowed)]


def _mine(who: Principal) -> Filter:
    if "technician" in who.roles:
        return Filter(technician_id=who.person_id)
    return Filter(concerns_id=who.person_id)


def mine_open(who: Principal) -> Filter:
    """Return the filter of a person's own open orders: those they hold, or those they reported, first or later."""
    own = _mine(who)
    return Filter(statuses=tuple(OPEN), technician_id=own.technician_id, concerns_id=own.concerns_id)


def late(session: Session, who: Principal, limit: int) -> list[OrderView]:
    """Return orders whose promised arrival has passed without anybody there."""
    rows = repository.search(session, Filter(late_at=clock.now()), None, limit)
    return views(session, rows, who)


def open_reported_by(session: Session, person_id: int) -> int:
    """Count the open orders a person reported, whoever asks."""
    with system_scope(session):
        return repository.open_reported_by(session, person_id)


def load_by_technician(session: Session, community_ids: Sequence[int]) -> dict[int, int]:
    """Return how many orders each technician of the estates has in hand."""
    with system_scope(session):
        total: dict[int, int] = {}
        for community_id in community_ids:
            for person, n in repository.load_by_technician(session, community_id).items():
                total[person] = total.get(person, 0) + n
        return total


def holds_picture(session: Session, media_id: str, who: Principal) -> bool:
    """Tell whether a picture belongs to an order that ``who`` holds as a technician."""
    if Role.TECHNICIAN not in who.roles:
        return False
    held = repository.search(session, Filter(technician_id=who.person_id), None, HELD_LOOKED_AT)
    if any(media_id in order.attachments for order in held):
        return True
    with system_scope(session):
        said = repository_again.words(session, [order.id for order in held])
    return any(media_id in words.attachments for words in said)


media.also_seen(holds_picture)
