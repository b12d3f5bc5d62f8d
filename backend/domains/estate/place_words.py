"""The words people have for places, as tables. Pure. All are read in text whose numbers are digits (``numerals``)."""

import re

BUILDING = re.compile(r"(\d{1,2})(?:号楼|栋|幢|座)")
UNIT = re.compile(r"(\d{1,2})单元")
FLOOR = re.compile(r"(?<![\d号Bb负])(\d{1,2})(?:楼|层|[Ff](?![A-Za-z]))(?!梯|道灯号)")

UNIT_PLACES: tuple[tuple[str, str, bool], ...] = (
    # words, place, has the speaker's floor
    (r"大堂|大厅|门厅|一楼大堂", "大堂", False),
    (r"电梯厅|电梯口|电梯间|电梯门[口外]|出了?电梯|电梯外面?", "电梯厅", True),
    (r"电梯|号梯", "电梯", False),
    (r"楼梯间|楼梯|消防通道|安全通道", "楼梯间", True),
    (r"楼道|走廊|(?<![家屋]里)(?<!我家)过道|过廊|走道", "楼道", True),
    (r"单元门|单元的?大门|[栋幢]楼?的?大门|楼门|门禁|入户门口", "单元门", False),
    (r"楼顶|天台|屋顶|屋面|顶楼平台", "楼顶", False),
    (r"(?<![靠挨临近])外墙", "外墙", False),
    (r"信报?箱|邮箱|奶箱", "信报箱", False),
    (r"水表井|水井房?|管道井|电井|弱电井|强电井", "管井", True),
)
APART: tuple[tuple[str, str], ...] = (
    # houses and grounds of their own: a floor, a lobby or a toilet said with them is theirs
    (r"会所", "会所"),
    (r"公厕|公共(?:厕所|卫生间|洗手间)", "公共厕所"),
    (r"更衣室", "更衣室"),
    (r"游泳[池馆]|泳池", "游泳池"),
    (r"活动室|棋牌室|阅览室", "活动室"),
    (r"快递柜|丰巢", "快递柜"),
    (r"篮球场", "篮球场"),
    (r"足球场", "足球场"),
    (r"乒乓球?[室台]", "乒乓球室"),
)
ESTATE_PLACES: tuple[tuple[str, str], ...] = (
    (r"东大?门", "东门"),
    (r"西大?门", "西门"),
    (r"南大?门", "南门"),
    (r"北大?门", "北门"),
    (r"小区大?门口?|(?<!家)(?<!家[里的])大门口?|岗亭|门岗", "小区大门"),
    (r"羽毛球[场馆]", "羽毛球场"),
    (r"健身房", "健身房"),
    (r"会议室", "会议室"),
    (r"儿童乐园|游乐[场区]|滑梯|儿童区", "儿童乐园"),
    (r"花园|草坪|绿化带|花坛|小路|广场|凉亭|景观", "园区"),
    (r"垃圾[站房桶点]|垃圾分类", "垃圾点"),
    (r"充电桩|充电棚|车棚", "充电区"),
    (r"围墙|围栏", "围墙"),
    (r"泵房|水泵房", "水泵房"),
    (r"配电[房室]", "配电房"),
)
# The longer before the shorter: 生活阳台 is not the 阳台.
_ROOMS = (
    "(?:儿子|女儿|孩子|小孩|宝宝|老人|爸妈|父母|奶奶|爷爷|婆婆|公婆)(?:的|那)?(?:房间|卧室|屋) "
    "厨房 灶屋 灶房 灶间 主卫 次卫 客卫 公卫 卫生间 洗手间 盥洗室 洗漱间 厕所 茅房 茅厕 浴室 浴房 洗澡间 洗澡房 淋浴间 淋浴房 冲凉房 "
    "客厅 餐厅 饭厅 厅里 生活阳台 景观阳台 北阳台 南阳台 大阳台 小阳台 阳台 阳光房 露台 主卧 次卧 侧卧 卧室 卧房 儿童房 小孩房间 孩子房间 小孩房 "
    "老人房 父母房 客房 保姆房 书房 玄关 飘窗 窗台 衣帽间 衣帽房 更衣间 储物间 储物室 储藏间 储藏室 杂物间 洗衣房 洗衣间 阁楼 榻榻米"
).split()
ROOMS_AT_HOME = re.compile("|".join(_ROOMS))
THINGS_AT_HOME = re.compile(
    "马桶|坐便|淋浴|浴霸|浴缸|洗脸盆|洗手池|洗碗池|洗菜池|花洒|灶台|燃气灶|煤气灶|油烟机|热水器|洗碗机|洗衣机|冰箱|入户门(?!口)|家里?的?大门(?!口)|(?<!单元)(?<!楼)防盗门"
)
CAR_PARK = re.compile(r"地下车库|地下停车场|地库|车库|停车场")
CELLAR = re.compile(
    r"负(?P<minus>\d)(?![\d度分个])|(?<![\dA-Za-z-])-(?P<dash>[1-3])[楼层]|地下(?P<below>\d)[楼层]|"
    r"(?<![A-Za-z\d])[Bb](?P<level>[1-9])(?!\d)|地下室"
)
ZONE = re.compile(r"([A-Za-z])区")
PARKED = re.compile(r"车位|停车|[我的]车")
"""With a zone they are in the garage: 「B区118车位」."""
LIFT = re.compile(r"(\d{1,2})号(?:电)?梯")
BETWEEN_UNITS = re.compile(r"\d单元(?:和|跟|与|、|,)?\d单元(?=之?间|中间|之间)")
"""Neither of the two."""
_OWN = "(?:我|咱|俺)们?"
MY_HOME = re.compile(r"[我咱俺]们?家(?!楼下|楼上|门口|对门|这层|楼道|外面)|家里|家中|屋里|屋头|室内|房间里|户内|我屋")
MY_FLOOR = re.compile(rf"{_OWN}家?这层|这层|本层|同层|我家门口|家门口|(?<![大元东西南北园区楼车库])门外")
MY_UNIT = re.compile(rf"(?:{_OWN}|本)这?个?(?:单元|[栋幢]楼?|楼(?![上下道梯顶门底]))")
DOWNSTAIRS = re.compile(r"楼下|楼底下?|单元楼?门口|楼栋门口")
UPSTAIRS = re.compile(r"楼上")
OPPOSITE = re.compile(r"对门|对面(?:邻居|那?户|人家|家)|隔壁")
NEIGHBOUR_MEANT = re.compile(
    r"吵|噪|响|闹|装修|跳|蹦|跺|弹|拖|漏|渗|滴|水|扔|烟|味|狗|麻将|音乐|唱|哭|砸|敲|电钻|跑|动静|滚|震|咚|咣|半夜|凌晨"
)
UPSTAIRS_HOME = re.compile(r"楼上的?(?:邻居|那?户|人家|住户|业主|那?家|小孩|孩子|[熊娃]|男的|女的|老[头太])")
DOWNSTAIRS_HOME = re.compile(r"楼下(?:邻居|那?户|人家|住户|业主|家)")

_HOME_SAID = rf"{_OWN}家|家里|家中|屋里|屋头"
_PUBLIC = "|".join(
    [DOWNSTAIRS.pattern, MY_FLOOR.pattern, *(row[0] for table in (UNIT_PLACES, APART, ESTATE_PLACES) for row in table)]
)
PUBLIC_PLACE = re.compile(_PUBLIC)
PLACE = re.compile(
    "|".join(
        [
            *(p.pattern for p in (CAR_PARK, UPSTAIRS, OPPOSITE, ROOMS_AT_HOME, THINGS_AT_HOME)),
            "地下室",
            _PUBLIC,
            _HOME_SAID,
        ]
    )
)
