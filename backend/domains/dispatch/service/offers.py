"""Orders on offer (抢单): opened to all who fit, taken by one, or over after a while."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from backend.domains.dispatch import repository
from backend.domains.dispatch.models import DispatchOffer
from backend.kit import clock
from backend.kit.scope import system_scope


@dataclass(frozen=True, slots=True)
class OfferView:
    """An offer outside its session."""

    round: int
    offered_to: int
    opened_at: datetime
    ends_at: datetime
    closed_at: datetime | None
    taken_by_id: int | None


def open_offer(session: Session, community_id: int, order_id: int, offered_to: int, minutes: int) -> OfferView:
    """Offer an order for some minutes; ``offered_to`` is how many people are told."""
    with system_scope(session):
        now = clock.now()
        row = DispatchOffer(
            community_id=community_id,
            work_order_id=order_id,
            round=repository.rounds(session, order_id) + 1,
            offered_to=offered_to,
            opened_at=now,
            next_at=now + timedelta(minutes=minutes),
        )
        session.add(row)
        session.flush()
        return _view(row)


def _view(row: DispatchOffer) -> OfferView:
    return OfferView(row.round, row.offered_to, row.opened_at, row.next_at, row.closed_at, row.taken_by_id)


def last_offer(session: Session, order_id: int) -> OfferView | None:
    """Return the latest offer of an order, None when it never was on offer."""
    with system_scope(session):
        row = repository.last_offer(session, order_id)
        return _view(row) if row else None


def close_offers(session: Session, order_id: int, taken_by_id: int | None) -> bool:
    """End the offer of an order, if there is one. False: there was none."""
    with system_scope(session):
        return repository.close_offers(session, order_id, clock.now(), taken_by_id) > 0


def due_offers(session: Session, limit: int = 100) -> list[int]:
    """Return the orders whose offer nobody took in time. System work."""
    return [order_id for _, order_id in repository.due_offers(session, clock.now(), limit)]


def on_offer(session: Session, community_id: int) -> set[int]:
    """Return the orders of an estate that are on offer now. System work."""
    return repository.offered(session, community_id)
