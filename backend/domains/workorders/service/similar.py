"""What staff are shown beside an order: others that may be the same fault, and those that were said not to be."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from backend.domains.duplicates import service as duplicates
from backend.domains.duplicates.service import Verdict
from backend.domains.identity import service as identity
from backend.domains.workorders import repository_again
from backend.domains.workorders.domain import OrderView, Status
from backend.domains.workorders.models import WorkOrder
from backend.domains.workorders.service import record
from backend.domains.workorders.service.moves import get
from backend.domains.workorders.service.vectors import done_at, fault_of, words_of
from backend.domains.workorders.service.views import views
from backend.kit.auth import Principal
from backend.kit.problems import InvalidInput
from backend.kit.scope import system_scope

NEAREST = 200
SHOWN = 8
NEVER = frozenset({Status.CANCELLED, Status.MERGED})


@dataclass(frozen=True, slots=True)
class Similar:
    """Another order that may be the same fault. ``merge`` is the younger of the two, ``into`` the older."""

    order: OrderView
    score: float
    place: str
    place_title: str
    sure: bool
    merge: str
    into: str


@dataclass(frozen=True, slots=True)
class SaidDifferent:
    """Another order that somebody said is another fault."""

    number: str
    by: str
    by_staff: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Beside:
    """Everything that is shown beside an order. Not ``ready`` while the encoder is being loaded."""

    items: list[Similar]
    different: list[SaidDifferent]
    ready: bool


def similar(session: Session, number: str, who: Principal) -> Beside:
    """Return what may be the same fault as an order, most alike first. Raises Forbidden, NoSuchOrder."""
    who.require("workorders.manage")
    order = get(session, number)
    said = duplicates.different_from(session, order.id)
    with system_scope(session):
        others = {o.id: o for o in repository_again.by_ids(session, [d.order_id for d in said])}
    names = identity.views(session, sorted({d.said_by_id for d in said}))
    different = [SaidDifferent(others[d.order_id].number, names[d.said_by_id].name, d.by_staff, d.at) for d in said]
    found = _alike(session, order, {d.order_id for d in said})
    shown = {v.number: v for v in views(session, [o for o, _ in found], who)}
    items = [_item(order, other, judged, shown[other.number]) for other, judged in found]
    return Beside(items, different, duplicates.encoder_name() is not None)


def _alike(session: Session, order: WorkOrder, different: set[int]) -> list[tuple[WorkOrder, duplicates.Judged]]:
    if order.status in NEVER:
        return []
    with system_scope(session):
        scores = _scores(session, order)
        others = [o for o in repository_again.by_ids(session, list(scores)) if o.status not in NEVER]
        judged = [(o, _judge(session, order, o, scores[o.id])) for o in others if o.id not in different]
    found = [(o, j) for o, j in judged if j.verdict is not Verdict.NO]
    return sorted(found, key=lambda f: (-f[1].verdict, -f[1].score))[:SHOWN]


def _judge(session: Session, one: WorkOrder, other: WorkOrder, score: float) -> duplicates.Judged:
    first, second = sorted((one, other), key=lambda o: o.id)
    return duplicates.judge(fault_of(first, done_at(session, first)), fault_of(second), score)


def _scores(session: Session, order: WorkOrder) -> dict[int, float]:
    """Return the cosine of each order that may be compared with this one."""
    vector = duplicates.vectors_of(session, [order.id]).get(order.id)
    if vector is None:
        vector = duplicates.embed([words_of(order.fault, order.raw)])[0]
    if vector is None:
        return {}
    if order.scope == "public":
        near = duplicates.nearest(session, order.community_id, vector, NEAREST)
        return {n.id: n.score for n in near if n.id != order.id}
    others = [o.id for o in repository_again.of_home(session, order.room_id, order.id)] if order.room_id else []
    return {other: float(vector @ v) for other, v in duplicates.vectors_of(session, others).items()}


def _item(order: WorkOrder, other: WorkOrder, judged: duplicates.Judged, view: OrderView) -> Similar:
    older, younger = sorted((order, other), key=lambda o: o.id)
    return Similar(
        order=view,
        score=round(judged.score, 3),
        place=judged.where,
        place_title=duplicates.WHERE_TITLES[judged.where],
        sure=judged.verdict is Verdict.SURE,
        merge=younger.number,
        into=older.number,
    )


def say_different(session: Session, number: str, other: str, who: Principal) -> Beside:
    """Remember that two orders are different faults, and return what is left. Raises Forbidden, InvalidInput."""
    who.require("workorders.manage")
    one, two = get(session, number), get(session, other)
    if one.id == two.id or one.community_id != two.community_id:
        raise InvalidInput("请选另一张工单。", errors=[{"field": "number", "message": "不能是这一张"}])
    known = {d.order_id for d in duplicates.different_from(session, one.id)}
    if two.id not in known:
        score = _scores(session, one).get(two.id)
        duplicates.say_different(session, one.id, two.id, one.community_id, who, score)
        for order, beside in ((one, two), (two, one)):
            record.write(session, order, who, "again", "不是同一个问题", f"和 {beside.number} 分开处理")
            record.show_live(session, order)
    return similar(session, number, who)
