"""Checklists: an estate's lists by category, the copy that an order gets, its answers, and finishing with some open."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from backend.domains.media import service as media
from backend.domains.workorders import repository_work
from backend.domains.workorders.checklists import (
    CHECK,
    DEFAULTS,
    NUMBER,
    PHOTO,
    Checklist,
    Item,
    default_for,
    is_filled,
)
from backend.domains.workorders.domain import CATEGORIES, DESK, HOLDER, MATE, Status, Step
from backend.domains.workorders.errors import ChecklistOpen
from backend.domains.workorders.models import WorkOrder, WorkOrderEvent
from backend.domains.workorders.models_work import ChecklistTemplate, WorkOrderChecklist, WorkOrderChecklistItem
from backend.domains.workorders.on_site import WORKED_ON, happened_at
from backend.domains.workorders.service import record
from backend.domains.workorders.service.views import actors_of
from backend.domains.workorders.service.work.common import locked, require_part, require_state
from backend.domains.workorders.wording_work import OPEN_ITEMS
from backend.kit import clock, once
from backend.kit.auth import Principal
from backend.kit.problems import Conflict, InvalidInput, NotFound
from backend.kit.scope import system_scope
from backend.settings import get_settings

CLOSED_WITHOUT = "未填"


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody says to an item; None leaves a part as it is."""

    item_id: int
    ok: bool | None = None
    value: float | None = None
    media_id: str | None = None
    note: str | None = None
    at: datetime | None = None


def template(session: Session, community_id: int, category: str) -> Checklist:
    """Return an estate's list for a category: its own, else the one every estate starts with."""
    with system_scope(session):
        row = repository_work.template(session, community_id, category)
    return _own(row) if row else default_for(category, CATEGORIES[category])


def templates(session: Session, community_id: int) -> list[Checklist]:
    """Return all the lists of an estate, in the order of the categories."""
    with system_scope(session):
        own = {row.category: _own(row) for row in repository_work.templates(session, community_id)}
    found = {**DEFAULTS, **own}
    return [found[category] for category in CATEGORIES if category in found]


def _own(row: ChecklistTemplate) -> Checklist:
    return Checklist(row.category, row.title, tuple(Item(**item) for item in row.items), row.version)


def change_template(session: Session, community_id: int, wanted: Checklist, who: Principal) -> Checklist:
    """Give an estate a list of its own; orders that were accepted keep theirs. Raises Conflict for a stale version."""
    with system_scope(session):
        row = repository_work.template(session, community_id, wanted.category)
    if wanted.version != (row.version if row else 0):
        raise Conflict("这份检查单刚刚有人改过，请刷新后再改。", version=row.version if row else 0)
    if row is None:
        row = ChecklistTemplate(community_id=community_id, category=wanted.category)
        session.add(row)
    row.title, row.items = wanted.title, [asdict(item) for item in wanted.items]
    row.changed_by_id, row.updated_at = who.person_id, clock.now()
    session.flush()
    return _own(row)


@record.after_move
def give(session: Session, order: WorkOrder, line: WorkOrderEvent) -> None:
    """An accepted order gets its copy; another one when the category was corrected before anything was answered."""
    if line.to_status not in (Status.ACCEPTED, Status.ON_SITE):
        return
    with system_scope(session):
        there = repository_work.checklist(session, order.id)
        if there is not None and there.category == order.category:
            return
        if there is not None:
            if any(item.person_id is not None for item in repository_work.checklist_items(session, order.id)):
                return
            repository_work.drop_checklist(session, order.id)
            session.expunge(there)
        wanted = template(session, order.community_id, order.category)
        _copy(session, order, wanted)


def _copy(session: Session, order: WorkOrder, wanted: Checklist) -> None:
    if not wanted.items:
        return
    now = clock.now()
    own = {"work_order_id": order.id, "community_id": order.community_id, "at": now, "happened_at": now}
    session.add(WorkOrderChecklist(**own, category=wanted.category, title=wanted.title))
    for position, item in enumerate(wanted.items):
        session.add(WorkOrderChecklistItem(**own, position=position, **asdict(item)))


def fill(session: Session, number: str, answer: Answer, who: Principal, key: str | None = None) -> WorkOrder:
    """Answer an item, or answer it otherwise.

    Raises NotYourMove, IllegalTransition, NotFound, InvalidInput (an answer of another kind).
    """
    order = locked(session, number)
    require_part(session, order, who, {HOLDER, MATE, DESK}, "检查单由接单师傅、同行师傅或客服来填。")
    if not once.claim(session, who.person_id, f"checklist:{order.number}", key, asdict(answer)):
        return order
    require_state(order, WORKED_ON, "填检查单")
    with system_scope(session):
        items = repository_work.checklist_items(session, order.id)
    item = next((i for i in items if i.id == answer.item_id), None)
    if item is None:
        raise NotFound("这张工单的检查单里没有这一项。")
    _require_kind(session, item, answer)
    _answer(session, item, answer, who)
    if order.status == Status.FINISHED:
        record.write(session, order, who, "checklist", "检查单补填", item.text)
    record.show_live(session, order)
    return order


def _require_kind(session: Session, item: WorkOrderChecklistItem, answer: Answer) -> None:
    parts = {CHECK: ("ok", answer.ok), NUMBER: ("value", answer.value), PHOTO: ("media_id", answer.media_id)}
    for kind, (name, given) in parts.items():
        if kind == item.kind:
            if given is None and answer.note is None:
                raise InvalidInput(errors=[{"field": name, "message": "必填"}])
        elif given is not None:
            raise InvalidInput(errors=[{"field": name, "message": "这一项不是这样填的"}])
    if answer.media_id is not None:
        media.require(session, [answer.media_id], "media_id")


def _answer(session: Session, item: WorkOrderChecklistItem, answer: Answer, who: Principal) -> None:
    for name in ("ok", "value", "media_id", "note"):
        if (given := getattr(answer, name)) is not None:
            setattr(item, name, given)
    item.person_id, item.at = who.person_id, clock.now()
    item.happened_at = happened_at(answer.at, item.at)
    with system_scope(session):
        session.flush()


def open_rows(session: Session, order: WorkOrder) -> list[WorkOrderChecklistItem]:
    """Return the required items without an answer."""
    with system_scope(session):
        items = repository_work.checklist_items(session, order.id)
    return [i for i in items if i.required and not is_filled(i.kind, i.ok, i.value, i.media_id)]


def open_items(session: Session, order: WorkOrder) -> list[str]:
    """Return the words of the required items without an answer."""
    return [item.text for item in open_rows(session, order)]


def finish(session: Session, order: WorkOrder, step: Step, who: Principal) -> None:
    """Let a job end with required items open only for the desk, or for a reason given.

    Who holds it answers them first, on the page or in chat: the problem says which, and where the page is. What the desk
    leaves open is told to the holder; the desk reads it in the history. Raises ChecklistOpen.
    """
    rows = open_rows(session, order)
    if not rows:
        return
    left = [item.text for item in rows]
    by_holder = HOLDER in actors_of(order, who)
    if by_holder and not step.unfilled:
        items = [{"id": item.id, "text": item.text, "kind": item.kind} for item in rows]
        detail = f"检查单还有 {len(left)} 项必填没填：{'、'.join(left)}。"
        raise ChecklistOpen(detail, titles=left, items=items, page=page_of(order))
    said = "、".join(left) + (f"（{step.unfilled}）" if step.unfilled else "")
    line = record.write(session, order, who, "checklist", f"检查单{CLOSED_WITHOUT}", said)
    if not by_holder:
        record.tell(session, order, [OPEN_ITEMS], f"order:{order.id}:{line.id}:open", said)


def page_of(order: WorkOrder) -> str:
    """Return the address at which the holder's phone shows the checklist of an order."""
    return f"{get_settings().public_url.rstrip('/')}/?checklist={order.number}"


def told_back(session: Session, order: WorkOrder, who: Principal) -> str | None:
    """Return a word for staff who finished an order with items open."""
    finished = order.status == Status.FINISHED and order.community_id in who.staff_community_ids
    left = open_items(session, order) if finished else []
    return f"检查单还有 {len(left)} 项没填：{'、'.join(left)}。已记为{CLOSED_WITHOUT}，可以补填。" if left else None
