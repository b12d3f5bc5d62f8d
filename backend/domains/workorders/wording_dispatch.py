"""What is said about who gets an order and why, as data and in words."""

from backend.domains.dispatch import service as dispatch
from backend.domains.workorders.domain import CATEGORIES
from backend.domains.workorders.wording import DESK, REPORTERS, TECHNICIAN, Tell
from backend.kit import clock

REPLANNED = "重新安排"
"""Title of the line when a plan moves an order; counted, so that no order is moved for ever."""

OFFERED = Tell(
    TECHNICIAN,
    "抢单 {number}：{place}，{fault}（{category}，{urgency}），{expected}场。先接先得。",
    (("接单", "accept_order"),),
)
TO_ASSIGN = Tell(DESK, "工单 {number} 等您指派师傅：{place}，{fault}（{category}，{urgency}）。")
NOBODY_FITS, NOBODY_WORKS = "没有对口的师傅", "现在没有对口的师傅在班"
TAKEN_AWAY = Tell(TECHNICIAN, "工单 {number} {note}。您不用去了。")
HOLDER_GONE = Tell(
    DESK, "工单 {number}（{place}，{fault}）在{technician}手上，但这位师傅已经不在本小区了，请和现场确认后改派。"
)
NEW_HOLDER = Tell(
    TECHNICIAN,
    "新工单 {number}：{place}，{fault}（{category}，{urgency}）。请在 {expected}场。",
    (("接单", "accept_order"), ("不接", "decline_order")),
)
NEW_HOLDER_FOR_REPORTERS = Tell(REPORTERS, "工单 {number} 改由{technician}来，预计 {expected}。")

DUTY_TITLES = {
    dispatch.Duty.ON: "在班",
    dispatch.Duty.ON_CALL: "值班待命",
    dispatch.Duty.OFF: "不在班",
    dispatch.Duty.LEAVE: "请假",
}
JUST_THERE_M = 15
FAR_AHEAD_S = 24 * 3600


def _load(load: int) -> str:
    return f"手上 {load} 单" if load else "手上没有别的单"


def _way(candidate: dispatch.Candidate, where: str) -> list[str]:
    if candidate.distance_m is None:
        return []
    if candidate.distance_m < JUST_THERE_M:
        return [f"就在 {where}"]
    return [f"离 {where} 约 {max(10, round(candidate.distance_m, -1))} 米"]


def why_chosen(choice: dispatch.Choice, errand: dispatch.Errand) -> str:
    """Say why somebody got an order: 李师傅：会修照明，手上最少（1 单），离 3号楼 约 60 米."""
    chosen = choice.candidate
    loads = [c.technician.load for c in choice.among]
    load = chosen.technician.load
    fewest = len(loads) > 1 and load == min(loads) and load < max(loads)
    parts = [
        f"会修{CATEGORIES[errand.category]}",
        *([DUTY_TITLES[chosen.technician.duty]] if chosen.technician.duty is not dispatch.Duty.ON else []),
        f"手上最少（{load} 单）" if fewest and load else _load(load),
        *_way(chosen, errand.where),
    ]
    return f"{chosen.technician.called}：{'，'.join(parts)}"


def reasons(candidate: dispatch.Candidate, errand: dispatch.Errand) -> list[str]:
    """Say what speaks for and against somebody."""
    who = candidate.technician
    shift = who.roster.shift_at(clock.now(), on_call=who.duty is dispatch.Duty.ON_CALL)
    hours = f" {shift.hours()}" if shift is not None and who.duty is not dispatch.Duty.LEAVE else ""
    said = [
        f"{'会修' if candidate.fits else '不会修'}{CATEGORIES[errand.category]}",
        f"{DUTY_TITLES[who.duty]}{hours}",
        _load(who.load),
        *_way(candidate, errand.where),
    ]
    if candidate.fits and candidate.arrives_s < FAR_AHEAD_S and who.duty is not dispatch.Duty.LEAVE:
        said.append(f"约 {max(1, round(candidate.arrives_s / 60))} 分钟后能到")
    if candidate.refused:
        said.append("此前退回过这张单")
    return said
