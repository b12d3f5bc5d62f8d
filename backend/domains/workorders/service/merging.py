"""Merging an order into another: what may be one, and what the master takes over."""

from sqlalchemy.orm import Session

from backend.domains.estate import service as estate
from backend.domains.identity import service as identity
from backend.domains.workorders import repository, repository_again
from backend.domains.workorders.domain import ENDED, STATUS_TITLES, Status
from backend.domains.workorders.errors import NoSuchOrder, PrivateMerge
from backend.domains.workorders.models import WorkOrder, WorkOrderRepeat
from backend.domains.workorders.models_incidents import WorkOrderMerge
from backend.domains.workorders.service import following, record
from backend.kit import clock
from backend.kit.auth import Principal
from backend.kit.problems import InvalidInput
from backend.kit.scope import system_scope

CHAIN = 5
"""Merges that are followed to find where an order has gone."""


def claim(session: Session, order: WorkOrder, into: str | None) -> None:
    """Lock an order and what it is to be merged into, and read them as they are now: neither moves on meanwhile.

    In the order of their ids, so that two that are merged into each other at once do not wait for one another.
    """
    found = (order, repository.by_number(session, _number(into)))
    both = {one.id: one for one in found if one is not None}
    for order_id in sorted(both):
        repository.touch(session, order_id)
        session.refresh(both[order_id])


def is_into(order: WorkOrder, into: str | None) -> bool:
    """Tell whether an order is merged into the one with this number."""
    return order.merged_into == _number(into)


def _number(into: str | None) -> str:
    return (into or "").strip().upper()


def merge(session: Session, order: WorkOrder, into: str | None, who: Principal) -> WorkOrder:
    """Put an order's people, words and urgency into the master and return it. Both are locked (``claim``).

    Raises InvalidInput (field ``into``), NoSuchOrder, PrivateMerge.
    """
    master = _master(session, order, into)
    told = record.reporters(session, order)
    _require_one_household(session, order, master, told)
    order.merged_into = master.number
    with system_scope(session):
        new = [p for p in told if p not in (master.reporter_id, *repository.follower_ids(session, master.id))]
        kept = _take_words(session, order, master)
        _remember(session, order, master, new, kept)
    for person_id in told:
        following.follow(session, master, person_id)
    title = f"又有业主反映（第 {len(record.reporters(session, master))} 位）"
    record.write(session, master, who, "again", title, f"{order.number} 并入：{order.fault}")
    following.raise_urgency(session, master, order.urgency)
    record.show_live(session, master)
    return master


def _master(session: Session, order: WorkOrder, into: str | None) -> WorkOrder:
    if _number(into) in ("", order.number):
        raise InvalidInput("请写要合并到哪张工单。", errors=[{"field": "into", "message": "必填"}])
    master = repository.by_number(session, _number(into))
    if master is None:
        raise NoSuchOrder()
    if master.community_id != order.community_id:
        raise _cannot("那张工单是别的小区的，不能合并。")
    if master.status in ENDED:
        raise _cannot(f"{master.number} 现在是「{STATUS_TITLES[Status(master.status)]}」，不能合并到它。")
    return master


def _cannot(why: str) -> InvalidInput:
    return InvalidInput(why, errors=[{"field": "into", "message": "不能合并到它"}])


def _require_one_household(session: Session, order: WorkOrder, master: WorkOrder, told: list[int]) -> None:
    """Refuse what would show a home to another: people of the order must be of the master's home, if it is private."""
    if master.scope != estate.PRIVATE:
        return
    where = [(o.building, o.unit, o.room) for o in (order, master)]
    if order.scope == estate.PRIVATE and where[0] != where[1]:
        raise PrivateMerge()
    people = identity.views(session, told)
    for person_id in told:
        lives_there = master.room_id is not None and master.room_id in people[person_id].room_ids
        if person_id != master.reporter_id and not (lives_there and master.confirmation is None):
            raise PrivateMerge()


def _remember(
    session: Session, order: WorkOrder, master: WorkOrder, followers: list[int], kept: list[WorkOrderRepeat]
) -> None:
    """Keep what the merge changes, so that it can be taken back."""
    session.flush()
    session.add(
        WorkOrderMerge(
            community_id=master.community_id,
            work_order_id=order.id,
            master_id=master.id,
            at=clock.now(),
            followers=followers,
            repeats=[row.id for row in kept],
            urgency_before=master.urgency,
            promised_before=master.promised_at,
        )
    )


def standing_for(session: Session, order: WorkOrder) -> WorkOrder:
    """Return the order in which one that was merged goes on: what is said of it later belongs there."""
    with system_scope(session):
        for _ in range(CHAIN):
            master = repository.by_number(session, order.merged_into or "") if order.status == Status.MERGED else None
            if master is None:
                break
            order = master
    return order


def _take_words(session: Session, order: WorkOrder, master: WorkOrder) -> list[WorkOrderRepeat]:
    """Keep with the master what everybody said of the order; nothing of it is shown to other residents."""
    rows: list[WorkOrderRepeat] = []
    if order.reporter_id is not None and order.reporter_id != master.reporter_id:
        said = following.report_of(session, order)
        rows.append(following.keep_words(session, master, order.reporter_id, said, own=False))
    for person_id in repository.follower_ids(session, order.id):
        kept = repository_again.last_repeat(session, order.id, person_id)
        if kept is not None and person_id != master.reporter_id:
            rows.append(following.keep_words(session, master, person_id, following.said_again(kept), own=False))
    return rows
