"""What people are told about costs and quotes, as data."""

from backend.domains.workorders.wording import DESK, TECHNICIAN, Tell

QUOTED = "工单 {number} 的报价{again}：\n{lines}\n合计 {total}。同意后师傅才动工，收费不会超过这个数。按这个价修吗？"
AGAIN = "有改动，以这次为准"
QUOTE_BUTTONS = (("同意", "accept_quote"), ("不同意", "decline_quote"))
ACCEPTED = (
    Tell(TECHNICIAN, "工单 {number} 业主同意报价{reason}。可以动工了。"),
    Tell(DESK, "工单 {number} 业主同意报价{reason}。", with_card=False),
)
DECLINED = (
    Tell(TECHNICIAN, "工单 {number} 业主不同意报价{reason}。收费的部分先不做，要等就先挂起。"),
    Tell(DESK, "工单 {number} 业主不同意报价{reason}。请跟进。"),
)
SHORT = (Tell(DESK, "库存不足：工单 {number} 用料「{note}」没能出库，请补货或盘点。"),)
SHORT_TITLE, SHORT_ANSWER = "库存不足", "库存不足，没有出库，已按文字记下并告诉客服。"
