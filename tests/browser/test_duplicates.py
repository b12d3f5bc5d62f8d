"""What the desk is shown beside an order that may be another's fault, and what becomes of it."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenAs, overflow, serious_issues
from tests.people import Door, until

ENCODER_S = 180.0
LOBBY = {"building": "3", "unit": "2", "place": "大堂"}


@pytest.fixture
def pair(door: Door) -> tuple[str, str]:
    """Two orders of one fault, the older first."""
    until(door.encoder_is_there, "the encoder is loaded", ENCODER_S)
    body = {"category": "lighting", "scope": "public", "location": LOBBY}
    told = ("大堂的灯一闪一闪的，看着头晕", "大堂顶灯老是跳，能不能换个")
    older, younger = (door.post("kefu", "/work-orders", {**body, "fault": fault}).json()["number"] for fault in told)
    return older, younger


def beside(page: Page, number: str) -> Locator:
    """Return the part of the open order that shows what may be the same."""
    return page.get_by_role("complementary", name=f"工单 {number}").get_by_role("region", name="可能重复")


def test_the_younger_is_merged_into_the_older(open_as: OpenAs, pair: tuple[str, str]) -> None:
    older, younger = pair
    page = open_as("kefu", f"/console/orders/{younger}", reduced_motion="reduce")
    shown = beside(page, younger)
    expect(shown).to_contain_text(older)
    expect(shown).to_contain_text(re.compile(r"同一位置：3号楼2单元 大堂.*说法相似 \d+%"))
    shown.get_by_role("button", name=f"合并到 {older}").click()
    page.get_by_role("button", name="合并", exact=True).last.click()
    aside = page.get_by_role("complementary", name=f"工单 {younger}")
    expect(aside.locator("header")).to_contain_text("已合并")
    expect(aside.get_by_role("link", name=older).first).to_be_visible()


def test_what_is_not_the_same_is_never_shown_again(open_as: OpenAs, pair: tuple[str, str]) -> None:
    older, younger = pair
    page = open_as("kefu", f"/console/orders/{older}", reduced_motion="reduce")
    beside(page, older).get_by_role("button", name="不是同一个").click()
    expect(beside(page, older)).to_contain_text(re.compile(rf"已确认不是同一个：\s*{younger}（周敏）"))
    page.goto(page.url.replace(older, younger))
    expect(beside(page, younger)).to_contain_text("已确认不是同一个")
    expect(beside(page, younger).get_by_role("button")).to_have_count(0)


def test_everybody_can_read_it_at_every_width(open_as: OpenAs, pair: tuple[str, str]) -> None:
    page = open_as("kefu", f"/console/orders/{pair[0]}", reduced_motion="reduce")
    expect(beside(page, pair[0])).to_be_visible()
    assert serious_issues(page) == []
    for width in (375, 1024, 1440):
        page.set_viewport_size({"width": width, "height": 800})
        assert overflow(page) <= 0
