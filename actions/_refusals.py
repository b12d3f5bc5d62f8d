"""What is refused whatever the model takes it for: other people's data, orders to the bot itself; and calm words for rude ones."""

import re
from dataclasses import dataclass

from actions._pointing import short_numbers
from actions._said import Said

HOMES = frozenset({"owner", "tenant"})
NEVER_REFUSED = frozenset({"report_emergency", "report_repair", "complain", "handoff"})
"""Who means one of these wants help, whomever they name."""
SURE = 0.6

_DATA = "手机号码?|电话(?!(?:打不|不通|坏|没))|联系方式|身份证|姓名|名单|名字|微信|车牌|户型|门禁密码|门锁密码|密码|住址|个人信息|信息|资料"
_OTHERS = "所有|全部|全体|每[个户家]|其他|其它|别的|别人|邻居|隔壁|对门|楼上|楼下|业主们|[业住]户"
_ASKS = "发|给|查|告诉|要|提供|导出|列|是多少|多少|有没有|看"
_HOME = r"(?<!\d)\d{3,4}(?:室|号房|房|户|号)?(?!\d)"

REFUSED_DATA = "别人的信息我不能提供，您的信息我也不会告诉别人。有事要找邻居，发「转人工」，客服帮您转达。"
REFUSED_ORDERS = "我只按物业的规矩办事，内部的设定不能透露，也不能改。报修、查进度这些事，直接跟我说就行。"
CALM = "抱歉，让您不痛快了。是什么事，您说一句，我马上办；想直接找人说，点「转人工」。"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Words that ask for something that nobody gets; ``residents``: staff may ask it."""

    says: re.Pattern[str]
    text: str
    residents: bool = True


REFUSALS: tuple[Refusal, ...] = (
    Refusal(
        re.compile(
            r"(?:忽略|无视|忘[掉记]|不要管|跳过).{0,8}(?:指令|规则|设定|提示|要求|限制)|系统提示|提示词|"
            r"system\s*prompt|ignore (?:all|previous|the)|开发者模式|越狱|jailbreak|(?:你|您)的(?:内部)?(?:指令|设定|规则)是",
            re.IGNORECASE,
        ),
        REFUSED_ORDERS,
        residents=False,
    ),
    Refusal(
        re.compile(rf"(?:所有|全部|全体|每[个户家]).{{0,6}}(?:业主|住户|人|邻居).{{0,6}}(?:{_DATA})"),
        REFUSED_DATA,
        False,
    ),
    Refusal(
        re.compile(
            rf"(?:{_OTHERS}).{{0,8}}(?:{_DATA}).{{0,6}}(?:{_ASKS})|(?:{_ASKS}).{{0,6}}(?:{_OTHERS}).{{0,6}}(?:{_DATA})"
        ),
        REFUSED_DATA,
    ),
    Refusal(re.compile(r"(?:谁住|住的?(?:是|着|了)?谁|住的?(?:是)?(?:哪|什么)人|[户房业]主是谁)"), REFUSED_DATA),
    Refusal(
        re.compile(rf"{_HOME}.{{0,8}}(?:欠|交没交|交了没|{_DATA}|叫什么|是谁|在不在家|几个人)"),
        REFUSED_DATA,
    ),
)
_ADDS = re.compile(r"补充|备注|加[上一]?句|写上|注明")
_GIVEN = re.compile(_DATA)
_WANTS = re.compile(r"[?？吗]|多少|谁|告诉我|发我|发给我|给我|查|提供|导出|有没有|看看")
_OWN = re.compile(r"我的|我家|我们家|本人|我自己")
_RUDE = re.compile(
    r"傻[逼叉比bB]|煞笔|(?<![a-z])sb(?![a-z])|滚(?:蛋|开|吧|$|[，。！!,])|骗子|废物|蠢货|白痴|脑残|智障|[操草艹]你|他?妈的|tmd|fuck|去死|混蛋|王八|狗屁|不要脸|吃屎|垃圾(?:物业|客服|管家|公司|机器人|东西)|神经病|有病吧",
    re.IGNORECASE,
)


def gives(said: Said) -> bool:
    """Whether somebody adds data to an order that they name (「补充一下 SH2612-0009，门禁密码是2468」): given, not asked for."""
    words = said.typed or ""
    of_order = said.order_number or any(short.sure for short in short_numbers(words))
    return bool(of_order and _ADDS.search(words) and _GIVEN.search(words) and not _WANTS.search(words))


def refusal(said: Said) -> str | None:
    """Return why a message is refused, None when it is not. One's own home may be asked about."""
    words = said.typed
    if not words or gives(said) or (said.intent in NEVER_REFUSED and said.confidence >= SURE):
        return None
    resident = not said.roles or bool(HOMES & set(said.roles))
    for one in REFUSALS:
        match = one.says.search(words)
        if match and (resident or not one.residents) and not (one.residents and _is_own(said, words)):
            return one.text
    return None


def _is_own(said: Said, words: str) -> bool:
    rooms = re.findall(_HOME, words)
    return bool(_OWN.search(words)) or bool(
        rooms and said.home and all(room.strip("室号房户") in said.home for room in rooms)
    )


def is_rude(words: str | None) -> bool:
    """Whether somebody swears."""
    return bool(words and _RUDE.search(words))
