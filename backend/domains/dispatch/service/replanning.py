"""The plan of an estate made again: which orders should go to somebody else, and why, in words."""

from collections.abc import Iterator

from backend.domains.dispatch.domain import OFF_LIMITS, Duty, Errand, Relocation, Situation, Technician, tier
from backend.domains.dispatch.planning import Plan, Task, Worker, first_plan
from backend.domains.dispatch.service.choosing import spot_of, task_of, worker_of
from backend.kit.geo import distance_m

MOVES_AT_MOST = 2
"""An order that a plan has moved so often stays where it is."""
PLANNED_AT_MOST = 60
MINUTE_S = 60


def propose(here: Situation, limit_s: float) -> list[Relocation]:
    """Return what should change: orders that wait get somebody, orders that nobody has accepted yet may go to another
    technician when that pays."""
    errands = {e.order_id: e for e in here.errands if e.started_at is None}
    tasks = [task_of(here, e, fits) for e in errands.values() if (fits := _may_do(here, e))]
    tasks = sorted(tasks, key=lambda t: (-t.weight, t.due_s, t.id))[:PLANNED_AT_MOST]
    if not any(len(t.fits) > 1 or t.holder not in t.fits for t in tasks):
        return []
    from backend.domains.dispatch.optimising import optimise  # loads OR-Tools, 50 MB that only the worker needs

    workers = [worker_of(here, who) for who in here.technicians]
    now, then = first_plan(workers, tasks), optimise(workers, tasks, limit_s)
    return list(_changes(here, tasks, workers, now, then))


def _may_do(here: Situation, errand: Errand) -> frozenset[int]:
    """Return who may do an order: its holder; and who works now, unless the order stays where it is."""
    holder = here.technician(errand.holder_id)
    if errand.stays and errand.holder_id is not None:
        return frozenset({holder.person_id}) if holder else frozenset()
    keeps = holder is not None and holder.duty is not Duty.LEAVE
    if holder is not None and keeps and errand.moves >= MOVES_AT_MOST:
        return frozenset({holder.person_id})
    fitting = [
        (tier(t.duty, errand.urgency), t.person_id)
        for t in here.technicians
        if errand.category in t.skills and t.person_id not in errand.refused
    ]
    lowest = min((level for level, _ in fitting), default=OFF_LIMITS)
    if lowest == OFF_LIMITS or (keeps and lowest > 0):  # nobody is woken because another may be a little sooner
        return frozenset({holder.person_id}) if holder is not None and keeps else frozenset()
    others = frozenset(person for level, person in fitting if level == lowest)
    return others | {holder.person_id} if holder is not None and keeps else others


def _changes(here: Situation, tasks: list[Task], workers: list[Worker], now: Plan, then: Plan) -> Iterator[Relocation]:
    errands = {e.order_id: e for e in here.errands}
    for task in tasks:
        to_id = then.worker_of(task.id)
        if to_id is None or to_id == task.holder:
            continue
        saved_s = now.starts[task.id] - then.starts[task.id]
        yield Relocation(task.id, task.holder, to_id, _why(here, errands[task.id], to_id, saved_s))


def _why(here: Situation, errand: Errand, to_id: int, saved_s: int) -> str:
    """Say why an order goes to somebody else: 改派给赵师傅：李师傅还在 5号楼 忙，赵师傅离得近，能早到约 25 分钟."""
    new, old = here.technician(to_id), here.technician(errand.holder_id)
    if new is None or errand.holder_id is None:
        return ""
    if old is None:
        return f"改派给{new.called}：原来的师傅已经不在本小区"
    parts = [f"{old.called}{_hindrance(here, old)}", *_advantage(here, errand, old, new)]
    if old.duty is not Duty.LEAVE:
        minutes = round(saved_s / MINUTE_S)
        parts.append(f"能早到约 {minutes} 分钟" if minutes > 0 else "这样手上更急的单能早些到")
    return f"改派给{new.called}：{'，'.join(parts)}"


def _hindrance(here: Situation, old: Technician) -> str:
    if old.duty is Duty.LEAVE:
        return "暂时不在"
    busy = next((e for e in here.errands if e.holder_id == old.person_id and e.started_at is not None), None)
    if busy is not None:
        return f"还在 {busy.where} 忙"
    if old.duty is not Duty.ON:
        return "现在不在班"
    return f"手上有 {old.load} 单"


def _advantage(here: Situation, errand: Errand, old: Technician, new: Technician) -> list[str]:
    there = spot_of(here, errand).point
    spots = [worker_of(here, who).spot.point for who in (old, new)]
    if there is not None and spots[0] is not None and spots[1] is not None:
        old_m, new_m = (distance_m(p, there) for p in spots if p is not None)
        if new_m < old_m - 1:
            return [f"{new.called}离得近"]
    return [f"{new.called}手上{f'只有 {new.load} 单' if new.load else '没有别的单'}"] if new.load < old.load else []
