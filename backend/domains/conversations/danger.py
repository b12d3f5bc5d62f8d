"""The danger layer: words that mean danger to life or spreading damage, caught before and beside the model.

Each kind is a row of data: what is said, what to do at once (three lines), whom to call, which category the order gets.
Words that show that it is over, only asked about or meant otherwise (``_NOT_NOW``) hold it back.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from backend.domains.conversations import danger_model


@dataclass(frozen=True, slots=True)
class Danger:
    """One kind of danger."""

    kind: str
    title: str
    category: str
    says: re.Pattern[str]
    lines: tuple[str, str, str]
    phones: tuple[tuple[str, str], ...]


_FIRE = ("119 火警", "119")
_AMBULANCE = ("120 急救", "120")
_POLICE = ("110 报警", "110")

DANGERS: tuple[Danger, ...] = (
    Danger(
        "trapped",
        "电梯困人",
        "elevator",
        re.compile(
            r"困.{0,4}(?:电?梯|轿厢)|(?:电?梯|轿厢).{0,12}(?:困|(?:关|卡).{0,3}(?:人|住|里|在|着))|电?梯.{0,8}(?:出不[来去]|门打不开.{0,6}(?:人|里面|孩子|老人))|(?:被|给)?(?:困|关|卡)(?:在|住).{0,3}(?:电梯|梯子|轿厢)"
        ),
        ("不要扒门、不要跳，靠里侧站稳。", "按轿厢里的黄色警铃或对讲。", "救援人员正在赶来，请保持手机畅通。"),
        (_FIRE,),
    ),
    Danger(
        "fire",
        "起火冒烟",
        "fire_safety",
        re.compile(
            r"(?:着|起|失)火(?!锅)|火灾|冒(?:黑|浓|大|好多|很多)?烟|(?:烧|燃)起来|火苗|明火|浓烟|(?:电瓶车|电动车|充电器|插座|电表箱?|配电箱).{0,6}(?:烧|着了|炸|冒火)|(?:打|拨|叫).{0,2}119"
        ),
        ("马上离开，走楼梯，不要坐电梯。", "弯腰用湿毛巾捂住口鼻，关上身后的门。", "到安全处拨 119，说清几号楼几层。"),
        (_FIRE, _AMBULANCE),
    ),
    Danger(
        "sparks",
        "电器打火焦味",
        "electrical",
        re.compile(
            r"(?:插座|插排|排插|插头|开关|电[表线]箱?|配电[箱盒]|电箱|线路|电器|充电桩).{0,12}(?:[烧焦糊].{0,2}味|胶皮味|塑料味|打火花|冒火[花星]|火[花星])|"
            r"(?:[烧焦]糊|烧焦|焦糊|胶皮|电线|电木).{0,4}味(?!.{0,4}(?:锅|菜|饭))"
        ),
        ("不要碰它，也不要拔插头。", "能安全走到总闸的话，先断电。", "看到明火或浓烟马上离开，拨 119。"),
        (_FIRE,),
    ),
    Danger(
        "gas",
        "燃气泄漏",
        "gas",
        re.compile(
            r"(?:燃气|煤气|天然气|液化气|瓦斯).{0,6}(?:泄|漏|味|臭)|(?:漏|泄).{0,2}(?:燃气|煤气|天然气|瓦斯)|(?:闻到|一股|有|好大|很浓).{0,6}(?:燃气|煤气|天然气)味?|(?:煤气|一氧化碳)(?:中毒|报警)|(?:热水器|壁挂炉|燃气|煤气|灶).{0,14}(?:头.{0,3}晕|恶心|想吐|胸闷|喘不)"
        ),
        ("不要开关任何电器，不要打电话、点火。", "轻轻打开门窗，关上燃气总阀。", "人先到室外，再打电话求助。"),
        (_FIRE, _AMBULANCE),
    ),
    Danger(
        "shock",
        "触电漏电",
        "electrical",
        re.compile(
            r"触电|(?:开关|插座|插头|龙头|花洒|热水器|洗衣机|冰箱|水管|外壳|栏杆|路灯).{0,10}(?:麻手|手.{0,3}麻|(?<!震)麻了|过电)|(?:被|给)电(?:到|了|着|倒)|电(?:到|着|倒)(?:人|了人|我)|(?:漏电|带电).{0,8}(?:人|麻|打手|手)|电线.{0,8}(?:掉|垂|裸|断).{0,8}(?:地|路|水|人)"
        ),
        ("不要用手去拉触电的人。", "先关掉总闸，或用干木棍把电线挑开。", "人不清醒马上拨 120，周围的人离远。"),
        (_AMBULANCE, _FIRE),
    ),
    Danger(
        "burst",
        "爆管喷水",
        "plumbing",
        re.compile(
            r"(?:水|暖气?|消防)?管.{0,3}爆|爆.{0,3}管|(?:水|暖气).{0,8}(?:喷|狂涌|哗哗|哗啦).{0,6}(?:出来|不停|停不|一屋|满地|流)|(?:水|污水).{0,4}(?:漫|淹).{0,6}(?:电|进|到|满)|淹(?:了|水|到)"
        ),
        ("先关进户水阀，断开附近的电源。", "不要站在水里碰电器。", "贵重物品移到高处，人先离开积水处。"),
        (_FIRE,),
    ),
    Danger(
        "injury",
        "有人受伤或晕倒",
        "other",
        re.compile(
            r"(?:晕|昏)(?:倒|过去|迷)|(?:没有?|无)了?(?:呼吸|意识|知觉|心跳)|救命|掉.{0,3}(?:水|河|池|井)里|心(?:脏病|梗)|(?:流|出).{0,3}(?:好多|很多|大量|不少|一地).{0,2}血|(?:摔|砸|撞|压|咬|刺|捅|砍|烫|烧)(?:伤|断|倒|到).{0,3}(?:人|了|头|腿|老人|孩子)|有人.{0,6}(?:受伤|倒在|倒地|摔倒)|(?:叫|打|拨).{0,3}(?:120|救护车)|(?:坠|跳|掉下)楼|溺水|落水|割腕|轻生|自杀"
        ),
        ("确认周围安全，不要随便搬动伤者。", "马上拨 120，说清位置和伤情。", "有人接应救护车，物业会打开通道。"),
        (_AMBULANCE, _POLICE),
    ),
    Danger(
        "violence",
        "有人行凶闹事",
        "other",
        re.compile(
            r"(?:拿|持|挥|带).{0,4}(?:刀|棍|枪|斧)|(?:砍|捅|杀|绑架|抢劫)(?:人|我|了)|打(?:起来|群架|人了|死)|(?:打|拨|叫|报).{0,2}110|(?:打|拨|叫).{0,2}警(?![铃示器])|(?:快|要|得|请|去|帮忙|帮我|赶紧|马上|已经|我)(?:你们|我)?报(?:个|了)?警(?![铃示器])|^报警(?:啊|吧|[!！。，,])*$|入室|撬(?:门|锁)进"
        ),
        ("先躲到安全处，锁好门，不要上前。", "马上拨 110，说清地点和人数。", "保安正在过去，请保持手机畅通。"),
        (_POLICE, _AMBULANCE),
    ),
)

_NOT_NOW = re.compile(
    r"演习|演练|培训|讲座|检查|年检|什么时候|怎么(?:办理|报警)|灭了|扑灭|已经(?:好|没事|处理|解决|救|出来|关|修)|没事了|虚惊|误报|假的|上次|上周|上个?月|去年|前[天年]|昨[天晚]|之前|以前|(?:防|灭)火|万一|如果|要是|会不会|怕.{0,4}(?:着火|起火|漏电|触电|爆)|担心|容易|隐患|应该怎么|怎么预防|保险|赔|抽烟|炒菜|烧烤|打不着|点不着|不着火|打火(?!花)|没着火|开通|新闻|电影|警示|报警器?(?:坏|响了?一下|没电|老是)"
)
_STILL = re.compile(r"现在|正在|又|还在|快(?:来|点|救)|救命|还没|出不来|赶紧")

_OVER = re.compile(
    r"没事(?:儿|啦)?了|没事啦|(?:出|救|逃|跑)出?来了|(?:火|烟).{0,4}(?:灭|熄|散)了|灭了|扑灭|"
    r"(?:阀|闸|水|气|电).{0,3}(?:关|停|拉)(?:上|好|掉|住|下)?了|不(?:漏|喷|烧|冒烟)了|解除|脱险|安全了|虚惊|误报|"
    r"(?:弄|搞|看|报|说)错了|(?:不用|别)(?:过)?来了"
)
_NOT_OVER = re.compile(
    r"还|没(?!事|着火|有着火|起火)|又|但|可是|不过|怎么|吗|[?？]|什么时候|快|救命|不出|出不|不安全|会不会"
)
_OVER_AT_MOST = 40


def is_over(text: str) -> bool:
    """Tell whether the words say that a danger reported before is over (or never was). Meant for after a report only."""
    return len(text) <= _OVER_AT_MOST and bool(_OVER.search(text)) and not _NOT_OVER.search(text)


BELIEVED = 0.12
"""Below this score of the danger model, words of danger are asked about first (「没有起火，只是问一下」)."""
POSSIBLE = 0.5
"""From this score on, a message without such words is treated as possible danger where no bot answers."""


TOLD = 0.6
"""The least that words of danger count as for the bot, whatever the danger model thinks."""


def certain(text: str, score: float | None) -> Danger | None:
    """Return the danger that needs no question: the words say so, and the danger model does not disagree."""
    found = find(text)
    return found if found is not None and (score is None or score >= BELIEVED) else None


def evidence(text: str, score: float | None) -> float | None:
    """Return how much speaks for danger, for the bot: where the words say so it is likely, whatever the danger model thinks."""
    return max(score, TOLD) if score is not None and find(text) is not None else score


_CALL = re.compile(
    r"(?:(?:烦|急|气)死(?:人|我)?了|"
    r"(?:你们)?(?:麻烦|赶紧|赶快|马上|立刻|快点?儿?|尽快|速度)(?:帮我?)?再?(?:叫|派|喊|找|安排|来)(?:一?个|位)?(?:人|师傅|维修工?|电工|水工)"
    r"(?:过?来|上门)?(?:[瞧看修弄查]{1,2}(?:一?下)?)?[啊呀吧呢嘛啦]*)[\s,，。!！]*"
)
"""Calls for somebody, and impatience: they are said of any fault, and sound like danger by themselves."""


_PLAIN = re.compile(
    r"坏|不(?:亮|制冷|制热|热|冷|出水|通|工作|响|转|显示|下水)|没(?:电|水|热水|暖气|网|信号|反应)|[流漏滴渗返溢]水|堵|跳闸|"
    r"打不(?:开|着)|关不(?:上|紧|住|严)|松了|停[电水]|断[电网]"
)
"""Ordinary ways for a thing to break."""
_SOMEBODY = re.compile(
    r"危险|打(?!不|开)|[杀砍追骂]|不让|有人|老人|老头|老太|孩子|小孩|娃|宝宝|婴儿|孕妇|[伤血晕倒困救怕疼刀火烟味炸烫]"
)
"""Somebody who may be hurt, or what hurts: then a call counts in full."""


def without_call(text: str) -> str:
    """Return the words without a call for somebody (「快叫个人来瞧瞧」) and without impatience (「烦死了」)."""
    if not _CALL.search(text):
        return text
    return re.sub(r"\s+", " ", _CALL.sub(" ", text)).strip(" ,，。!！")


def score(text: str, by: Callable[[str], float | None] = danger_model.score) -> float | None:
    """Return how much the text sounds like danger; a call for help does not count beside a plain fault."""
    whole, rest = by(text), without_call(text)
    if whole is None or rest == text or find(text) is not None:
        return whole
    if not _PLAIN.search(rest) or _SOMEBODY.search(rest):
        return whole
    calm = by(rest)
    return calm if calm is not None and calm < BELIEVED else whole


def find(text: str) -> Danger | None:
    """Return the danger that the words speak of as present, None when there is none."""
    for danger in DANGERS:
        if danger.says.search(text):
            if _NOT_NOW.search(text) and not _STILL.search(text):
                return None
            return danger
    return None
