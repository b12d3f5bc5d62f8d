"""What people are told about the work on site, as data. ``note`` is the name, reason or list of the case."""

from collections.abc import Mapping

from backend.domains.workorders.domain import Status
from backend.domains.workorders.wording import DESK, MATES, REPORTER, REPORTERS, TECHNICIAN, Tell

MATE_ADDED = Tell(
    TECHNICIAN, "{technician}请您一起处理工单 {number}：{place}，{fault}。到时一起过去，照片和检查单您也能填。"
)
MATE_GONE = Tell(TECHNICIAN, "工单 {number} 不用您一起去了。", with_card=False)
MATES_HEAR: Mapping[Status, Tell] = {
    Status.SUSPENDED: Tell(MATES, "您一起处理的工单 {number} 先挂起了：{note}。"),
    Status.FINISHED: Tell(MATES, "您一起处理的工单 {number} 已完工，等业主验收。"),
}
TRANSFER_ASKED = Tell(
    TECHNICIAN,
    "{technician}想把工单 {number} 转给您：{place}，{fault}。原因：{note}。您接吗？",
    (("接单", "accept_order"), ("不接", "decline_order")),
)
TRANSFER_ASKED_DESK = Tell(DESK, "工单 {number}：{technician}请求转单，{note}。等对方答复，答复前还在他手上。")
TRANSFER_TAKEN = Tell(TECHNICIAN, "工单 {number} {note}接了，您不用再管了。", with_card=False)
TRANSFER_TAKEN_DESK = Tell(DESK, "工单 {number} 已转单：{note}。")
TRANSFER_TAKEN_REPORTERS = Tell(REPORTERS, "工单 {number} 改由{technician}来处理，进展照常告诉您。")
TRANSFER_DECLINED = Tell(TECHNICIAN, "工单 {number} 转单没成：{note}。这张单还在您手上。")
TRANSFER_DECLINED_DESK = Tell(DESK, "工单 {number} 转单没成：{note}。单子还在原师傅手上，需要的话请改派。")
TRANSFER_OVER = Tell(TECHNICIAN, "工单 {number} 不用您接了，转单已取消。", with_card=False)
OPEN_ITEMS = Tell(TECHNICIAN, "工单 {number} 已完工，检查单还有没填的：{note}。有空请在手机页补上。", with_card=False)
SIGNED = Tell(REPORTER, "工单 {number} 已在现场签字（签名：{note}）。签字只是到场的凭证，修没修好还是请您来验收。")
RESUME_DUE = Tell(
    TECHNICIAN,
    "工单 {number} 说好这个时候继续：{place}，{fault}。能去了请点一下。",
    (("恢复", "accept_order"),),
)
REMARKED = (Tell(TECHNICIAN, "工单 {number} 内部备注：{note}"),)
