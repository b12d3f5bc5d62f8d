"""What place words mean for 张伟 (3号楼2单元1201), by the contract's rules."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domains.estate.demo import ESTATES
from backend.domains.estate.domain import Home, PlaceName, in_words
from backend.domains.estate.places import resolve

HOME = Home("sunshine", "3", "2", "12", "1201")
GROUND = Home("sunshine", "3", "2", "1", "101")
NAMES = tuple(PlaceName(name, aliases, None, None, floor) for name, aliases, floor in ESTATES[0].places)
PRIVATE, PUBLIC = "private", "public"

# words → building, unit, floor, room, place, scope
SAID: dict[str, tuple[str | None, str | None, str | None, str | None, str | None, str | None]] = {
    # below and beside one's home
    "我家楼下的灯坏了": ("3", "2", None, None, "楼下", PUBLIC),
    "楼下路灯不亮": ("3", "2", None, None, "楼下", PUBLIC),
    "楼下垃圾满了": ("3", "2", None, None, "楼下", PUBLIC),
    "单元门口的灯不亮": ("3", "2", None, None, "楼下", PUBLIC),
    "我这层的灯坏了": ("3", "2", "12", None, "楼道", PUBLIC),
    "我们这层声控灯不亮": ("3", "2", "12", None, "楼道", PUBLIC),
    "这层楼道灯坏了": ("3", "2", "12", None, "楼道", PUBLIC),
    "楼道灯坏了": ("3", "2", "12", None, "楼道", PUBLIC),
    "走廊里有积水": ("3", "2", "12", None, "楼道", PUBLIC),
    "我家门口的灯坏了": ("3", "2", "12", None, "楼道", PUBLIC),
    "15楼楼道灯坏了": ("3", "2", "15", None, "楼道", PUBLIC),
    "大堂的灯坏了": ("3", "2", None, None, "大堂", PUBLIC),
    "电梯异响": ("3", "2", None, None, "电梯", PUBLIC),
    "电梯厅地砖松了": ("3", "2", "12", None, "电梯厅", PUBLIC),
    "楼梯间堆了杂物": ("3", "2", "12", None, "楼梯间", PUBLIC),
    "楼顶在掉东西": ("3", "2", None, None, "楼顶", PUBLIC),
    "单元门关不上": ("3", "2", None, None, "单元门", PUBLIC),
    "我们单元的大门夹手": ("3", "2", None, None, "单元门", PUBLIC),
    "门外的声控灯不灵": ("3", "2", "12", None, "楼道", PUBLIC),
    "一单元二单元中间那条路灯不亮": (None, None, None, None, None, None),
    "我车位上头在滴水 B区118": (None, None, "B1", None, "地下车库B区", PUBLIC),
    "小区南边围墙那块地塌了": (None, None, None, None, "围墙", PUBLIC),
    "我家在3号楼，可是坏的是5号楼大堂的灯": ("5", None, None, None, "大堂", PUBLIC),
    "小区篮球场灯不亮": (None, None, None, None, "篮球场", PUBLIC),
    "12楼电梯门口的地砖翘了": ("3", "2", "12", None, "电梯厅", PUBLIC),
    "出电梯右手边墙皮掉了": ("3", "2", "12", None, "电梯厅", PUBLIC),
    "1号梯按钮不亮": ("3", None, None, None, "电梯", PUBLIC),
    "2号梯按钮不亮": ("3", "2", None, None, "电梯", PUBLIC),
    "大门口的灯不亮": (None, None, None, None, "小区大门", PUBLIC),
    # neighbours, where they are meant
    "楼上太吵了": ("3", "2", "13", "1301", "楼上", PRIVATE),
    "楼上漏水到我家": ("3", "2", "13", "1301", "楼上", PRIVATE),
    "楼上半夜拖椅子": ("3", "2", "13", "1301", "楼上", PRIVATE),
    "楼上那家小孩跑来跑去": ("3", "2", "13", "1301", "楼上", PRIVATE),
    "楼上的孩子拍球": ("3", "2", "13", "1301", "楼上", PRIVATE),
    "对门一直放音乐": ("3", "2", "12", "1202", "对门", PRIVATE),
    "对门装修太响": ("3", "2", "12", "1202", "对门", PRIVATE),
    "楼下邻居说我家漏水": ("3", "2", "11", "1101", "楼下", PRIVATE),
    # at home
    "我家厨房水龙头漏水": ("3", "2", "12", "1201", "厨房", PRIVATE),
    "卫生间马桶堵了": ("3", "2", "12", "1201", "卫生间", PRIVATE),
    "家里大门锁芯坏了拧不动": ("3", "2", "12", "1201", None, PRIVATE),
    "儿子房间灯不亮": ("3", "2", "12", "1201", "儿子房间", PRIVATE),
    "家里没电了": ("3", "2", "12", "1201", None, PRIVATE),
    "我家的灯不亮": ("3", "2", "12", "1201", None, PRIVATE),
    "客厅墙面渗水": ("3", "2", "12", "1201", "客厅", PRIVATE),
    # addresses in every form
    "5号楼1单元302漏水": ("5", "1", "3", "302", None, PRIVATE),
    "五号楼一单元三零二漏水": ("5", "1", "3", "302", None, PRIVATE),
    "５号楼１单元３０２漏水": ("5", "1", "3", "302", None, PRIVATE),
    "三栋二单元十二零一漏水": ("3", "2", "12", "1201", None, PRIVATE),
    "5-1-302漏水": ("5", "1", "3", "302", None, PRIVATE),
    "5-302漏水": ("5", None, "3", "302", None, PRIVATE),
    "5栋1单元302室漏水": ("5", "1", "3", "302", None, PRIVATE),
    "5幢1单元302房漏水": ("5", "1", "3", "302", None, PRIVATE),
    "5号1单元302": ("5", "1", "3", "302", None, PRIVATE),
    "8号楼2单元大堂灯坏了": ("8", "2", None, None, "大堂", PUBLIC),
    "5号楼1单元6楼楼道灯坏了": ("5", "1", "6", None, "楼道", PUBLIC),
    "八号楼二单元十八层楼道": ("8", "2", "18", None, "楼道", PUBLIC),
    "三号楼楼下的灯": ("3", "2", None, None, "楼下", PUBLIC),
    "7号楼楼下的灯": ("7", None, None, None, "楼下", PUBLIC),
    "2单元大堂": ("3", "2", None, None, "大堂", PUBLIC),
    # the garage
    "地下车库B区灯坏了": (None, None, "B1", None, "地下车库B区", PUBLIC),
    "车库a区积水": (None, None, "B1", None, "地下车库A区", PUBLIC),
    "C区车库道闸坏了": (None, None, "B1", None, "地下车库C区", PUBLIC),
    "地库灯全灭了": (None, None, "B1", None, "地下车库", PUBLIC),
    "负一楼有积水": (None, None, "B1", None, "地下车库", PUBLIC),
    # named places
    "羽毛球场灯不亮": (None, None, None, None, "羽毛球场", PUBLIC),
    "球场网破了": (None, None, None, None, "羽毛球场", PUBLIC),
    "健身房跑步机坏了": (None, None, None, None, "健身房", PUBLIC),
    "会议室空调不制冷": (None, None, None, None, "会议室", PUBLIC),
    "东门门禁刷不开": (None, None, None, None, "东门", PUBLIC),
    "西大门道闸坏了": (None, None, None, None, "西门", PUBLIC),
    "消控室报警响": (None, None, None, None, "消防控制室", PUBLIC),
    "水泵房有异响": (None, None, "B1", None, "水泵房", PUBLIC),
    "滑梯断了": (None, None, None, None, "儿童乐园", PUBLIC),
    # nothing said
    "灯坏了": (None, None, None, None, None, None),
}

NO_HOME: dict[str, tuple[str | None, str | None, str | None, str | None, str | None, str | None]] = {
    "楼下的灯坏了": (None, None, None, None, "楼下", PUBLIC),
    "楼道灯坏了": (None, None, None, None, "楼道", PUBLIC),
    "楼上太吵": (None, None, None, None, None, None),
    "我家没电": (None, None, None, None, None, PRIVATE),
    "3号楼2单元大堂灯坏了": ("3", "2", None, None, "大堂", PUBLIC),
    "3-2-1201漏水": ("3", "2", "12", "1201", None, PRIVATE),
    "地下车库B区": (None, None, "B1", None, "地下车库B区", PUBLIC),
}


def read(words: str, home: Home | None) -> tuple[str | None, ...]:
    found = resolve(words, home, "sunshine", NAMES)
    there = found.location
    return there.building, there.unit, there.floor, there.room, there.place, found.scope


class TestResolve:
    @pytest.mark.parametrize("words", SAID)
    def test_words_of_somebody_who_lives_here(self, words: str) -> None:
        assert read(words, HOME) == SAID[words]

    @pytest.mark.parametrize("words", NO_HOME)
    def test_words_of_somebody_without_a_home_here(self, words: str) -> None:
        assert read(words, None) == NO_HOME[words]

    def test_the_words_are_kept(self) -> None:
        assert resolve(" 楼下灯坏了 ", HOME).location.raw == "楼下灯坏了"

    def test_the_estate_of_the_home_is_named(self) -> None:
        assert resolve("楼下", HOME, "lakeside").location.community == "sunshine"

    def test_nobody_lives_below_the_ground_floor(self) -> None:
        found = resolve("楼下邻居太吵", GROUND)
        assert (found.location.room, found.scope) == (None, PUBLIC)

    @pytest.mark.parametrize(("own", "opposite"), [("1201", "1202"), ("1202", "1201"), ("1203", "1204")])
    def test_the_door_opposite(self, own: str, opposite: str) -> None:
        assert resolve("对门吵死了", Home("sunshine", "3", "2", "12", own)).location.room == opposite

    @given(st.text(max_size=60), st.booleans())
    def test_no_words_are_too_strange(self, words: str, at_home: bool) -> None:
        found = resolve(words, HOME if at_home else None, "sunshine", NAMES)
        assert found.scope in (PRIVATE, PUBLIC, None)

    @given(st.text(alphabet="楼上下对门号单元层栋室家车库负地B区漏吵-0123456789一二三十百零幺两", max_size=24))
    def test_no_mix_of_address_words_is_too_strange(self, words: str) -> None:
        there = resolve(words, HOME, "sunshine", NAMES).location
        for number in (there.building, there.unit, there.room):
            assert number is None or re.fullmatch(r"[0-9]+", number)

    @given(st.integers(1, 99), st.integers(1, 9), st.integers(1, 40), st.integers(1, 8))
    def test_the_numbers_said_are_the_numbers_found(self, building: int, unit: int, floor: int, door: int) -> None:
        room = f"{floor}{door:02d}"
        for said in (
            f"{building}号楼{unit}单元{room}漏水",
            f"{building}-{unit}-{room}漏水",
            f"{building}栋{unit}单元{room}室",
        ):
            assert read(said, HOME)[:4] == (str(building), str(unit), str(floor), room)

    @given(st.integers(1, 30))
    def test_a_neighbour_is_one_floor_up_and_a_place_below_has_none(self, floor: int) -> None:
        home = Home("sunshine", "3", "2", str(floor), f"{floor}01")
        assert resolve("楼上漏水", home).location.floor == str(floor + 1)
        assert resolve("楼下灯坏了", home).location.floor is None


class TestInWords:
    def test_a_place_reads_as_people_write_it(self) -> None:
        assert in_words(resolve("我这层灯坏了", HOME).location) == "3号楼2单元12层 楼道"

    def test_an_unknown_place_says_so(self) -> None:
        assert in_words(resolve("", None).location) == "地点待确认"
