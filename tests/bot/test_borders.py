"""Borders between faults are learned from marked reports."""

import numpy as np
import pytest

from bot.components.borders import MARK, Borders, marked_reports

LAMP, TAP = (0.9, 0.1), (0.1, 0.9)


def meaning(texts: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """What the field model would say: lamps are dark, taps are wet, and both are worth a report."""
    wet = [any(word in text for word in "水滴湿") for text in texts]
    dark = [any(word in text for word in "黑亮闪") for text in texts]
    categories = np.array([TAP if is_wet else LAMP for is_wet in wet], dtype=np.float32)
    return categories, np.array([float(a or b) for a, b in zip(wet, dark, strict=True)], dtype=np.float32)


@pytest.fixture(scope="module")
def borders() -> Borders:
    reports = [
        f"{a}，|{b}"
        for a in ("楼道黑得很", "灯不亮", "一闪一闪的")
        for b in ("龙头滴个不停", "地上湿了一片", "水放不出来")
    ]
    single = ["楼道黑得很，晚上看不见", "龙头滴个不停，地上湿了一片", "一闪一闪的，眼睛疼", "水放不出来，也没人来看"]
    return Borders.learn(reports * 20 + single * 40, meaning)


@pytest.mark.parametrize(
    ("text", "beginnings"),
    [("门厅黑咕隆咚，洗手池滴水", [7]), ("洗手池滴水，柜子里湿的", []), ("门厅黑咕隆咚", []), ("黑", [])],
)
def test_another_kind_of_thing_begins_another_fault(borders: Borders, text: str, beginnings: list[int]) -> None:
    assert borders.beginnings(text, meaning) == beginnings


def test_the_shipped_reports_are_marked_between_words() -> None:
    reports = marked_reports()
    assert sum(MARK in report for report in reports) >= 1500
    assert sum(MARK not in report for report in reports) >= 800
    assert all(part.strip() for report in reports for part in report.split(MARK))
