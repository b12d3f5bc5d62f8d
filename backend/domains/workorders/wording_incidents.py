"""What people are told about incidents, splits and merges taken back, as data.

Fields: title, number (of the person's own order), homes, expected (「，预计 今天 18:30 恢复」 or nothing), text.
"""

from backend.domains.workorders.wording import DESK, REPORTERS, TECHNICIAN, Tell

KNOWN = "{title}我们已经知道了，目前有 {homes} 户受影响，师傅正在统一处理{expected}。您报的记为工单 {number}，有进展马上告诉您。"
UPDATE = "{title}的最新情况：{text}{expected}。"
EXPECTED = "，预计 {at} 恢复"
NOT_YET_EXPECTED = "，恢复时间一确定就告诉您"
RECOVERED = "{title}处理好了：「{text}」。您家里恢复了吗？（工单 {number}）"
RECOVERED_BUTTONS = (("恢复了", "confirm_work_order"), ("还没有", "reject_work_order"))
OPENED_FOR_DESK = "{homes} 户同时报{title}，已合成一件事件 {incident}，只派一路师傅。请确认并填写预计恢复时间。"
PROPOSED_FOR_DESK = "{homes} 户先后报{title}，可能是同一件事。请看一下，是的话可以建成事件统一处理。"
MASTER_DONE_FOR_DESK = "事件 {incident}（{title}）的师傅说修好了：「{text}」。请确认后点「已恢复」，逐户问一遍。"

PULLED_BACK = (Tell(TECHNICIAN, "工单 {number} 是{note}里的一户，已统一处理，不用单独去了。"),)
DONE_WITH_IT = (Tell(TECHNICIAN, "工单 {number} 所在的{note}已恢复，不用再去了。"),)
ON_ITS_OWN = (Tell(REPORTERS, "您报的 {number} 不是{note}，已单独处理，正在安排师傅。"),)
STILL_OUT = (Tell(DESK, "{note}恢复后，工单 {number} 的业主说家里还没好，已单独派单：{place}，{fault}。"),)
SEPARATED_AGAIN = (
    Tell(REPORTERS, "刚才把 {number} 和 {note} 合并是我们弄错了，现在仍按 {number} 单独处理。"),
    Tell(TECHNICIAN, "工单 {number} 不合并了，仍请照原来的安排去。"),
)
SPLIT = "您说的是 {count} 件事，已分成 {count} 张工单分别处理：{parts}。各有进展都会告诉您。"
SPLIT_PART = "{number}（{category}：{fault}）"
