"""Which items words name: only beyond doubt."""

import pytest

from backend.domains.stock.domain import ItemView, amount_fen, quantity_text
from backend.domains.stock.words import number_milli, read_parts

NAMES = (
    ("角阀DN15", ("角阀",), "个"),
    ("LED灯泡9W", ("灯泡",), "个"),
    ("不锈钢软管", ("软管",), "根"),
    ("生料带", ("水胶布",), "卷"),
    ("电线", (), "米"),
    ("五号电池", ("电池",), "节"),
    ("明装灯座", ("灯座",), "个"),
    ("暗装灯座", ("灯座",), "个"),
)
ITEMS = [ItemView(n, 1, f"C{n}", name, aliases, unit, 100, 0, True) for n, (name, aliases, unit) in enumerate(NAMES)]


def parts(words: str) -> dict[str, str]:
    return {p.item.name: quantity_text(p.quantity_milli) for p in read_parts(words, ITEMS).parts}


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("换了两个角阀", {"角阀DN15": "2"}),
        ("角阀 2 个", {"角阀DN15": "2"}),
        ("用料 灯泡两个，搞定", {"LED灯泡9W": "2"}),
        ("灯泡 2 个、角阀 1 个", {"LED灯泡9W": "2", "角阀DN15": "1"}),
        ("换了1个led灯泡9w", {"LED灯泡9W": "1"}),
        ("换了两个角阀和一根软管，修好了", {"角阀DN15": "2", "不锈钢软管": "1"}),
        ("换了一只灯泡", {"LED灯泡9W": "1"}),
        ("换角阀x3", {"角阀DN15": "3"}),
        ("用了十二米电线", {"电线": "12"}),
        ("用了1.5米电线", {"电线": "1.5"}),
        ("用了半卷生料带", {"生料带": "0.5"}),
        ("两节电池", {"五号电池": "2"}),
    ],
)
def test_a_name_with_its_number(words: str, found: dict[str, str]) -> None:
    assert parts(words) == found


@pytest.mark.parametrize(
    "words",
    [
        "换了角阀",  # how many?
        "第二个灯泡坏了",
        "换了两个灯座",  # which of the two?
        "换了两个灯泡座子",
        "换了两个水龙头灯泡",
        "用了两米生料带",  # kept by the roll
        "换了两米五电线",
        "3号楼2单元灯泡坏了",
        "换了0个角阀",
        "",
        "修好了",
    ],
)
def test_everything_else_stays_words(words: str) -> None:
    assert parts(words) == {}


def test_what_is_counted_but_not_in_the_store_is_kept() -> None:
    read = read_parts("换了两个角阀和一个接头，修好了", ITEMS)
    assert [(p.item.name, p.quantity_milli) for p in read.parts] == [("角阀DN15", 2000)]
    assert read.rest == ("一个接头",)


@pytest.mark.parametrize(
    ("text", "milli"), [("半", 500), ("两", 2000), ("十", 10000), ("十二", 12000), ("二十", 20000), ("三十五", 35000), ("1.5", 1500)]
)  # fmt: skip
def test_numbers(text: str, milli: int) -> None:
    assert number_milli(text) == milli


@pytest.mark.parametrize(
    ("milli", "price", "per", "fen"),
    [(1000, 1250, 1, 1250), (1500, 333, 1, 500), (333, 100, 1, 33), (500, 1, 1, 1), (499, 1, 1, 0), (50000, 6000, 60, 5000)],
)  # fmt: skip
def test_amounts_are_rounded_half_up_once(milli: int, price: int, per: int, fen: int) -> None:
    assert amount_fen(milli, price, per) == fen
