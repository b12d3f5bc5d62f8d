"""What the log's tables, actions and channels are called, and which columns hold the id of what. Pure."""

from collections.abc import Mapping
from typing import Any

ACTIONS: dict[str, str] = {"create": "新建", "update": "修改", "delete": "删除"}
ENTITIES: dict[str, str] = {
    "work_orders": "工单",
    "work_order_followers": "工单关注人",
    "work_order_repeats": "重复报修",
    "work_order_arrivals": "到场",
    "work_order_photos": "现场照片",
    "work_order_signatures": "现场签字",
    "work_order_mates": "同行师傅",
    "work_order_transfers": "转单",
    "work_order_checklists": "工单检查单",
    "work_order_checklist_items": "检查单项目",
    "checklist_templates": "检查单模板",
    "work_order_relations": "工单关联",
    "work_order_merges": "工单合并",
    "incidents": "事件",
    "labels": "标签",
    "shifts": "班次",
    "leaves": "请假",
    "dispatch_rules": "派单规则",
    "dispatch_offers": "抢单",
    "saved_filters": "保存的筛选",
    "not_same_faults": "不是同一件事",
    "assets": "设备",
    "people": "人员",
    "memberships": "身份",
    "companies": "公司",
    "communities": "小区",
    "buildings": "楼栋",
    "rooms": "房屋",
    "places": "地点",
    "media": "图片",
    "conversations": "会话",
    "documents": "知识文档",
    "calendar_days": "放假安排",
    "clock_hours": "工作时间",
    "clock_targets": "时限标准",
    "training_models": "模型",
    "training_runs": "训练",
    "stock_items": "物料",
    "price_items": "价目",
    "work_order_costs": "工单费用",
    "work_order_quotes": "报价",
    "acceptance_terms": "验收时限",
    "warranty_terms": "保修期",
    "work_order_ratings": "评价",
    "orders_after_warranty": "过保后的工单",
    "callbacks": "回访",
    "callback_terms": "回访规则",
    "complaints": "投诉",
    "complaint_terms": "投诉时限",
    "channel_bindings": "渠道绑定",
}
CHANNELS: dict[str, str] = {
    "web": "网页",
    "bot": "管家代办",
    "wechat": "微信",
    "voice": "语音",
    "alarm": "设备报警",
    "open311": "开放接口",
    "system": "系统",
}

PERSON, ASSET, ROOM, ORDER, COMMUNITY = "person", "asset", "room", "order", "community"
POINTS_TO: dict[str, str] = {
    "reporter_id": PERSON,
    "technician_id": PERSON,
    "staff_id": PERSON,
    "person_id": PERSON,
    "owner_id": PERSON,
    "said_by_id": PERSON,
    "uploaded_by_id": PERSON,
    "started_by": PERSON,
    "created_by": PERSON,
    "used_by": PERSON,
    "wanted_by": PERSON,
    "added_by_id": PERSON,
    "changed_by_id": PERSON,
    "decided_by_id": PERSON,
    "from_id": PERSON,
    "to_id": PERSON,
    "assigned_to_id": PERSON,
    "handler_id": PERSON,
    "answered_by_id": PERSON,
    "asset_id": ASSET,
    "room_id": ROOM,
    "work_order_id": ORDER,
    "opened_id": ORDER,
    "first_id": ORDER,
    "second_id": ORDER,
    "earlier_id": ORDER,
    "community_id": COMMUNITY,
}
"""Columns whose value is the id of a row, and of what."""

SUBJECT_OF: dict[str, str] = {
    "work_orders": ORDER,
    "assets": ASSET,
    "people": PERSON,
    "rooms": ROOM,
    "communities": COMMUNITY,
}
"""Tables whose rows are named by their own id; a line of another table is about the first row it points to."""


def title_of(titles: Mapping[str, str], value: str) -> str:
    """Return the Chinese name; what is new shows by its own."""
    return titles.get(value, value)


def keys_called(titles: Mapping[str, str], words: str) -> list[str]:
    """Return the keys whose Chinese name contains the words."""
    return [key for key, title in titles.items() if words in title]


def ids_in(row: Mapping[str, Any] | None) -> list[tuple[str, int]]:
    """Return what a row points to, as (kind, id)."""
    return [(kind, value) for name, kind in POINTS_TO.items() if isinstance(value := (row or {}).get(name), int)]
