"""A fault that is told again: who tells it joins the order that is there, instead of a second technician being sent.

Only a sure match counts (``duplicates.judge``). Emergencies always open their own order: a wrong match must not cost
minutes. The desk always opens its own, too: it is shown what may be the same and decides. Whatever goes wrong with
vectors, a report is opened as usual.
"""

from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from backend.domains.duplicates import service as duplicates
from backend.domains.duplicates.service import Vector, Verdict
from backend.domains.estate import service as estate
from backend.domains.workorders import repository, repository_again
from backend.domains.workorders.domain import ACTIVE, Report
from backend.domains.workorders.errors import NoSuchOrder
from backend.domains.workorders.models import WorkOrder, WorkOrderRepeat
from backend.domains.workorders.service import checks, following, record
from backend.domains.workorders.service.report import lock_estate, report, room_meant
from backend.domains.workorders.service.vectors import fault_of, fault_told
from backend.kit import clock
from backend.kit.auth import Principal
from backend.kit.scope import system_scope

NEAREST = 200
CHAIN = 5
"""Merges that are followed to find where an order has gone."""


@dataclass(frozen=True, slots=True)
class Known:
    """An order that was there before it was told again. ``own`` when the speaker had told it themselves."""

    order: WorkOrder
    own: bool


@dataclass(frozen=True, slots=True)
class _Match:
    order: WorkOrder
    score: float
    own: bool


def told_before(session: Session, wanted: Report, vector: Vector | None, who: Principal) -> Known | None:
    """Join the speaker to the order that this report is about, or return None when there is none for sure."""
    if (known := _answered(session, wanted)) is not None:
        return known
    if vector is None or wanted.urgency == "emergency" or who.is_desk or _opened(session, wanted):
        return None
    checks.require_known(wanted)
    checks.require_pictures(session, wanted.attachments)
    community = estate.community_by_code(session, wanted.community, who.community_ids)
    lock_estate(session, community)  # what a neighbour reports at this moment is seen
    with system_scope(session):
        found = _find(session, wanted, vector, who, community.id)
        if found is None:
            return None
        repository.touch(session, found.order.id)  # nobody ends it meanwhile
        session.refresh(found.order)
        if found.order.status not in ACTIVE:
            return None
    return _join(session, found, wanted, who)


def _answered(session: Session, wanted: Report) -> Known | None:
    """Return what the same message came to before."""
    if not wanted.source_key:
        return None
    with system_scope(session):
        row = repository_again.repeat_by_key(session, wanted.source_key)
        return Known(_where_now(session, row.work_order_id), row.own) if row is not None else None


def _opened(session: Session, wanted: Report) -> bool:
    with system_scope(session):
        return wanted.source_key is not None and repository.by_source_key(session, wanted.source_key) is not None


def _find(session: Session, wanted: Report, vector: Vector, who: Principal, community_id: int) -> _Match | None:
    if wanted.scope == estate.PRIVATE:
        return _find_at_home(session, wanted, vector, who, community_id)
    told = fault_told(wanted, community_id, None)
    near = {n.id: n.score for n in duplicates.nearest(session, community_id, vector, NEAREST)}
    orders = repository_again.by_ids(session, list(near))
    followed = repository_again.followed_by(session, who.person_id, list(near))
    matches = [
        _Match(order, near[order.id], _is_own(order, who, followed))
        for order in orders
        if order.status in ACTIVE
        and duplicates.judge(fault_of(order), told, near[order.id]).verdict is Verdict.SURE
        and (_is_own(order, who, followed) or not _denied(session, order, who))
    ]
    return max(matches, key=lambda m: (m.own, m.score), default=None)


def _find_at_home(session: Session, wanted: Report, vector: Vector, who: Principal, community_id: int) -> _Match | None:
    """Look among what the speaker themselves reported of the same home; nobody else's home is ever looked at."""
    room_id = room_meant(session, wanted, community_id, who)
    if room_id is None or room_id not in who.room_ids:
        return None
    told = fault_told(wanted, community_id, room_id)
    orders = repository_again.active_at_home(session, who.person_id, room_id)
    vectors = duplicates.vectors_of(session, [o.id for o in orders])
    scores = {order: float(vector @ other) for order, other in vectors.items()}
    matches = [
        _Match(order, scores[order.id], True)
        for order in orders
        if order.id in scores and duplicates.judge(fault_of(order), told, scores[order.id]).verdict is Verdict.SURE
    ]
    return max(matches, key=lambda m: m.score, default=None)


def _is_own(order: WorkOrder, who: Principal, followed: set[int]) -> bool:
    return who.person_id in (order.reporter_id, order.technician_id) or order.id in followed


def _denied(session: Session, order: WorkOrder, who: Principal) -> bool:
    """Tell whether the speaker once said that theirs was another fault than this order's."""
    return any(d.said_by_id == who.person_id for d in duplicates.different_from(session, order.id))


def _join(session: Session, found: _Match, wanted: Report, who: Principal) -> Known:
    order, own = found.order, found.own
    if not own:
        following.follow(session, order, who.person_id)
    following.keep_words(session, order, who.person_id, wanted, own=own, score=found.score)
    following.raise_urgency(session, order, wanted.urgency)
    title = "又说了一次" if own else f"又有业主反映（第 {len(record.reporters(session, order))} 位）"
    record.write(session, order, who, "again", title, wanted.fault)
    record.show_live(session, order)
    return Known(order, own)


def report_separately(session: Session, number: str, who: Principal) -> WorkOrder:
    """Open the order that the speaker's words would have opened, because theirs is not the fault of ``number``.

    The pair is remembered, so that neither they nor the desk are asked about it again. Said twice it opens one order.
    Raises NoSuchOrder when they told nothing of that order.
    """
    with system_scope(session):
        order = repository.by_number(session, number.strip().upper())
        row = repository_again.last_repeat(session, order.id, who.person_id) if order is not None else None
    if order is None or row is None:
        raise NoSuchOrder("没有找到要分开登记的报修，请再说一次哪里坏了。")
    wanted = following.said_again(row)
    ahead = wanted.preferred_time if wanted.preferred_time and wanted.preferred_time > clock.now() else None
    opened = report(session, replace(wanted, source_key=f"repeat:{row.id}", preferred_time=ahead), who)
    if row.opened_id is None:
        _part(session, order, row, opened, who)
    return opened


def _part(session: Session, order: WorkOrder, row: WorkOrderRepeat, opened: WorkOrder, who: Principal) -> None:
    with system_scope(session):
        row.opened_id = opened.id
    duplicates.say_different(session, order.id, opened.id, order.community_id, who, row.score)
    if not row.own:
        following.unfollow(session, order, who.person_id)
    record.write(session, order, who, "again", "业主说不是同一个问题", f"已另开 {opened.number}")
    record.show_live(session, order, [who.person_id])


def _where_now(session: Session, order_id: int) -> WorkOrder:
    """Return an order, or the one it was merged into."""
    (order,) = repository_again.by_ids(session, [order_id])
    for _ in range(CHAIN):
        master = repository.by_number(session, order.merged_into) if order.merged_into else None
        if master is None:
            break
        order = master
    return order


__all__ = ["Known", "report_separately", "told_before"]
