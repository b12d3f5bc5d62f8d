"""The words of orders as vectors, and orders as faults that can be compared. Orders without a vector get one later."""

import logging
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from backend.domains.duplicates import service as duplicates
from backend.domains.workorders import repository, repository_again
from backend.domains.workorders.domain import ACTIVE, Report, Status
from backend.domains.workorders.models import WorkOrder
from backend.kit import clock, db
from backend.kit.scope import system_scope

log = logging.getLogger("guanjia.duplicates")

AT_ONCE = 64
"""Orders embedded in one transaction."""


def words_of(fault: str, raw: str | None) -> str:
    """Return the words to compare: the whole of what was said, as long as the fault is still what was said."""
    said = raw or ""
    return said if fault.strip("。，,. 了") in said else fault


def fault_of(order: WorkOrder, ended_at: datetime | None = None) -> duplicates.Fault:
    """Return an order as a fault."""
    private = order.scope == "private"
    place = (order.building, order.unit, order.floor, order.place, order.asset_id)
    return duplicates.Fault(
        community_id=order.community_id,
        category=order.category,
        scope=order.scope,
        words=duplicates.fault_words(words_of(order.fault, order.raw)),
        spot=duplicates.spot_at_home(order.place) if private else duplicates.spot_of(order.category, *place),
        opened_at=order.created_at,
        home=order.room_id if private else None,
        finished=order.status not in ACTIVE,
        ended_at=ended_at,
    )


def fault_told(wanted: Report, community_id: int, room_id: int | None) -> duplicates.Fault:
    """Return a report of now as a fault."""
    private = wanted.scope == "private"
    place = (wanted.building, wanted.unit, wanted.floor, wanted.place, wanted.asset_id)
    return duplicates.Fault(
        community_id=community_id,
        category=wanted.category,
        scope=wanted.scope,
        words=duplicates.fault_words(words_of(wanted.fault, wanted.raw)),
        spot=duplicates.spot_at_home(wanted.place) if private else duplicates.spot_of(wanted.category, *place),
        opened_at=clock.now(),
        home=room_id if private else None,
    )


def vectors_of_reports(wanted: Sequence[Report]) -> list[duplicates.Vector | None]:
    """Return the vector of each report; None for all when there is no encoder at hand. Never waits for one."""
    return duplicates.embed([words_of(one.fault, one.raw) for one in wanted])


def embed_again(session: Session, order: WorkOrder) -> None:
    """Give an order whose words have changed its new vector; without an encoder it gets one later."""
    duplicates.forget(session, order.id, order.community_id)
    vector = duplicates.embed([words_of(order.fault, order.raw)])[0]
    if vector is not None:
        remember(session, order, vector)


def remember(session: Session, order: WorkOrder, vector: duplicates.Vector) -> None:
    """Keep the vector of an order's words."""
    duplicates.remember(session, order.id, order.community_id, vector, public=order.scope == "public")


def embed_missing() -> int:
    """Embed the open orders that have no vector of the present encoder; returns how many.

    Each batch is a transaction of its own and looks afresh at what is missing, so that it can be killed at any time and
    run twice at once.
    """
    done, after = 0, 0
    while duplicates.encoder_name() is not None:
        with db.transaction() as session, system_scope(session):
            page = repository_again.open_after(session, after, AT_ONCE)
            if not page:
                return done
            after = page[-1].id
            done += _embed(session, page)
    return done


def _embed(session: Session, page: Sequence[WorkOrder]) -> int:
    wanted = set(duplicates.without_vector(session, [o.id for o in page]))
    orders = [o for o in page if o.id in wanted]
    vectors = duplicates.embed_now([words_of(o.fault, o.raw) for o in orders]) if orders else None
    for order, vector in zip(orders, vectors or [], strict=False):
        remember(session, order, vector)
    return len(orders) if vectors else 0


def forget_over() -> int:
    """Drop the vectors of orders that ended too long ago to be told again; returns how many."""
    done, after = 0, 0
    while True:
        with db.transaction() as session, system_scope(session):
            ids = duplicates.remembered(session, after, AT_ONCE)
            if not ids:
                return done
            after = ids[-1]
            for order in repository_again.over(session, ids):
                if order.status != Status.CLOSED or clock.now() - order.updated_at > duplicates.ENDED_WITHIN:
                    duplicates.forget(session, order.id, order.community_id)
                    done += 1


def done_at(session: Session, order: WorkOrder) -> datetime | None:
    """Return when the work on an order was finished, None while it is not. System work."""
    if order.status in ACTIVE:
        return None
    last = repository.last_move(session, order.id)
    return last.at if last else order.updated_at
