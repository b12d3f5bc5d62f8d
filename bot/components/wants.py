"""What people want besides having a fault put right, as said in passing. Plain data: intent → how a clause says it."""

from __future__ import annotations

import re

_FEE = "物业费|水电费|水费|电费|管理费|停车费|车位费|取暖费|暖气费|燃气费|公摊|欠费|账单|费用"
_PLACE = "羽毛球|球场|场地|会议室|健身房|活动室|会所|泳池|乒乓球|棋牌室|烧烤区"

WANTS: dict[str, re.Pattern[str]] = {
    "handoff": re.compile("转人工|找(?:个)?(?:人工|真人|客服)|人工客服"),
    "request_invoice": re.compile("(?:开|要|补|打|给).{0,5}(?:发票|收据)|(?:发票|收据).{0,5}(?:开|发|给|寄)"),
    "dispute_bill": re.compile(f"(?:{_FEE}).{{0,8}}(?:不对|多收|算错|收错|有问题|太高|咋这么|怎么这么)"),
    "pay_bill": re.compile(
        f"(?:交|缴|付|充|结)(?:一下|下|个|了|清|掉|我家|我的|这个月|上个月|本月|的)*(?:{_FEE})|(?:{_FEE})(?:也|都|给|帮我|我|要|想|先|一起|一块|顺手)*(?:交|缴|付|结)(?!了.{{0,3}}[多年几]|[得着]|[那这]么)"
    ),
    "query_bill": re.compile(
        f"(?:查|看|问|算).{{0,6}}(?:{_FEE})|(?:{_FEE}).{{0,6}}(?:多少|几块|明细|还欠)|欠(?:了|着|你们)?(?:多少|费)"
    ),
    "cancel_booking": re.compile(
        f"(?:取消|退).{{0,6}}(?:预约|预订|{_PLACE}|车位)|(?:{_PLACE}|车位).{{0,6}}(?:取消|退掉|不去了)"
    ),
    "query_booking": re.compile("(?:我|之前|昨天)?(?:订|约|预约)(?:的|了).{0,8}(?:几点|哪天|什么时候|成功|时间)"),
    "book_facility": re.compile(
        f"(?:订|定|约|预约|预定|预订|占|留)(?:一下|下|个|一个|一片|一场|一小时|的)*.{{0,6}}(?:{_PLACE})|(?:{_PLACE}).{{0,6}}(?:订|约一|约个|定个|预约|预订|留)"
    ),
    "book_parking": re.compile(
        "(?:订|约|预约|预留|留|租|借)(?:一下|下|个|一个)*.{0,4}(?:车位|停车位)|车位.{0,4}(?:订|约|留)"
    ),
    "invite_visitor": re.compile(
        "(?:访客|客人|朋友|亲戚|同学|家政|月嫂|搬家).{0,10}(?:码|通行证|登记一下|放行|放进|邀请)|(?:开|发|弄|给|要|办)(?:我|他|她|个|一个|张)*(?:访客|通行|临时)(?:码|证|权限)"
    ),
    "register_vehicle": re.compile(
        "(?:登记|录入|录|绑定|绑|备案|加)(?:一下|下|个|我的|新)*(?:车牌|车辆|新车)|(?:车牌|新车).{0,6}(?:登记|录|绑|备案)"
    ),
    "apply_renovation": re.compile("装修.{0,6}(?:申请|手续|备案|报备|许可)|(?:申请|办|报备).{0,4}装修"),
    "join_event": re.compile("报(?:个|一下|上)?名|(?:活动|讲座|亲子|运动会).{0,6}(?:参加|报)"),
    "query_announcement": re.compile(
        "(?:停水|停电|停气|停暖).{0,8}(?:什么时候|几点|通知|吗|多久|恢复)|(?:公告|通知).{0,6}(?:看|查|有没有|发)"
    ),
    "urge_work_order": re.compile("催(?:一下|下|催|个|单)|(?:报|上次|昨天).{0,10}(?:单|修).{0,6}(?:快点|赶紧|抓紧)"),
    "query_work_order": re.compile(
        "(?:单子|工单|报修|报的|上次报|之前报).{0,10}(?:到哪|怎么样了|啥情况|什么情况|进度|修好没|处理没|有没有)"
    ),
    "ask_faq": re.compile(
        "(?:押金|押多少|几点(?:开门|关门|下班|上班)|上班时间|电话是?多少|怎么办理|需要什么(?:材料|证件)|什么规定)"
    ),
}
"""Tried in this order; the first that is said counts for a clause."""


def wanted(clause: str) -> str | None:
    """Return the intent that the clause asks for, None when it asks for none of these."""
    return next((intent for intent, says in WANTS.items() if says.search(clause)), None)
