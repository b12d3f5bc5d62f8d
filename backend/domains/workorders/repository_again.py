"""Every SQL statement about who else reported a fault, and what they said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.domains.workorders.domain import ACTIVE, ENDED, OPEN, Status
from backend.domains.workorders.models import WorkOrder, WorkOrderFollower, WorkOrderRepeat
from backend.kit.memo import remembered


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody said about an order that was there already."""

    work_order_id: int
    person_id: int
    fault: str
    attachments: tuple[str, ...]


def followers_of(session: Session, order_ids: Sequence[int]) -> dict[int, set[int]]:
    """Return who follows each of the orders; an order without any is left out."""
    columns = (WorkOrderFollower.work_order_id, WorkOrderFollower.person_id)
    query = select(*columns).where(columns[0].in_(order_ids))
    key = ("followers", *order_ids)
    found: dict[int, set[int]] = {}
    for order, person in remembered(session, (WorkOrderFollower,), key, lambda: session.execute(query).all()):
        found.setdefault(int(order), set()).add(int(person))
    return found


def followed_by(session: Session, person_id: int, order_ids: Sequence[int]) -> set[int]:
    """Return those of the orders that a person follows."""
    query = select(WorkOrderFollower.work_order_id).where(
        WorkOrderFollower.person_id == person_id, WorkOrderFollower.work_order_id.in_(order_ids)
    )
    return set(session.scalars(query))


def follower(session: Session, order_id: int, person_id: int) -> WorkOrderFollower | None:
    """Return the row of one follower."""
    return session.scalar(
        select(WorkOrderFollower).where(
            WorkOrderFollower.work_order_id == order_id, WorkOrderFollower.person_id == person_id
        )
    )


def words(session: Session, order_ids: Sequence[int]) -> list[Words]:
    """Return what people said about orders that were there already, oldest first."""
    query = select(WorkOrderRepeat).where(WorkOrderRepeat.work_order_id.in_(order_ids)).order_by(WorkOrderRepeat.id)
    key = ("repeats", *order_ids)
    rows = remembered(session, (WorkOrderRepeat,), key, lambda: session.scalars(query).all())
    return [Words(r.work_order_id, r.person_id, r.fault, tuple(str(a) for a in r.attachments)) for r in rows]


def repeat_by_key(session: Session, key: str) -> WorkOrderRepeat | None:
    """Return what came of a message that told a known fault again."""
    return session.scalar(select(WorkOrderRepeat).where(WorkOrderRepeat.source_key == key))


def last_repeat(session: Session, order_id: int, person_id: int) -> WorkOrderRepeat | None:
    """Return the latest time that a person told an order's fault again."""
    return session.scalars(
        select(WorkOrderRepeat)
        .where(WorkOrderRepeat.work_order_id == order_id, WorkOrderRepeat.person_id == person_id)
        .order_by(WorkOrderRepeat.id.desc())
        .limit(1)
    ).first()


def repeats_since(session: Session, order_id: int, moment: datetime) -> Sequence[WorkOrderRepeat]:
    """Return what was said again of an order after a moment."""
    query = select(WorkOrderRepeat).where(WorkOrderRepeat.work_order_id == order_id, WorkOrderRepeat.at > moment)
    return session.scalars(query.order_by(WorkOrderRepeat.id)).all()


def by_ids(session: Session, order_ids: Sequence[int]) -> list[WorkOrder]:
    """Return orders by id, as they are in the database now."""
    query = select(WorkOrder).where(WorkOrder.id.in_(order_ids)).execution_options(populate_existing=True)
    return list(session.scalars(query))


def active_at_home(session: Session, person_id: int, room_id: int) -> list[WorkOrder]:
    """Return what a person reported about the inside of a home and that is not done yet."""
    query = select(WorkOrder).where(
        WorkOrder.reporter_id == person_id,
        WorkOrder.room_id == room_id,
        WorkOrder.scope == "private",
        WorkOrder.status.in_(ACTIVE),
    )
    return list(session.scalars(query))


def open_after(session: Session, order_id: int, limit: int) -> list[WorkOrder]:
    """Return a page of the open orders, by id."""
    query = select(WorkOrder).where(WorkOrder.id > order_id, WorkOrder.status.in_(OPEN))
    return list(session.scalars(query.order_by(WorkOrder.id).limit(limit)))


def over(session: Session, order_ids: Sequence[int]) -> list[WorkOrder]:
    """Return those of the orders that have ended."""
    return list(session.scalars(select(WorkOrder).where(WorkOrder.id.in_(order_ids), WorkOrder.status.in_(ENDED))))


def merged_into(session: Session, number: str) -> list[WorkOrder]:
    """Return the orders that were merged into this one."""
    query = select(WorkOrder).where(WorkOrder.merged_into == number, WorkOrder.status == Status.MERGED)
    return list(session.scalars(query))


def of_home(session: Session, room_id: int, but: int) -> list[WorkOrder]:
    """Return the other orders about the inside of a home that are not over."""
    query = select(WorkOrder).where(
        WorkOrder.room_id == room_id,
        WorkOrder.scope == "private",
        WorkOrder.status.in_(OPEN),
        WorkOrder.id != but,
    )
    return list(session.scalars(query))
