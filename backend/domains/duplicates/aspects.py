"""What is broken and what is wrong with it, as far as plain words tell: tables of words. Pure.

A small encoder puts 「电梯按键不亮」 and 「电梯有异响」 close together because both are about a lift. These tables see the
difference where the words are common ones. They are evidence, never the whole decision: words that are in no table say
nothing, and general ones (坏了) agree with everything.
"""

import logging
import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import jieba

THINGS: dict[str, str] = {
    "lamp": r"灯|照明|亮化|黑咕隆|黑黢|黑漆|乌漆|黑麻|一片黑|摸黑|(?:黑|没)亮|一点亮都没",
    "lift door": r"(?:厅|轿)门|(?:电梯|梯)的?门|梯.{0,6}门",
    "lift button": r"按键|按钮|(?:按|摁)不亮|楼层键",
    "lift display": r"显示屏|楼层(?:数字|显示)|不显示楼层",
    "lift air": r"风扇|排气扇|排风|闷",
    "lift phone": r"五方对讲|(?:紧急|求救)(?:呼叫|按钮|电话)",
    "lift level": r"平层|差一截|对不齐",
    "fire door": r"防火门",
    "door": r"(?:单元|楼|玻璃|铁|大)门(?!口|外|那|边|头|禁|上)|(?<![厅防火禁出入消东西南北])门(?=.{0,4}(?:关|推|撞|弹|开|合|锁|回|卡))",
    "lock": r"(?<!地)锁(?!着)",
    "access": r"门[禁尽]|刷卡|刷脸|人脸|刷不开|门卡|闸机",
    "intercom": r"对讲",
    "barrier": r"道闸|[起抬落]落?杆|(?<!栏)杆(?!子)",
    "plate": r"车牌|识别(?!.{0,3}脸)",
    "camera": r"监控|摄像头|探头",
    "guard": r"保安|门岗|门卫",
    "fence": r"围栏|栅栏|围墙",
    "handrail": r"扶手|栏杆",
    "hydrant": r"消[防火]栓",
    "extinguisher": r"灭火器",
    "smoke alarm": r"烟感|烟雾报警",
    "alarm bell": r"警铃|警报|报警声",
    "exit sign": r"疏散|安全出口|指示[牌灯]",
    "sprinkler": r"喷淋",
    "wire": r"(?<!网)(?<!断)电线|线.{0,3}(?:耷拉|裸|露)|电缆",
    "socket": r"插座",
    "power box": r"配?电箱",
    "charger": r"充电桩|充不[进了]?电|充电棚|(?:桩|插座).{0,4}(?:不出电|没电)|充不了",
    "fly wire": r"飞线|拉线|楼道.{0,4}充电|充电.{0,4}楼道|电瓶车充电",
    "power": r"停电|没电|断电|跳[了]?闸|总开关|总闸",
    "water": r"停水|没水|水压|一滴都没|无水",
    "water colour": r"水.{0,4}(?:黄|浑|浊|锈)|(?:黄|浑|浊)水",
    "tap": r"水[龙笼]头",
    "pipe": r"水管|管子|管道|接头",
    "toilet": r"马桶|厕所|蹲坑|小便池",
    "drain": r"下水道|污水|排水|地漏|反水",
    "ceiling": r"天花板|吊顶|顶上|上面漏|漏雨",
    "manhole": r"井盖|窨井",
    "pump": r"水?泵",
    "wall": r"墙皮|墙面|白灰|墙(?=.{0,3}(?:鼓|掉|裂|霉))",
    "outer wall": r"外墙",
    "tile": r"地砖|瓷砖|地板砖",
    "step": r"台阶",
    "bump": r"减速带",
    "road": r"坑洼|大坑|路面|地坪",
    "window": r"窗",
    "glass": r"(?<!碎)玻璃(?!门|渣)",
    "shards": r"玻璃渣|碎玻璃",
    "canopy": r"雨棚|车棚顶",
    "mailbox": r"信箱|信报箱",
    "swing": r"秋千",
    "slide": r"滑梯(?!那)",
    "treadmill": r"跑步机",
    "bike": r"动感单车|椭圆机|脚踏",
    "mirror": r"镜子",
    "net": r"球?网(?=.{0,3}[破烂洞])",
    "court": r"地胶|塑胶",
    "mat": r"地垫",
    "bench": r"石凳|长椅|凳子|椅子",
    "floorboard": r"地板(?!砖)",
    "frame": r"架子|太阳能",
    "tree": r"树(?!枝)",
    "branch": r"树枝|树.{0,4}(?:高|挡|剪)",
    "lawn": r"草坪|草皮",
    "weeds": r"杂草|草长",
    "hedge": r"绿篱|冬青|灌木",
    "rubbish": r"垃圾(?!站|房|点|分类点)|厨余|垃圾桶",
    "bin": r"桶盖|桶.{0,3}(?:坏|破)",
    "bulky": r"沙发|床垫|旧家具|柜子",
    "clutter": r"杂物|纸箱|快递|鞋柜|堆(?=.{0,3}(?:物|满|放))",
    "pet mess": r"狗[屎粪便]|猫[屎粪便]|狗便|拉屎|粪",
    "urine": r"尿",
    "vomit": r"呕吐|吐了",
    "spill": r"打翻|洒|汤|黏脚|油乎",
    "oil": r"机油|漏了?油",
    "butts": r"烟头|抽烟",
    "wet floor": r"积水|湿漉|一地水|进水|淹",
    "parked car": r"僵尸车|破车|辆.{0,6}车(?!位).{0,6}(?:堵|停|占)|停了.{0,6}(?:车|SUV)|占.{0,3}车位",
    "e-bike": r"电瓶车(?!充)|电动车(?!充)|自行车",
    "ground lock": r"地锁",
    "pay machine": r"缴费",
    "cockroach": r"蟑螂",
    "rat": r"老鼠|耗子|鼠",
    "bee": r"[马黄]?蜂",
    "termite": r"白蚁",
    "snake": r"蛇",
    "mosquito": r"蚊",
    "dog": r"(?:野|流浪|条).{0,3}[狗犬]|狗(?=.{0,3}(?:叫|咬|追))",
    "cat": r"野?猫(?![屎粪便])",
    "dancing": r"跳舞|广场舞",
    "works": r"施工|工地|装修|电钻",
    "barbecue": r"烧烤|油烟",
    "network": r"网线|断网|宽带|没网|上不了网",
    "tv": r"电视",
    "signal": r"手机.{0,4}信号|没信号(?=.{0,6}扫码)|扫码出不去",
    "projector": r"投影",
    "microphone": r"话筒|麦克风",
    "air conditioner": r"空调",
    "gas supply": r"停气|没燃气|没气|灶都没火",
    "gas smell": r"煤气味|天然气漏|臭鸡蛋|燃气味",
}  # fmt: skip

TROUBLES: dict[str, str] = {
    "dead": (
        r"不亮|没亮|不着|灭|憋|瞎|挂|没反应|没用|失灵|不灵|停了|停运|停在|停梯|罢工|不动|不走|不来|不转|不开|不起来|用不了|down"
        r"|黑屏|不显示|没声|听不见|不响|无信号|没信号|刷不|认不出|没电|没水|停电|停水|断|黑(?!屏)|跳闸|不出电|吞卡|付不"
    ),
    "flicker": r"闪|忽明忽暗|(?:老是?|一直|在)跳(?!舞)",
    "always on": r"常亮|关不掉|一直亮|亮着",
    "noise": r"响|吵|轰隆|咣|哐|嗡|吱呀|叫个|一直叫",
    "shake": r"抖|晃(?!.{0,2}头)|一顿一顿|震动",
    "does not close": r"关不[上严拢]|合不[上拢]|不严|敞|一直开|锁不|不回弹|开了又开|反复开",
    "does not open": r"打不开|推不[开动]|卡死|卡住|进不去|出不[去来]|刷不[开了]|抬不|不抬|没抬|半天才开|降不下",
    "hits": r"撞人|弹回来|打到",
    "leak": r"漏(?!油|电)|渗|滴水|冒水|喷(?!.{0,3}(?:漆|药|多|淋|泉|头))|爆|流水|一直在流|泡了|关不住|进水|淹|积水",
    "blocked": r"堵(?!.{0,3}(?:门|死|车))|反水|冲不下|漫|冒出来",
    "smell": r"臭|味|熏|骚",
    "loose": r"松|翘|起鼓|晃荡|晃一|一扶就晃|耷拉|下垂|掉下来|脱落|掉(?!头)|歪|弯",
    "broken": r"裂|破(?!车)|断(?!网|电|水)|碎|烂|塌|缺|洞|倒",
    "not cold": r"不制冷|不凉|热风|好热",
    "dirty": r"脏|没人?扫|没拖|满出|没人?收|没人?清|没人?拉|成山",
    "expired": r"过期|压力不足|锈",
    "in the way": r"挡|碍事|伸到|进不去门",
}  # fmt: skip

KIN: frozenset[frozenset[str]] = frozenset(
    frozenset(pair)
    for pair in (
        ("loose", "broken"),
        ("loose", "shake"),
        ("noise", "shake"),
        ("dead", "does not open"),
        ("dead", "broken"),
        ("leak", "blocked"),
        ("dirty", "smell"),
        ("blocked", "in the way"),
        ("does not open", "in the way"),
        ("does not close", "loose"),
    )
)
"""Troubles that people name for one another."""

OPPOSITES: tuple[tuple[str, str], ...] = (
    (r"左(?:边|侧|手)", r"右(?:边|侧|手)"),
    (r"进口|入口|进门那|进来", r"出口(?!指示)|出门那"),
    (r"女[厕卫]|女洗手间", r"男[厕卫]|男洗手间"),
    (r"东[侧边头]", r"西[侧边头]"),
    (r"南[侧边头]", r"北[侧边头]"),
    (r"里[面侧]那", r"外[面侧]那"),
)
_NUMBERED = re.compile(r"(\d{1,4})号?(柱|车位|车库|摄像头|路灯|桩|泵|杆|井|灯|号位)|(柱|车位|桩|泵|杆|井|灯)(\d{1,4})")


LIFT = "lift"
"""The lift as a whole: that both speak of it says little as long as the trouble is not the same."""
_LIFT = re.compile(r"电梯|号梯")
GENERIC = frozenset(
    (
        "小区 问题 投诉 严重 影响 居民 生活 扰民 隐患 安全 质量 长期 经常 请求 解决 希望 时间 情况 电梯 大堂 楼下 "
        "楼顶 单元 门口 里面 外面 上面 下面 旁边 东西 地方 地上 地面 公共 公用 区域 业主 住户 邻居 老人 小孩 孩子 "
        "有人 没人 大家 师傅 物业 今天 昨天 昨晚 晚上 白天 早上 刚才 好几天 几天 好久 一直 老是 有点 真的 怎么 "
        "什么 那个 这个 一个 一块 一根 一排 一片 一堆 好多 很多 全是 都是 还是 是不是 不是 没有 不能 可以 能不能 "
        "坏了 不了 反映 发现 处理 清理 维修 修理 声音 味道 危险 差点 需要 现在 已经 然后 一下 一半 反应 失灵 "
    ).split()
)
"""Words that say nothing about which thing is meant."""
logging.getLogger("jieba").setLevel(logging.WARNING)


class Words(StrEnum):
    """What the words of two reports say about each other; SHARED: a noun that is in no table is in both."""

    AGREE = "agree"
    SHARED = "shared"
    OPEN = "open"
    DIFFER = "differ"


@dataclass(frozen=True, slots=True)
class Aspects:
    """What a report names."""

    things: frozenset[str]
    troubles: frozenset[str]
    sides: frozenset[tuple[int, int]]
    numbers: frozenset[tuple[str, str]]
    nouns: frozenset[str] = frozenset()


def _found(table: dict[str, str], words: str) -> frozenset[str]:
    return frozenset(name for name, pattern in table.items() if re.search(pattern, words))


@lru_cache(maxsize=8192)
def aspects(words: str) -> Aspects:
    """Return what the words of a fault name."""
    sides = frozenset(
        (pair, side)
        for pair, both in enumerate(OPPOSITES)
        for side, pattern in enumerate(both)
        if re.search(pattern, words)
    )
    numbers = frozenset((m[2] or m[3], m[1] or m[4]) for m in _NUMBERED.finditer(words))
    things = _found(THINGS, words) or frozenset({LIFT} if _LIFT.search(words) else ())
    return Aspects(things, _found(TROUBLES, words), sides, numbers, _nouns(words))


def _nouns(words: str) -> frozenset[str]:
    return frozenset(w for w in jieba.lcut(words) if len(w) > 1 and w not in GENERIC and not re.search(r"[\d\W]", w))


def compare(a: Aspects, b: Aspects) -> Words:
    """Return whether two reports speak of the same trouble of the same thing, as far as the tables know."""
    if _opposed(a, b) or things_apart(a, b) or _troubles_apart(a, b):
        return Words.DIFFER
    shared = (a.things & b.things) - (frozenset() if a.troubles & b.troubles else {LIFT})
    if shared:
        return Words.AGREE
    return Words.SHARED if a.nouns & b.nouns else Words.OPEN


def things_apart(a: Aspects, b: Aspects) -> bool:
    """Tell whether two reports name different things, a toilet and a cooler."""
    return bool(a.things and b.things and not a.things & b.things)


def _troubles_apart(a: Aspects, b: Aspects) -> bool:
    pairs = [frozenset((x, y)) for x in a.troubles for y in b.troubles]
    return bool(pairs) and not any(len(pair) == 1 or pair in KIN for pair in pairs)


def _opposed(a: Aspects, b: Aspects) -> bool:
    if any((pair, 1 - side) in b.sides and (pair, side) not in b.sides for pair, side in a.sides):
        return True
    kinds = {kind for kind, _ in a.numbers} & {kind for kind, _ in b.numbers}
    return bool(kinds) and not a.numbers & b.numbers
