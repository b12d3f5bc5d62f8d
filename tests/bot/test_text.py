"""Normal form, numerals, entities and places of Chinese chat text."""

import pytest

from bot.components.patterns import find
from bot.components.places import where
from bot.components.zh_normalizer import clean
from bot.components.zh_numbers import to_digits


def values(text: str, intent: str | None = None) -> list[tuple[str, str]]:
    return [(found.entity, found.value) for found in find(clean(text), intent)]


class TestClean:
    @pytest.mark.parametrize("text", ["３号楼２单元，灯坏了！", "電燈壞了", "ＳＨ２６１１－００３２", "a\tb\n😀"])
    def test_length_stays(self, text: str) -> None:
        assert len(clean(text)) == len(text)

    def test_half_width_and_simplified(self) -> None:
        assert clean("３号樓電燈壞了") == "3号楼电灯坏了"


@pytest.mark.parametrize(
    ("words", "digits"),
    [
        ("三", "3"),
        ("十二", "12"),
        ("一二零一", "1201"),
        ("幺二零幺", "1201"),
        ("二十", "20"),
        ("302", "302"),
        ("灯", None),
    ],
)
def test_numerals(words: str, digits: str | None) -> None:
    assert to_digits(words) == digits


ADDRESS = [("building", "3"), ("unit", "2"), ("room", "1201")]


class TestFind:
    @pytest.mark.parametrize(
        "text", ["3号楼2单元1201", "三栋二单元一二零一", "3幢2单元1201室", "3-2-1201", "３号楼２单元１２０１"]
    )
    def test_one_address_in_many_forms(self, text: str) -> None:
        assert values(text) == ADDRESS

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("sh2611-0032 怎么样了", ("order_number", "SH2611-0032")),
            ("SH26110032催一下", ("order_number", "SH2611-0032")),
            ("打 138 0000 0001", ("phone", "13800000001")),
            ("登记粤B12345", ("plate", "粤B12345")),
            ("新能源 粤BD12345", ("plate", "粤BD12345")),
            ("12楼走廊", ("floor", "12")),
            ("负一层", ("floor", "B1")),
            ("B1车库", ("floor", "B1")),
            ("地下车库B区", ("place", "地下车库b区")),
            ("换了两个灯泡", ("quantity", "2")),
            ("给五颗星", ("stars", "5")),
            ("三星吧", ("stars", "3")),
            ("转给赵师傅", ("person", "赵师傅")),
            ("明天下午三点来", ("time", "明天下午三点")),
        ],
    )
    def test_finds(self, text: str, expected: tuple[str, str]) -> None:
        assert expected in values(text)

    def test_star_words_count_in_ratings_only(self) -> None:
        assert ("stars", "5") in values("非常满意", "rate_work_order")
        assert values("非常满意", "thank") == []

    def test_unhappy_is_not_five_stars(self) -> None:
        assert ("stars", "2") in values("不满意", "rate_work_order")

    def test_this_floor_is_not_the_first(self) -> None:
        assert "floor" not in [entity for entity, _ in values("这一层的灯坏了")]

    @pytest.mark.parametrize("text", ["欠了1200元", "等了300天", "13800000001"])
    def test_other_numbers_are_no_rooms(self, text: str) -> None:
        assert "room" not in [entity for entity, _ in values(text)]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("我家楼下的灯坏了", "我家楼下"),
        ("3号楼2单元大堂的灯坏了", "3号楼2单元大堂"),
        ("灯坏了", None),
        ("厨房水管漏水", "厨房"),
        ("3#2-1201对讲机听不见", "3#2-1201"),
        ("6幢1-503,马桶裂了", "6幢1-503"),
        ("四栋一门的声控灯不亮", "四栋一门"),
        ("十栋头一个单元六零二收不到台", "十栋头一个单元六零二"),
        ("12楼01的地暖不热", "12楼01"),
        ("-1层排风机轰隆隆", "-1层"),
        ("咱们这一层的窗户掉了", "这一层"),
        ("公共厕所水龙头断了", "公共厕所"),
        ("老人家洗澡间扶手松脱", "洗澡间"),
    ],
)
def test_place_words(text: str, place: str | None) -> None:
    assert where(text) == place
