"""Words for places, and the run of words that says where something is. Pure."""

from __future__ import annotations

import re

from bot.components.zh_numbers import NUMERAL

PLACE_WORDS = (
    "地下车库 地下停车场 地下室 车库 地库 停车场 楼道 楼下 楼上 楼顶 天台 大堂 一楼大厅 大厅 门厅 走廊 过道 走道 楼梯间 楼梯 步梯 电梯厅 电梯间 电梯口 电梯里 电梯 "
    "单元门口 单元门 门口 大门口 大门 东门 西门 南门 北门 东大门 西大门 正门 侧门 后门 小门 门岗 岗亭 保安亭 小区 花园 中心花园 花坛 草坪 绿化带 广场 喷泉 儿童乐园 游乐场 "
    "滑梯 健身区 健身房 羽毛球场 篮球场 球场 网球场 会议室 会所 游泳池 泳池 架空层 水泵房 泵房 配电房 配电室 机房 设备间 设备层 管道井 强电井 弱电井 消防通道 安全通道 垃圾站 垃圾房 垃圾桶旁 "
    "快递柜 信报箱 充电桩 自行车棚 车棚 外墙 屋顶 围墙 路口 路边 人行道 马路 坡道 凉亭 物业中心 服务中心 监控室 消控室 公厕 "
    "厨房 卫生间 洗手间 厕所 浴室 淋浴房 主卫 次卫 客卫 卧室 主卧 次卧 儿童房 客厅 餐厅 书房 阳台 北阳台 南阳台 生活阳台 玄关 飘窗 衣帽间 储藏室 入户门 房间 "
    "客房 老人房 保姆房 小孩房 卧房 洗澡间 洗澡房 淋浴间 冲凉房 浴房 公卫 饭厅 灶屋 灶房 茅房 露台 阁楼 窗台 储物间 储物室 "
    "储藏间 杂物间 洗衣房 洗衣间 公共厕所 公共卫生间 活动室 更衣室 游泳馆 水井房 "
    "隔壁 对门 对面 邻居家 楼上那家 楼上邻居 楼下商铺 底商 商铺 前室"
).split()

_ZONE = f"(?:[a-z]区|{NUMERAL}{{1,2}}区|[东南西北]区|[东南西北]侧|[东南西北]边)"
_LIFT = f"(?:{NUMERAL}{{1,2}}号(?:电)?梯|左(?:边|侧)?(?:的)?电梯|右(?:边|侧)?(?:的)?电梯|货梯)"
_WORDS = "|".join(re.escape(word) for word in sorted(set(PLACE_WORDS), key=len, reverse=True))

PLACE = re.compile(f"{_LIFT}|(?:{_WORDS})(?:{_ZONE})?|(?<![a-z]){_ZONE}")

HOME = "(?:我们家|我家|咱家|俺家|我屋|家里|家里面|屋里|我们这栋|我们楼|我们单元|我们这层|我这层|我们这|我这里|我这边|咱们单元|咱们楼|我们小区|咱小区|本小区|这边)"
_BUILDING = f"{NUMERAL}{{1,3}}(?:号楼|栋|幢|座|#)"
_ADDRESS = (
    rf"(?:{_BUILDING}-?\d{{1,2}}-\d{{3,4}}|{_BUILDING}{NUMERAL}{{1,2}}门(?![禁锁铃框口卫])|"
    rf"(?:头一|第{NUMERAL}{{1,2}})个?单元|(?<=单元)[一二三四五六七八九零幺]{{3,4}}|"
    rf"(?<![\d-])-[123](?:楼|层)|[这那]一层|{NUMERAL}{{1,2}}[楼层]0[1-9](?!\d)|"
    rf"\d{{1,2}}[-.]\d{{1,2}}[-.]\d{{3,4}}|\d{{1,2}}-\d{{3,4}}|{NUMERAL}{{1,4}}(?:号楼|栋楼|栋|幢|座|单元|门洞|层|楼|室|#)|(?<![a-z])[a-h](?:座|栋)|"
    rf"(?<![a-z])b[123](?:层)?|负[一二三123](?:楼|层)|地下[一二三123]层|{NUMERAL}{{1,2}}号(?={NUMERAL})|(?<!\d)\d{{3,4}}(?:室|房|号)?(?![\d元块天年月度个多]))"
)
_SIDE = "(?:门口|门前|门外|外面|旁边|附近|里面|里|上面|下面|后面|前面|东侧|西侧|南侧|北侧|那里|那边|那儿|这里|这边|边上|角落|入口|出口|拐角|口|内|中间|顶部|天花板)"
WHERE = re.compile(f"(?:(?:{HOME}|{_ADDRESS}|{PLACE.pattern})(?:{_SIDE})?(?:的|[ ,、])?)+")

_TAIL = " ,、的"


def where(text: str) -> str | None:
    """Return the longest run of place words in the clean text, None when there is none."""
    span = where_span(text)
    return text[span[0] : span[1]] if span else None


def where_span(text: str) -> tuple[int, int] | None:
    """Return its start and end."""
    best: tuple[int, int] | None = None
    for match in WHERE.finditer(text):
        end = match.end()
        while end > match.start() and text[end - 1] in _TAIL:
            end -= 1
        if best is None or end - match.start() > best[1] - best[0]:
            best = (match.start(), end)
    return best
