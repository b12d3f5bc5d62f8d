"""What people add to an order: notes, parts, urging, ratings, corrections by staff."""

from sqlalchemy.orm import Session

from backend.domains.estate import service as estate
from backend.domains.workorders.domain import (
    CATEGORIES,
    ENDED,
    SCOPES,
    URGENCIES,
    Edit,
    Status,
    Step,
)
from backend.domains.workorders.errors import IllegalTransition, NotYourMove
from backend.domains.workorders.models import WorkOrder
from backend.domains.workorders.service import record
from backend.domains.workorders.service.moves import get, move
from backend.domains.workorders.service.views import actors_of
from backend.domains.workorders.wording import ADDED, LOW_RATING, RATED, URGED, Tell
from backend.kit.auth import Principal
from backend.kit.problems import Conflict, InvalidInput

NOTE_KINDS: dict[str, tuple[str, tuple[Tell, ...]]] = {
    "note": ("补充", ADDED),
    "parts": ("用料", ()),
    "urge": ("催单", URGED),
}
LOW_STARS = 2


def add_note(session: Session, number: str, kind: str, text: str, who: Principal) -> WorkOrder:
    """Add words to an order that has not ended. Raises InvalidInput, IllegalTransition, NotYourMove."""
    if kind not in NOTE_KINDS:
        raise InvalidInput(errors=[{"field": "kind", "message": "不在可选范围内"}])
    order = get(session, number)
    if not actors_of(order, who):
        raise NotYourMove()
    if order.status in ENDED:
        raise IllegalTransition("这张工单已经结束了，有新情况请重新报修。")
    title, tells = NOTE_KINDS[kind]
    line = record.write(session, order, who, kind, title, text)
    record.tell(session, order, tells, f"order:{order.id}:{line.id}", text, [who.person_id])
    record.show_live(session, order)
    return order


def rate(session: Session, number: str, stars: int, words: str | None, who: Principal) -> WorkOrder:
    """Rate an accepted order and close it; a finished one is accepted first. Raises IllegalTransition, NotYourMove."""
    order = get(session, number)
    if "reporter" not in actors_of(order, who):
        raise NotYourMove("评价要由报修人来做。")
    if order.status == Status.FINISHED:
        order = move(session, number, Step(Status.ACCEPTED_BY_OWNER), who)
    if order.status not in (Status.ACCEPTED_BY_OWNER, Status.CLOSED):
        raise IllegalTransition("这张工单还没完工，修好后再评价。")
    order.rating_stars, order.rating_words = stars, words
    said = f"{stars} 星" + (f"：{words}" if words else "")
    line = record.write(session, order, who, "rating", "评价", said)
    tells = RATED + (LOW_RATING if stars <= LOW_STARS else ())
    record.tell(session, order, tells, f"order:{order.id}:{line.id}", said, [who.person_id])
    if order.status == Status.ACCEPTED_BY_OWNER:
        record.write(session, order, None, "transition", "结单", None, record.moved(order, Status.CLOSED))
    record.show_live(session, order)
    return order


def edit(session: Session, number: str, wanted: Edit, who: Principal) -> WorkOrder:
    """Correct what was understood wrongly. Raises Conflict for a stale version."""
    who.require("workorders.manage")
    order = get(session, number)
    if order.version != wanted.version:
        raise Conflict(version=order.version)
    said = [*_edit_fields(order, wanted), *_edit_location(session, order, wanted)]
    if not said:
        return order
    record.write(session, order, who, "edit", "更正", "；".join(said))
    record.show_live(session, order)
    return order


def _edit_fields(order: WorkOrder, wanted: Edit) -> list[str]:
    said: list[str] = []
    tables = {
        "category": ("类别", CATEGORIES),
        "urgency": ("紧急程度", URGENCIES),
        "scope": ("范围", SCOPES),
    }
    for name, (title, options) in tables.items():
        value = getattr(wanted, name)
        if value is None or value == getattr(order, name):
            continue
        if value not in options:
            raise InvalidInput(errors=[{"field": name, "message": "不在可选范围内"}])
        said.append(f"{title}：{options[getattr(order, name)]} → {options[value]}")
        setattr(order, name, value)
    if wanted.fault and wanted.fault != order.fault:
        said.append(f"故障：{order.fault} → {wanted.fault}")
        order.fault = wanted.fault
    if wanted.asset_id is not None and wanted.asset_id != order.asset_id:
        said.append("关联设备已改")
        order.asset_id = wanted.asset_id
    return said


def _edit_location(session: Session, order: WorkOrder, wanted: Edit) -> list[str]:
    if wanted.location is None:
        return []
    before = _place(session, order)
    for name in ("building", "unit", "floor", "room", "place"):
        if name in wanted.location:
            setattr(order, name, wanted.location[name] or None)
    location = estate.Location(None, order.building, order.unit, order.floor, order.room, order.place, order.raw)
    order.room_id = estate.find_room_id(session, order.community_id, location)
    after = estate.in_words(location)
    return [f"地点：{before} → {after}"] if before != after else []


def _place(_session: Session, order: WorkOrder) -> str:
    return estate.in_words(
        estate.Location(None, order.building, order.unit, order.floor, order.room, order.place, order.raw)
    )
