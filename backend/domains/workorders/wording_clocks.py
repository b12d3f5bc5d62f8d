"""What people are told when a clock reaches a step, as data: whom, and in which words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from backend.kit import clock
from backend.kit.auth import ROLE_TITLES, Role


@dataclass(frozen=True, slots=True)
class StepTell:
    """Who is told of a step. Fields: number, place, fault, what (到场), due, technician, nobody (why nobody has it)."""

    role: Role
    text: str


_OVERDUE = "工单 {number} 超时没有{what}（应在 {due} 前，{technician}接的单）：{place}，{fault}。"
HELD: Mapping[str, StepTell] = {
    "half": StepTell(Role.TECHNICIAN, "工单 {number} 请在 {due} 前{what}，时间已过一半：{place}，{fault}。"),
    "warning": StepTell(
        Role.TECHNICIAN, "快到时限了：工单 {number} 请在 {due} 前{what}（{place}，{fault}）。来不及请马上告诉客服。"
    ),
    "breach": StepTell(
        Role.TECHNICIAN, "工单 {number} 已过{what}时限（{due}）：{place}，{fault}。请马上处理，有困难告诉客服。"
    ),
    "service": StepTell(Role.CUSTOMER_SERVICE, _OVERDUE + "请联系师傅，问问是什么原因。"),
    "manager": StepTell(Role.MANAGER, "升级：" + _OVERDUE + "已经报过客服，请过问。"),
    "regional": StepTell(Role.REGIONAL, "升级：" + _OVERDUE + "客服和项目经理都已收到，请过问。"),
}
"""Where a technician of the estate has the order."""

_NOBODY = "工单 {number} 过了{what}时限（{due}），{nobody}：{place}，{fault}。"
FREE: Mapping[str, StepTell] = {
    "warning": StepTell(
        Role.CUSTOMER_SERVICE, "工单 {number} 要在 {due} 前{what}，{nobody}：{place}，{fault}。请指派。"
    ),
    "breach": StepTell(Role.CUSTOMER_SERVICE, _NOBODY + "请马上指派。"),
    "service": StepTell(Role.MANAGER, "升级：" + _NOBODY + "已经报过客服，请过问。"),
    "manager": StepTell(Role.REGIONAL, "升级：" + _NOBODY + "客服和项目经理都已收到，请过问。"),
}
"""Where nobody has it: who hands orders out hears first."""

UNASSIGNED, LEFT = "还没有人接", "{technician}已经不是本小区的师傅"
UPWARDS = (Role.CUSTOMER_SERVICE, Role.MANAGER, Role.REGIONAL, Role.ADMINISTRATOR)
"""An estate without somebody of a role: the next one hears."""

LINE_TITLES = {"half": "{what}时限过半", "warning": "{what}快到时限", "breach": "{what}超时"}
STILL = "{what}超时未处理"
LINE_HELD = "已提醒{technician}"
LINE_ROLE = "已通知{role}"
MAY_BE_LATE = "工单 {number} 师傅可能晚到，真不好意思。新的预计：{expected}。我们在催，有变化马上告诉您。"
NOT_YET_ASSIGNED = "工单 {number} 还没排上师傅，可能晚到，真不好意思。新的预计：{expected}。我们在抓紧安排。"
LATER_TITLE, LATER_TEXT = "已告诉业主可能晚到", "新的预计：{expected}"


def line_text(role: Role, technician: str) -> str:
    """Return what the history says about who was told."""
    return (
        LINE_HELD.format(technician=technician) if role is Role.TECHNICIAN else LINE_ROLE.format(role=ROLE_TITLES[role])
    )


def interval_words(start: datetime | None, end: datetime | None) -> str:
    """Return when somebody is there: 今天 14:00–15:30 之间到, 周六 11-28 09:00 前到."""
    if end is None:
        return "约定时间到"
    if start is None:
        return f"{clock.in_words(end)} 前到"
    same_day = clock.local_day(start) == clock.local_day(end)
    until = f"{clock.local(end):%H:%M}" if same_day else clock.in_words(end)
    return f"{clock.in_words(start)}–{until} 之间到"
