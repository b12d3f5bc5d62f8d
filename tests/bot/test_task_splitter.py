"""One task a fault: neither two orders of one fault nor one order of two."""

import pytest

from bot.components.field_model import fault_words
from bot.components.task_splitter import Task, split
from bot.components.zh_normalizer import clean

MARK = "|"


def tasks_of(marked: str) -> list[Task]:
    """The tasks of a text whose borders are marked; only words with 坏, 漏, 堵, 不 or 破 report something."""
    parts = clean(marked).split(MARK)
    beginnings = [sum(map(len, parts[:n])) for n in range(1, len(parts))]
    return split("".join(parts), beginnings, lambda words: any(sign in words for sign in "坏漏堵不破"))


@pytest.mark.parametrize(
    ("marked", "texts"),
    [
        ("厨房水管漏水漏了一地", ["厨房水管漏水漏了一地"]),
        ("灯坏了,|水龙头也漏水", ["灯坏了,", "水龙头也漏水"]),
        ("厨房|和卫生间的下水都堵了", ["厨房的下水都堵了", "和卫生间的下水都堵了"]),
        ("主卧|次卧|书房的空调不启动", ["主卧的空调不启动", "次卧的空调不启动", "书房的空调不启动"]),
        ("客厅的灯|和厨房的水龙头都坏了", ["客厅的灯都坏了", "和厨房的水龙头都坏了"]),
        ("门禁|跟电梯全坏了", ["门禁全坏了", "跟电梯全坏了"]),
        ("灯坏了|谢谢师傅", ["灯坏了谢谢师傅"]),
        ("跳闸了,|空调开不了,|水管也漏", ["跳闸了,空调开不了,", "水管也漏"]),
        ("谢谢上次帮忙,|灯坏了,|门也关不上", ["谢谢上次帮忙,灯坏了,", "门也关不上"]),
    ],
)
def test_each_task_has_its_words(marked: str, texts: list[str]) -> None:
    assert [task.text for task in tasks_of(marked)] == texts


def test_address_said_once_counts_for_both() -> None:
    places = [task.place_words for task in tasks_of("3号楼2单元大堂灯坏了,|楼道窗户也破了")]
    assert places == ["3号楼2单元大堂", "3号楼2单元楼道"]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("我家楼下的灯坏了", "灯坏了"),
        ("单元门禁刷不开", "单元门禁刷不开"),
        ("手机掉电梯缝里了", "手机掉电梯缝里了"),
        ("楼下草坪都秃了没人管", "楼下草坪都秃了没人管"),
        ("你好，3号楼2单元大堂的玻璃碎了，麻烦来看看", "玻璃碎了"),
        ("你好师傅，我想报修，水管漏了 对了", "水管漏了"),
        ("另外报修：厕所的灯也不亮", "灯也不亮"),
        ("还有就是地漏堵了", "地漏堵了"),
    ],
)
def test_the_words_of_a_fault_are_whole(text: str, fault: str) -> None:
    assert fault_words(split(clean(text))[0]) == fault
