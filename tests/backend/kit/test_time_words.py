"""What times in words mean, said on Wednesday 2026-11-25 at 16:36."""

from datetime import datetime

import pytest

from backend.kit import clock, time_words

NOW = datetime(2026, 11, 25, 16, 36, tzinfo=clock.SHANGHAI)


def meant(text: str) -> str | None:
    found = time_words.find(text, NOW)
    if found is None:
        return None
    return f"{found.start:%m-%d %H:%M}" if found.start else "passed"


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("改到周六上午", "11-28 09:00"),
        ("周六", "11-28 09:00"),
        ("明天下午家里有人", "11-26 14:00"),
        ("明天晚上", "11-26 19:00"),
        ("明晚来", "11-26 19:00"),
        ("明早", "11-26 08:00"),
        ("明天三点来", "11-26 15:00"),
        ("明天上午九点到十一点", "11-26 09:00"),
        ("这周六上午9点半", "11-28 09:30"),
        ("周末", "11-28 09:00"),
        ("12月1号", "12-01 09:00"),
        ("晚上八点以后", "11-25 20:00"),
        ("晚上都在家", "11-25 19:00"),
        ("半小时后", "11-25 17:06"),
    ],
)
def test_a_time_to_come(text: str, start: str) -> None:
    assert meant(text) == start


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("上午十点来", "11-26 10:00"),
        ("中午来", "11-26 12:00"),
        ("上午来一下", "11-26 09:00"),
        ("下午三点以后在家", "passed"),
        ("今天上午十点", "passed"),
        ("下午都在家", "passed"),
    ],
)
def test_a_time_of_today_that_has_passed(text: str, start: str) -> None:
    assert meant(text) == start


@pytest.mark.parametrize("text", ["昨天晚上就坏了", "上周六报的", "等了三天了", "灯坏了", "3号楼"])
def test_no_time_at_all(text: str) -> None:
    assert meant(text) is None


@pytest.mark.parametrize(("text", "wished"), [("晚上老是闪", False), ("早上就坏了", False), ("晚上来修", True)])
def test_when_it_broke_is_no_wish(text: str, wished: bool) -> None:
    assert (time_words.find_wish(text, NOW) is not None) is wished
