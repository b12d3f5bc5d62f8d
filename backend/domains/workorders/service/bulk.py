"""One change of many orders, each by itself: what could be done is done, the rest says why not. What can be, is undone."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from backend.domains.workorders import repository_kept
from backend.domains.workorders.domain import STATUS_TITLES, URGENCIES, Edit, Status, Step
from backend.domains.workorders.errors import NothingToUndo
from backend.domains.workorders.models import WorkOrder
from backend.domains.workorders.models_lists import BulkChange
from backend.domains.workorders.service.editing import edit
from backend.domains.workorders.service.moves import get, move
from backend.domains.workorders.service.notes import add_note
from backend.kit import clock, once
from backend.kit.auth import Principal
from backend.kit.problems import Conflict, InvalidInput, NotFound, Problem

AT_MOST = 100
NOTE_NEEDED = {"cancel": "撤单请写一句原因，报修人会看到。", "note": "请写要记下的话。"}
_ENDS = {"cancel": Status.CANCELLED, "close": Status.CLOSED}
UNDOING = "撤销刚才的批量操作"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to do with which orders."""

    numbers: tuple[str, ...]
    action: str
    technician_id: int | None = None
    urgency: str | None = None
    note: str | None = None


@dataclass(slots=True)
class Result:
    """What came of one order. ``before`` is what undoing needs; without it, it cannot be undone."""

    number: str
    done: bool
    reason: str | None = None
    status: str | None = None
    status_title: str | None = None
    version: int | None = None
    before: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """A change of many orders, by the id under which it is undone."""

    id: int
    action: str
    results: list[Result] = field(default_factory=list)

    @property
    def undoable(self) -> list[str]:
        """Numbers of the orders for which it can be taken back."""
        return [r.number for r in self.results if r.done and r.before is not None]


def change(session: Session, wanted: Wanted, who: Principal, key: str | None) -> Done:
    """Do it for each order by itself. The same key again gives the same answer. Raises InvalidInput, KeyReused."""
    who.require("workorders.manage")
    if not once.claim(session, who.person_id, "bulk", key, asdict(wanted)) and key:
        return _read(repository_kept.bulk_by_key(session, who.person_id, key))
    _require_whole(wanted)
    results = [_each(session, number, wanted, who) for number in dict.fromkeys(wanted.numbers)]
    row = BulkChange(
        person_id=who.person_id,
        key=key,
        action=wanted.action,
        wanted=asdict(wanted),
        results=[asdict(r) for r in results],
        at=clock.now(),
    )
    session.add(row)
    session.flush()
    return Done(row.id, wanted.action, results)


def undo(session: Session, change_id: int, who: Principal) -> Done:
    """Take back what can be, where nobody has changed the order since. Raises NotFound, NothingToUndo."""
    who.require("workorders.manage")
    row = repository_kept.bulk(session, change_id)
    if row is None:
        raise NotFound()
    if row.undone is not None:
        return Done(row.id, row.action, [Result(**r) for r in row.undone])
    made = _read(row)
    back = [_back(session, r, made.action, who) for r in made.results if r.done and r.before is not None]
    if not back:
        raise NothingToUndo()
    row.undone = [asdict(r) for r in back]
    session.flush()
    return Done(row.id, row.action, back)


def _read(row: BulkChange | None) -> Done:
    if row is None:  # the first try was refused as a whole
        raise Conflict()
    return Done(row.id, row.action, [Result(**r) for r in row.results])


def _require_whole(wanted: Wanted) -> None:
    if wanted.action in NOTE_NEEDED and not wanted.note:
        raise InvalidInput(NOTE_NEEDED[wanted.action], errors=[{"field": "note", "message": "必填"}])
    if wanted.action == "urgency" and wanted.urgency not in URGENCIES:
        raise InvalidInput("请选要改成哪一级。", errors=[{"field": "urgency", "message": "必填"}])


def _each(session: Session, number: str, wanted: Wanted, who: Principal) -> Result:
    def act() -> Result:
        order = get(session, number)
        if _is_so(order, wanted):
            raise Conflict("本来就是这样，没有改动。")
        before = _ACTIONS[wanted.action](session, order, wanted, who)
        session.flush()
        return _result(order, before)

    return _alone(session, number, act)


def _is_so(order: WorkOrder, wanted: Wanted) -> bool:
    """Tell whether the order is already as it is wanted."""
    if wanted.action == "urgency":
        return order.urgency == wanted.urgency
    if wanted.action == "dispatch":
        return order.status == Status.DISPATCHED and wanted.technician_id in (None, order.technician_id)
    return order.status == _ENDS.get(wanted.action)


def _alone(session: Session, number: str, act: Callable[[], Result]) -> Result:
    """Do something to one order; when it is refused, that alone did not happen."""
    try:
        with session.begin_nested():
            return act()
    except Problem as problem:
        return Result(number, False, problem.detail)
    except StaleDataError:
        return Result(number, False, Conflict.default_detail)


def _result(order: WorkOrder, before: dict[str, Any] | None) -> Result:
    title = STATUS_TITLES[Status(order.status)]
    return Result(order.number, True, None, order.status, title, order.version, before)


def _dispatch(session: Session, order: WorkOrder, wanted: Wanted, who: Principal) -> dict[str, Any] | None:
    had, was = order.technician_id, order.status
    move(session, order.number, Step(Status.DISPATCHED, wanted.note, technician_id=wanted.technician_id), who)
    # Without a technician before there is nobody to go back to: given back, it would be sent to another one.
    return {"technician_id": had} if had not in (None, order.technician_id) and was == Status.DISPATCHED else None


def _cancel(session: Session, order: WorkOrder, wanted: Wanted, who: Principal) -> None:
    move(session, order.number, Step(Status.CANCELLED, wanted.note), who)


def _close(session: Session, order: WorkOrder, wanted: Wanted, who: Principal) -> None:
    move(session, order.number, Step(Status.CLOSED, wanted.note), who)


def _urgency(session: Session, order: WorkOrder, wanted: Wanted, who: Principal) -> dict[str, Any] | None:
    was = order.urgency
    edit(session, order.number, Edit(order.version, urgency=wanted.urgency), who)
    return {"urgency": was} if was != order.urgency else None


def _note(session: Session, order: WorkOrder, wanted: Wanted, who: Principal) -> None:
    add_note(session, order.number, "note", wanted.note or "", who)


_ACTIONS: dict[str, Callable[[Session, WorkOrder, Wanted, Principal], dict[str, Any] | None]] = {
    "dispatch": _dispatch,
    "cancel": _cancel,
    "close": _close,
    "urgency": _urgency,
    "note": _note,
}
ACTIONS: tuple[str, ...] = tuple(_ACTIONS)


def _back(session: Session, made: Result, action: str, who: Principal) -> Result:
    def act() -> Result:
        order = get(session, made.number)
        before = made.before or {}
        if order.version != made.version:
            raise Conflict("之后又有人动过这张工单，没有撤销。")
        if action == "urgency":
            edit(session, order.number, Edit(order.version, urgency=before["urgency"]), who)
        else:
            step = Step(Status.DISPATCHED, UNDOING, technician_id=before["technician_id"])
            move(session, order.number, step, who)
        session.flush()
        return _result(order, None)

    return _alone(session, made.number, act)
