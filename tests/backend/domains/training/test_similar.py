"""How alike two short messages are."""

import pytest

from backend.domains.training.similar import likeness, most_alike, pairs


@pytest.mark.parametrize(
    ("one", "other", "at_least", "at_most"),
    [
        ("楼道灯不亮了", "楼道灯不亮了", 1.0, 1.0),
        ("楼道灯不亮了", "楼道灯不亮了！！", 1.0, 1.0),
        ("楼道灯不亮了", "楼道的灯不亮了", 0.6, 0.95),
        ("楼下的灯一闪一闪的", "楼下那个灯一闪一闪", 0.65, 0.9),
        ("楼道灯不亮了", "我要交物业费", 0.0, 0.1),
        ("", "", 0.0, 0.0),
        ("嗯", "嗯", 1.0, 1.0),
    ],
)
def test_likeness(one: str, other: str, at_least: float, at_most: float) -> None:
    assert at_least <= likeness(pairs(one), pairs(other)) <= at_most


def test_best_first_and_not_too_many() -> None:
    others = {1: "今天天气", 2: "楼道的灯不亮", 3: "楼道灯不亮了", 4: "楼道灯不亮了呢"}
    assert [a.id for a in most_alike("楼道灯不亮了", others, 0.4, 2)] == [3, 4]
