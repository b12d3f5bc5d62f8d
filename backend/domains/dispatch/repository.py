"""Every SQL statement of dispatch."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backend.domains.dispatch.models import (
    DispatchChange,
    DispatchOffer,
    DispatchPlan,
    DispatchRule,
    LeaveRow,
    Position,
    ShiftRow,
)
from backend.kit.memo import remembered


def rules(session: Session, community_id: int) -> Sequence[DispatchRule]:
    """Return the rules that an estate has set."""
    query = select(DispatchRule).where(DispatchRule.community_id == community_id)
    return remembered(session, (DispatchRule,), ("rules", community_id), lambda: session.scalars(query).all())


def shifts(session: Session, community_id: int) -> Sequence[ShiftRow]:
    """Return the shifts of an estate, oldest first."""
    return session.scalars(select(ShiftRow).where(ShiftRow.community_id == community_id).order_by(ShiftRow.id)).all()


def leaves(session: Session, community_id: int, after: datetime) -> Sequence[LeaveRow]:
    """Return the leaves of an estate that are not over at a moment."""
    query = select(LeaveRow).where(LeaveRow.community_id == community_id, LeaveRow.ends_at > after)
    return session.scalars(query.order_by(LeaveRow.starts_at, LeaveRow.id)).all()


def leave(session: Session, leave_id: int) -> LeaveRow | None:
    """Return a leave by id."""
    return session.scalar(select(LeaveRow).where(LeaveRow.id == leave_id))


def shifts_of(session: Session, community_id: int, person_id: int) -> Sequence[ShiftRow]:
    """Return the shifts of one technician."""
    query = select(ShiftRow).where(ShiftRow.community_id == community_id, ShiftRow.person_id == person_id)
    return session.scalars(query.order_by(ShiftRow.id)).all()


def position(session: Session, person_id: int) -> Position | None:
    """Return where somebody was last."""
    return session.scalar(select(Position).where(Position.person_id == person_id))


def positions(session: Session, person_ids: Sequence[int], since: datetime) -> Sequence[Position]:
    """Return where people were last, if that was since a moment."""
    return session.scalars(select(Position).where(Position.person_id.in_(person_ids), Position.at >= since)).all()


def forget_positions(session: Session, before: datetime) -> int:
    """Delete positions that are of no use any more. Returns how many."""
    done = session.execute(delete(Position).where(Position.at < before))
    return int(done.rowcount)  # type: ignore[attr-defined]


def rounds(session: Session, order_id: int) -> int:
    """Count the offers of an order."""
    query = select(func.max(DispatchOffer.round)).where(DispatchOffer.work_order_id == order_id)
    return session.scalar(query) or 0


def last_offer(session: Session, order_id: int) -> DispatchOffer | None:
    """Return the latest offer of an order."""
    query = select(DispatchOffer).where(DispatchOffer.work_order_id == order_id)
    return session.scalars(query.order_by(DispatchOffer.round.desc()).limit(1)).first()


def offered(session: Session, community_id: int) -> set[int]:
    """Return the orders of an estate that are on offer."""
    query = select(DispatchOffer.work_order_id).where(
        DispatchOffer.community_id == community_id, DispatchOffer.closed_at.is_(None)
    )
    return set(session.scalars(query))


def due_offers(session: Session, moment: datetime, limit: int) -> Sequence[tuple[int, int]]:
    """Return (offer, order) of the offers that nobody took in time, the oldest first."""
    query = select(DispatchOffer.id, DispatchOffer.work_order_id).where(
        DispatchOffer.closed_at.is_(None), DispatchOffer.next_at <= moment
    )
    return [(int(o), int(w)) for o, w in session.execute(query.order_by(DispatchOffer.id).limit(limit))]


def close_offers(session: Session, order_id: int, moment: datetime, taken_by_id: int | None) -> int:
    """End what is on offer of an order. Returns how many offers were still open."""
    done = session.execute(
        update(DispatchOffer)
        .where(DispatchOffer.work_order_id == order_id, DispatchOffer.closed_at.is_(None))
        .values(closed_at=moment, taken_by_id=taken_by_id)
    )
    return int(done.rowcount)  # type: ignore[attr-defined]


def changed(session: Session) -> dict[int, int]:
    """Return the estates in which something changed, each with its latest change."""
    query = select(DispatchChange.community_id, func.max(DispatchChange.id)).group_by(DispatchChange.community_id)
    return {int(c): int(n) for c, n in session.execute(query)}


def forget_changes(session: Session, community_id: int, up_to: int) -> None:
    """Delete the changes that a plan has seen."""
    session.execute(
        delete(DispatchChange).where(DispatchChange.community_id == community_id, DispatchChange.id <= up_to)
    )


def planned_at(session: Session) -> dict[int, datetime]:
    """Return when each estate was planned last."""
    return {int(c): at for c, at in session.execute(select(DispatchPlan.community_id, DispatchPlan.at))}


def claim_plan(session: Session, community_id: int, moment: datetime, every: timedelta) -> bool:
    """Tell whether it is this caller's turn to plan an estate; of several at once one is told so."""
    done = session.execute(
        update(DispatchPlan)
        .where(DispatchPlan.community_id == community_id, DispatchPlan.at <= moment - every)
        .values(at=moment)
    )
    if done.rowcount == 1:  # type: ignore[attr-defined]
        return True
    if session.scalar(select(DispatchPlan.id).where(DispatchPlan.community_id == community_id)) is not None:
        return False
    try:
        with session.begin_nested():
            session.add(DispatchPlan(community_id=community_id, at=moment))
    except IntegrityError:  # another worker plans this estate for the first time right now
        return False
    return True
