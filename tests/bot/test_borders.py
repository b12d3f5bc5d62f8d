"""Borders between faults are learned from marked reports."""

import numpy as np
import pytest

from bot.components.borders import MARK, Borders, marked_reports
from bot.components.task_splitter import clauses_of, split

LAMP, TAP = np.array([0.9, 0.1], dtype=np.float32), np.array([0.1, 0.9], dtype=np.float32)


def categories(texts: list[str]) -> np.ndarray:
    """What a category model would say: lamps are dark, taps are wet."""
    return np.stack([TAP if any(w in text for w in "水滴湿") else LAMP for text in texts])


@pytest.fixture(scope="module")
def borders() -> Borders:
    reports = [
        f"{a}，|{b}"
        for a in ("楼道黑得很", "灯不亮", "一闪一闪的")
        for b in ("龙头滴个不停", "地上湿了一片", "水放不出来")
    ]
    single = ["楼道黑得很，晚上看不见", "龙头滴个不停，地上湿了一片", "一闪一闪的，眼睛疼", "水放不出来，也没人来看"]
    return Borders.learn(reports * 20 + single * 40, categories)


@pytest.mark.parametrize(
    ("text", "faults"), [("门厅黑咕隆咚，洗手池滴水", 2), ("洗手池滴水，柜子里湿的", 1), ("门厅黑咕隆咚", 1)]
)
def test_another_kind_of_thing_begins_another_fault(borders: Borders, text: str, faults: int) -> None:
    tasks = split(text, lambda words, clauses: borders.begins(words, clauses, categories))
    assert len(tasks) == faults
    assert tasks[0].text in text


def test_the_shipped_reports_are_marked_between_words() -> None:
    reports = marked_reports()
    assert sum(MARK in report for report in reports) >= 300
    assert all(part.strip() for report in reports for part in report.split(MARK))
    assert all(len(clauses_of(report.replace(MARK, ""))) >= 1 for report in reports)
