"""Where a fault is when more is told than its place: corrections, stories, other places, addresses in short."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domains.estate.domain import Home, PlaceName
from backend.domains.estate.places import address_before, resolve
from backend.domains.estate.telling import where_told

HOME = Home("sunshine", "3", "2", "12", "1201")
NAMES = (PlaceName("健身房"), PlaceName("东门"), PlaceName("水泵房", ("泵房",), None, None, "B1"))
DOORS = frozenset(f"{floor}{door:02d}" for floor in range(1, 19) for door in (1, 2))
Address = tuple[str | None, str | None, str | None, str | None]
AT_HOME: Address = ("3", "2", "12", "1201")
ON_MY_FLOOR: Address = ("3", "2", "12", None)
MY_UNIT: Address = ("3", "2", None, None)
GARDEN: Address = (None, None, None, None)
BELOW: Address = (None, None, "B1", None)

SAID: dict[str, Address] = {
    # what is mine is not always at home
    "我那车位停了别人的车": GARDEN,
    "树上全是毛虫，痒了我一下午": GARDEN,
    "我店门口的路灯白天亮": GARDEN,
    "家里过道的烟感滴滴响": AT_HOME,
    "主卧靠外墙那面一下雨就洇": AT_HOME,
    "单元信报箱的锁拧不动": MY_UNIT,
    "上行键弹不出来，12F的": ON_MY_FLOOR,
    "三栋1201的马桶裂了": AT_HOME,
    # addresses in short
    "3#2-1201 对讲机听不见声音": AT_HOME,
    "５＃１单元９０２空调漏水": ("5", "1", "9", "902"),
    "6幢1-502，马桶裂了": ("6", "1", "5", "502"),
    "六栋-1-502马桶裂了": ("6", "1", "5", "502"),
    "5#楼电梯坏了": ("5", None, None, None),
    "2#电梯异响": MY_UNIT,
    "十二楼一号，洗衣机漏水": AT_HOME,
    "三栋二单元十二楼一号，洗衣机漏水": AT_HOME,
    "12楼01的，地暖不热": AT_HOME,
    "十五楼02室下水道返水": ("3", "2", "15", "1502"),
    "12楼2号梯坏了": ON_MY_FLOOR,
    "18层两户都没水": ("3", "2", "18", None),
    "四栋2单元八零二热水器漏电": ("4", "2", "8", "802"),
    "四栋头一个单元六零二": ("4", "1", "6", "602"),
    "四栋第二个单元六零二": ("4", "2", "6", "602"),
    "里头单元门坏了": MY_UNIT,
    "四栋一门，三楼，声控灯不亮": ("4", "1", "3", None),
    "五栋二门十楼那个消防栓箱": ("5", "2", "10", None),
    "5号楼2门洞电梯坏了": ("5", "2", None, None),
    "5栋门禁坏了": ("5", None, None, None),
    # a bare room of one's own unit
    "1301 家小孩蹦床": ("3", "2", "13", "1301"),
    "楼上1502弹钢琴": ("3", "2", "15", "1502"),
    "1402漏水": ("3", "2", "14", "1402"),
    "802室漏水": ("3", "2", "8", "802"),
    "家里这个月电费1230": AT_HOME,
    # the own floor
    "咱们这一层的窗户掉了一扇玻璃": ON_MY_FLOOR,
    "这一层的灯坏了": ON_MY_FLOOR,
    "我们这层的灯坏了": ON_MY_FLOOR,
    "一层的灯坏了": ("3", "2", "1", None),
    # corrections
    "不是楼下，是我家门口走廊这个灯不亮": ON_MY_FLOOR,
    "不是5号楼是6号楼，楼道那灯": ("6", None, None, None),
    "别去8栋，8栋没事，7栋2单元门口的灯不亮": ("7", "2", None, None),
    "二单元十三楼不对十二楼楼梯间的窗把手没了": ON_MY_FLOOR,
    "六栋二单元1102，等下，1401，是1401窗户": ("6", "2", "14", "1401"),
    "不是3栋负一，是公共的那个地下车库出口": BELOW,
    "7号楼1单元，呃说反了，1号楼7楼，走廊里有死鸽子": ("1", None, "7", None),
    "南门说错了，是北门的栏杆": GARDEN,
    "我说的是儿童乐园，不是健身房，秋千断了": GARDEN,
    "6号楼2单元电梯声音不对劲": ("6", "2", None, None),
    "等下来看看我家厨房": AT_HOME,
    "这不是我家厨房又漏了嘛": AT_HOME,
    "是不是5号楼电梯坏了": ("5", None, None, None),
    # where the speaker lives
    "我住十二楼嘛，是走到六楼那个拐弯，楼梯扶手断了": ("3", "2", "6", None),
    "我们家住12楼，楼上又蹦迪": ("3", "2", "13", "1301"),
    "我住12楼，电梯坏了": MY_UNIT,
    "我住5号楼1单元302，厨房漏水": ("5", "1", "3", "302"),
    "我住3号楼2单元，5号楼门口的灯不亮": ("5", None, None, None),
    "我妈住5-1-302，她那儿厨房下水堵了": ("5", "1", "3", "302"),
    # below the ground
    "-1层排风机轰隆隆": BELOW,
    "地下一层排风机响": BELOW,
    "负一楼有尿骚味": BELOW,
    "B1灯不亮": BELOW,
    "地下室进水了": BELOW,
    "三号楼地下室储物间被水淹了": ("3", None, "B1", None),
    "我们单元负一楼电梯间感应灯不亮": ("3", "2", "B1", None),
    "2单元B1的门推不开": ("3", "2", "B1", None),
    "5栋1单元地下一层灯不亮": ("5", "1", "B1", None),
    "粤B12345堵着单元门": MY_UNIT,
    # another unit
    "一单元楼道有人放自行车": ("3", "1", None, None),
    "二单元楼道有人放自行车": ON_MY_FLOOR,
    # places of the garden
    "公共厕所水龙头断了": GARDEN,
    "会所二楼活动室空调滴水": GARDEN,
    "会所厕所水龙头一直流": GARDEN,
    "健身房二楼空调滴水": GARDEN,
    # rooms of a home
    "老人家洗澡间扶手松脱": AT_HOME,
    "衣帽间灯不亮": AT_HOME,
    "客卫角阀崩了": AT_HOME,
    "次卧吊顶湿了": AT_HOME,
    "灶屋下水管堵起了": AT_HOME,
    # other places on the way
    "我刚在楼下买了菜上来准备做饭，油烟机按了半天不转": AT_HOME,
    "我在地下车库停好车坐电梯上来的，到家一看书房地板拱起来了": AT_HOME,
    "昨天在会所跟经理提过，在电梯里碰见师傅也提过，客卫的门锁坏了": AT_HOME,
    "送小孩去游泳池回来发现电梯里广告屏太吵": MY_UNIT,
    "我从三号楼出来，过了五号楼六号楼都没事，到东门那里减速带翘了": GARDEN,
    "下班从南门走回来好好的，进了电梯也好好的，一开家门次卧墙皮掉了": AT_HOME,
    "我路过7号楼，看到外墙瓷砖往下掉": ("7", None, None, None),
    "我刚从电梯出来，门就关不上了": MY_UNIT,
    "厨房水管爆了，水都流到楼道了": AT_HOME,
    "4号楼1502漏水到楼道了": ("4", None, "15", "1502"),
    "水流到楼道了": ON_MY_FLOOR,
    "煤气味很大，在厨房，人都站楼道了": AT_HOME,
    "楼道灯不亮，电梯倒是好的": ON_MY_FLOOR,
    "5号楼的电梯还没修好，楼道灯也不亮": ("5", None, None, None),
    "次卧天花板掉下来，电梯口都听见了": AT_HOME,
    "我家冰箱负八度不冷": AT_HOME,
}


class TestWhereTheFaultIs:
    @pytest.mark.parametrize("words", SAID)
    def test_of_what_is_told(self, words: str) -> None:
        there = resolve(words, HOME, "sunshine", NAMES, DOORS).location
        assert (there.building, there.unit, there.floor, there.room) == SAID[words]

    @pytest.mark.parametrize(
        ("words", "place"),
        [
            ("会所二楼厕所漏水", "会所"),
            ("地下车库A区…不对我停的是B区，地上一大滩机油", "地下车库B区"),
            ("厨房，哦不，卫生间，卫生间水管漏", "卫生间"),
            ("南门说错了，是北门的栏杆", "北门"),
            ("我说的是儿童乐园，不是健身房", "儿童乐园"),
            ("我们单元负一楼电梯间灯不亮", "电梯厅"),
            ("3号楼地下室灯不亮", "地下室"),
            ("马桶堵了", None),
        ],
    )
    def test_what_it_is_called(self, words: str, place: str | None) -> None:
        assert resolve(words, HOME, "sunshine", NAMES, DOORS).location.place == place

    def test_a_number_that_is_no_room_of_the_unit_names_none(self) -> None:
        assert resolve("1503弹钢琴", HOME, "sunshine", NAMES, DOORS).location.room is None

    @given(st.text(alphabet="不是别去对，等下我住说错了3号楼2单元12楼路过从出来厨房电梯没事-1B区", max_size=30))
    def test_no_mix_is_too_strange(self, words: str) -> None:
        assert isinstance(where_told(words), str)


class TestAddressBefore:
    @pytest.mark.parametrize(
        ("place", "words", "address"),
        [
            ("2-1-502", "水龙头也关不上", "2号楼1单元502"),
            ("三号楼二单元大堂", "门禁也坏了", "3号楼2单元"),
            ("楼道", "空调不制冷", ""),
            ("5号楼", "5号楼电梯坏了", ""),
            ("5号楼", "6号楼电梯也坏了", ""),
            (None, "灯坏了", ""),
        ],
    )
    def test_is_that_of_the_place_when_the_words_have_none(self, place: str | None, words: str, address: str) -> None:
        assert address_before(place, words) == address
