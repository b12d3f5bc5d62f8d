"""Chinese for orders: when, who, where and how far. Pure."""

import json
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from actions._client import Order

SHANGHAI = ZoneInfo("Asia/Shanghai")
WEEKDAYS = "一二三四五六日"
MORNING = 9
"""The hour of a day that is said without one."""
NO_LINK = frozenset("一没不有在又还老总是漏滴坏掉开关打堵断停跳冒我你您他她它这那家需要想请刚突")
"""A fault that begins so takes a comma after the place instead of 的."""

Button = dict[str, str]


def when(moment: str, now: datetime | None = None) -> str:
    """Return an ISO moment as people read it: 今天 14:05, 周六 11-28 09:00. The day always stands with it."""
    there = datetime.fromisoformat(moment).astimezone(SHANGHAI)
    here = (now or datetime.now(UTC)).astimezone(SHANGHAI)
    near = {-1: "昨天", 0: "今天", 1: "明天", 2: "后天"}.get((there.date() - here.date()).days)
    if near:
        return f"{near} {there:%H:%M}"
    if there.year != here.year:
        return f"{there:%Y-%m-%d %H:%M}"
    return f"周{WEEKDAYS[there.weekday()]} {there:%m-%d %H:%M}"


def day(moment: str) -> str:
    """Return the day of an ISO moment in full, with the hour unless it is the morning's first: 周五 12-04."""
    there = datetime.fromisoformat(moment).astimezone(SHANGHAI)
    hour = "" if (there.hour, there.minute) == (MORNING, 0) else f" {there:%H:%M}"
    return f"周{WEEKDAYS[there.weekday()]} {there:%m-%d}{hour}"


def promised(order: Order, now: datetime | None = None) -> str:
    """Return when somebody is there: 今天 15:00–16:30 之间到, 今天 14:30 前到; nothing where nothing was promised."""
    since, until = order.get("promised_from"), order["promised_at"]
    if not until:
        return ""
    if not since:
        return f"{when(until, now)} 前到"
    first, last = (datetime.fromisoformat(moment).astimezone(SHANGHAI) for moment in (since, until))
    end = f"{last:%H:%M}" if first.date() == last.date() else when(until, now)
    return f"{when(since, now)}–{end} 之间到"


def technician(order: Order) -> str:
    """Return how the technician is called, 李师傅."""
    person = order["technician"]
    name = person["name"] if person else ""
    return name if name.endswith("师傅") else f"{name[:1]}师傅"


def what(order: Order) -> str:
    """Return place and fault in one breath: 3号楼2单元 楼下的灯不亮."""
    place, fault = order["place_text"], order["fault"].strip("。，,. ")
    inner = order["location"].get("place") or ""
    if inner and fault.startswith(inner):
        fault = fault[len(inner) :].lstrip("的") or fault
    if f"{fault}了" in (order["location"].get("raw") or ""):
        fault += "了"
    known = any(order["location"].get(name) for name in ("building", "place"))
    if not place or not known:  # a place that nobody knows is shown by the words, and these are only the fault
        return fault
    separate = fault[:1] in NO_LINK or len(fault) > 16 or (inner and inner in fault)
    return f"{place}，{fault}" if separate else f"{place}的{fault}"


def arrival(order: Order) -> str:
    """Return who comes and when."""
    if order["technician"] is None:
        return waits(order)
    if order["preferred_time"]:
        return f"{technician(order)}按您约的 {when(order['preferred_time'])} 上门"
    if order["promised_at"]:
        return f"{technician(order)}预计 {promised(order)}"
    return f"已派给{technician(order)}"


def waits(order: Order) -> str:
    """Return what an order without a technician waits for."""
    if order.get("confirmation") == "pending":
        return "已受理。这不是您登记的房屋，客服会先核实，再安排师傅上门"
    return "已受理，客服正在安排师傅"


def stands(order: Order) -> str:
    """Return where an order stands: 李师傅已接单，预计 今天 15:00 前到."""
    him = technician(order) if order["technician"] else "师傅"
    expected = f"，预计 {promised(order)}" if order["promised_at"] else ""
    accepted = "已有业主验收" if order.get("following") else "您已验收"
    return {
        "reported": waits(order),
        "triaged": waits(order),
        "dispatched": f"已派给{him}{expected}",
        "accepted": f"{him}已接单{expected}",
        "on_site": f"{him}已到现场，正在处理",
        "finished": f"{him}说修好了，等您验收",
        "accepted_by_owner": accepted,
        "suspended": f"{him}先暂停了，有进展马上告诉您",
        "reopened": "已登记返修，正在安排师傅再来",
        "merged": f"已并入 {order.get('merged_into') or '另一张工单'} 一起处理",
    }.get(order["status"], order["status_title"])


def progress(order: Order) -> str:
    """Return where an order stands, with the time of the last change."""
    return f"{order['number']} {what(order)}：{stands(order)}（{when(order['updated_at'])} 更新）。"


def title(order: Order) -> str:
    """Return an order as the title of a button: SH2611-0032 楼下 灯坏了."""
    place = order["location"].get("place") or order["place_text"]
    return " ".join(part for part in (order["number"], place, order["fault"][:12]) if part)


def card(order: Order) -> dict[str, Any]:
    """Return the card of an order."""
    return {"type": "work_order", **order}


def button(text: str, intent: str, **entities: str) -> Button:
    """Return a button that says an intent."""
    values = json.dumps(entities, ensure_ascii=False) if entities else ""
    return {"title": text, "payload": f"/{intent}{values}"}


def spoken(text: str) -> Button:
    """Return a button that says plain words."""
    return {"title": text, "payload": text}


STAR_TITLES = {5: "5星 很满意", 4: "4星 满意", 3: "3星 一般", 2: "2星 不满意", 1: "1星 很不满意"}


def star_buttons(number: str) -> list[Button]:
    """Return five stars to one."""
    return [button(t, "rate_work_order", order_number=number, stars=str(n)) for n, t in STAR_TITLES.items()]


_OWNER_MOVES = (
    ("accepted_by_owner", "验收通过", "confirm_work_order"),
    ("reopened", "没修好", "reject_work_order"),
    ("cancelled", "撤单", "cancel_work_order"),
)
_TECHNICIAN_MOVES = (
    ("accepted", "accept_order"),
    ("on_site", "arrive_on_site"),
    ("finished", "finish_order"),
    ("triaged", "decline_order"),
)


def owner_buttons(order: Order) -> list[Button]:
    """Return what an owner may do with an order now."""
    legal = {move["to"] for move in order["allowed"]}
    found = [button(t, intent, order_number=order["number"]) for to, t, intent in _OWNER_MOVES if to in legal]
    if order["status"] in {"triaged", "dispatched", "accepted", "suspended", "reopened"}:
        found.append(button("催一下", "urge_work_order", order_number=order["number"]))
    return found


def technician_buttons(order: Order) -> list[Button]:
    """Return the next step of a technician, and the way back where there is one."""
    titles = {move["to"]: move["title"] for move in order["allowed"]}
    return [
        button(titles[to], intent, order_number=order["number"]) for to, intent in _TECHNICIAN_MOVES if to in titles
    ]
