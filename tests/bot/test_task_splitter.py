"""One task a fault: neither two orders of one fault nor one order of two."""

import pytest

from bot.components.field_model import fault_words
from bot.components.task_splitter import split
from bot.components.zh_normalizer import clean


@pytest.mark.parametrize(
    "text",
    [
        "厨房水管漏水漏了一地",
        "灯坏了，好几天了，晚上看不见，麻烦快点",
        "水管漏水，导致墙面发霉",
        "跳闸了，空调开不了，灯也不亮",
        "你好，3号楼2单元，大堂灯坏了",
        "晚上下楼全靠摸",
        "电梯里的灯一闪一闪",
        "马桶堵了",
    ],
)
def test_one_fault_is_one_task(text: str) -> None:
    assert len(split(clean(text))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "灯坏了，水龙头也漏水",
        "水龙头漏水卫生间灯也不亮了",
        "马桶堵了，顺便看看阳台窗户关不严",
        "电梯坏了 另外大堂的门禁也失灵",
        "楼道灯不亮，垃圾也没人收",
        "洗碗槽堵了，另外客厅插座也没电",
        "客厅的灯和厨房的水龙头都坏了",
        "门禁跟电梯全坏了",
    ],
)
def test_two_faults_are_two_tasks(text: str) -> None:
    assert len(split(clean(text))) == 2


def test_address_said_once_counts_for_both() -> None:
    places = [task.place_words for task in split("3号楼2单元大堂灯坏了，楼道窗户也破了")]
    assert places == ["3号楼2单元大堂", "3号楼2单元楼道"]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("我家楼下的灯坏了", "灯坏了"),
        ("单元门禁刷不开", "单元门禁刷不开"),
        ("手机掉电梯缝里了", "手机掉电梯缝里了"),
        ("楼下草坪都秃了没人管", "楼下草坪都秃了没人管"),
        ("你好，3号楼2单元大堂的玻璃碎了，麻烦来看看", "玻璃碎了"),
    ],
)
def test_the_words_of_a_fault_are_whole(text: str, fault: str) -> None:
    assert fault_words(split(clean(text))[0]) == fault
