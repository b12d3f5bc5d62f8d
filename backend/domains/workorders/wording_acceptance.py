"""What people are told while finished work waits for a word of theirs, as data."""

from backend.domains.workorders.wording import DESK, FOLLOWERS, REPORTER, REPORTERS, TECHNICIAN, Tell

ACCEPT_OR_NOT = (("验收通过", "confirm_work_order"), ("没修好", "reject_work_order"))

REMIND = (
    Tell(
        REPORTERS,
        "工单 {number} {technician}说修好了，您看过了吗？到 {note} 还没有您的回音，系统会按修好了验收。",
        ACCEPT_OR_NOT,
    ),
)
LAST_CALL = (
    Tell(
        REPORTERS, "工单 {number} 修好了吗？再没有您的回音，{note} 系统就按修好了验收，之后有问题也管。", ACCEPT_OR_NOT
    ),
)
REMIND_DESK = (
    Tell(DESK, "工单 {number} 已完工，没有业主可以验收，请客服看一下：{place}，{fault}。到 {note} 由系统验收。"),
)
NOBODY_WAITS = (Tell(DESK, "工单 {number} 已完工：「{note}」。没有业主报修人，请客服验收：{place}，{fault}。"),)

ACCEPTED_NOTE = "{hours} 小时没有回音，系统验收"
ACCEPTED_BY_SYSTEM = (
    Tell(REPORTER, "工单 {number} 一直没有您的回音，先按修好了验收。{note} 前还有问题，点「没修好」，师傅再来。",
         (("没修好", "reject_work_order"), ("评价", "rate_work_order"))),
    Tell(FOLLOWERS, "工单 {number} 先按修好了验收，谢谢您反映。还有问题随时告诉我。"),
    Tell(TECHNICIAN, "工单 {number} 业主一直没有回音，系统已验收。"),
)  # fmt: skip
CLOSED_NOTE = "验收后没有新的意见，系统结单"

OPENED_ANEW = "原单 {earlier} 的保修期（{days} 天）到 {until} 为止，已过期，另开新单"
TOLD_AGAIN = "过了保修期又报，另开新单 {later}"
ANEW = "工单 {earlier} 的保修期（{days} 天）{until} 已经过了，我另开了新单 {number}，照样派师傅来看。"
GONE = "原来的师傅不在岗，也没有别的对口师傅"
