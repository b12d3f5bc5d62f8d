"""What people are told about an order, as data: which move tells whom, in which words, with which buttons."""

import json
from dataclasses import dataclass

from backend.domains.workorders.domain import Status

REPORTERS, TECHNICIAN, DESK = "reporters", "technician", "desk"
REPORTER, FOLLOWERS, MATES = "reporter", "followers", "mates"
"""REPORTERS are both: the first and all who reported the same fault."""


@dataclass(frozen=True, slots=True)
class Tell:
    """One notice. Fields in the text: number, place, fault, category, urgency, technician, note, expected, followers.
    ``expected`` is when somebody is there, in words: 今天 14:00–15:30 之间到, 今天 14:30 前到.

    What a TECHNICIAN hears, those hear as well who do the job with them, unless there are buttons: those are the holder's.
    ``until`` is when suspended work goes on; ``reason`` is the note behind a colon, nothing where there is none.
    """

    audience: str
    text: str
    buttons: tuple[tuple[str, str], ...] = ()
    with_card: bool = True
    only_if_followed: bool = False


ON_MOVE: dict[Status, tuple[Tell, ...]] = {
    Status.DISPATCHED: (
        Tell(
            TECHNICIAN,
            "新工单 {number}：{place}，{fault}（{category}，{urgency}）。请在 {expected}场。",
            (("接单", "accept_order"), ("不接", "decline_order")),
        ),
        Tell(REPORTERS, "工单 {number} 已派给{technician}，预计 {expected}。"),
    ),
    Status.TRIAGED: (Tell(DESK, "工单 {number} 现在没有人接（{note}），请指派：{place}，{fault}。"),),
    Status.ACCEPTED: (Tell(REPORTERS, "{technician}已接单 {number}，预计 {expected}。"),),
    Status.ON_SITE: (Tell(REPORTERS, "{technician}已到现场，正在处理 {number}。"),),
    Status.SUSPENDED: (Tell(REPORTERS, "工单 {number} 先暂停一下：{note}。{until}有进展马上告诉您。"),),
    Status.FINISHED: (
        Tell(
            REPORTERS,
            "{technician}说：「{note}」。工单 {number} 请您看看，修好了吗？",
            (("验收通过", "confirm_work_order"), ("没修好", "reject_work_order")),
        ),
    ),
    Status.ACCEPTED_BY_OWNER: (
        Tell(TECHNICIAN, "工单 {number} 业主已验收，辛苦了。"),
        Tell(FOLLOWERS, "工单 {number} 已确认修好，谢谢您反映。还有问题随时告诉我。"),
        Tell(
            REPORTER,
            "工单 {number} 已确认修好。您方便时给师傅打个分吧。",
            (("评价", "rate_work_order"),),
            only_if_followed=True,
        ),
    ),
    Status.REOPENED: (
        Tell(TECHNICIAN, "工单 {number} 业主说没修好：{note}。请再去看看。"),
        Tell(DESK, "工单 {number} 验收没通过：{note}。"),
        Tell(REPORTERS, "工单 {number} 有业主说还没修好，已登记返修，师傅会再来。", only_if_followed=True),
    ),
    Status.CANCELLED: (
        Tell(TECHNICIAN, "工单 {number} 已撤，不用去了。"),
        Tell(REPORTER, "工单 {number} 已撤单{reason}。"),
        Tell(
            FOLLOWERS,
            "工单 {number} 已撤单。您那边要是还没好，点一下，我马上重新登记。",
            (("还没好", "report_repair"),),
        ),
        Tell(
            DESK,
            "工单 {number} 撤单了，但还有 {followers} 位业主反映过（{place}，{fault}），请确认。",
            only_if_followed=True,
        ),
    ),
    Status.MERGED: (
        Tell(REPORTERS, "您报的 {number} 和 {into} 是同一件事，已合在一起处理，进展会一并告诉您。"),
        Tell(TECHNICIAN, "工单 {number} 已并到 {into} 一起处理，不用单独去了。"),
    ),
}

NOT_THEIR_HOME = "非本人住户报修，待客服核实"
CONFIRM_FIRST = Tell(DESK, "工单 {number} 是非本人住户报修，请先核实再派单：{place}，{fault}。")
CONFIRMING = Tell(REPORTERS, "工单 {number} 说的不是您登记的房屋，客服会先核实，再安排师傅上门。")
ACCEPT_FOR_US = Tell(DESK, "工单 {number} 是师傅自己报的，已完工：「{note}」。请客服验收：{place}，{fault}。")
EMERGENCY = Tell(DESK, "紧急：{place}，{fault}。工单 {number}，请马上处理。")
URGED = (
    Tell(TECHNICIAN, "业主在催 {number}（{place}，{fault}），请尽快处理。"),
    Tell(DESK, "业主催单 {number}：{note}。"),
)
URGED_JUST_NOW = "刚才已经催过了。这句话记在工单上了，10 分钟内不再重复提醒师傅。"
ADDED = (Tell(TECHNICIAN, "工单 {number} 有补充：{note}"),)
CHANGED = (Tell(TECHNICIAN, "工单 {number} 有更改：{note}"),)
CHANGED_FAULT = (Tell(DESK, "工单 {number} 更正了故障：{note}。请看类别和师傅对不对。"),)
CHECK_PLACE = (Tell(DESK, "工单 {number} 要改到别人家：{note}。请核实后改地点。"),)
TIME_IN_NOTE = "时间我记在备注里了。"
RATED = (Tell(TECHNICIAN, "工单 {number} 业主给了 {note}。"),)
LOW_RATING = (Tell(DESK, "工单 {number} 评价偏低：{note}，请回访。"),)


def payload(intent: str, number: str, **more: str) -> str:
    """Return what a button sends: the intent and the order it is about, with what else it is about."""
    return f"/{intent}{json.dumps({'order_number': number, **more})}"


def tap(title: str, intent: str, number: str, **more: str) -> dict[str, str]:
    """Return a button about an order."""
    return {"title": title, "payload": payload(intent, number, **more)}
