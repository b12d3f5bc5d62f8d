"""The desk's ways to look at orders: list with saved views and bulk changes, board, buildings, calendar, technicians."""

import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenAs, overflow_at_every_width, serious_issues
from tests.people import Door

TABS = {"board": "看板", "map": "楼栋图", "calendar": "日历", "technicians": "师傅"}


def order(door: Door, **fields: Any) -> str:
    """File an order of 阳光花园; returns its number."""
    where = {"community": "sunshine", "building": "6", "unit": "2", "floor": "9", "place": "楼道"}
    body = {"category": "lighting", "fault": "楼道灯一直闪", "scope": "public", "location": where, **fields}
    answer = door.post("kefu", "/work-orders", body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["number"])


@pytest.fixture
def word(door: Door) -> Iterator[str]:
    """A word that only this test's orders have."""
    said = f"暗号{uuid.uuid4().hex[:6]}"
    yield said
    for found in door.get("kefu", "/work-orders", q=said, open=True)["items"]:
        door.post("kefu", f"/work-orders/{found['number']}/transitions", {"to": "cancelled", "note": "测试完了"})


def rows(page: Page, numbers: list[str]) -> None:
    """The list has exactly these orders."""
    expect(page.locator(".order-row")).to_have_count(len(numbers))
    for number in numbers:
        expect(page.locator(f"tr[data-order='{number}']")).to_be_visible()


class TestKeyboard:
    def test_the_focus_goes_into_what_opens_and_back_to_its_row(self, open_as: OpenAs, door: Door, word: str) -> None:
        one, two = order(door, fault=f"灯闪{word}"), order(door, fault=f"门响{word}")
        page = open_as("kefu", f"/console/orders?q={word}")
        rows(page, [two, one])
        page.keyboard.press("j")
        row = page.locator(f"tr[data-order='{one}']").get_by_role("link", name=one)
        expect(row).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name=f"工单 {one}")).to_be_focused()
        page.keyboard.press("Tab")
        expect(page.get_by_role("complementary", name=f"工单 {one}").get_by_role("button", name="关闭")).to_be_focused()
        page.keyboard.press("k")
        expect(page.get_by_role("heading", name=f"工单 {two}")).to_be_focused()
        page.keyboard.press("Escape")
        expect(page.locator(f"tr[data-order='{two}']").get_by_role("link", name=two)).to_be_focused()

    def test_the_other_panels_too(self, open_as: OpenAs) -> None:
        page = open_as("kefu", "/console/stock")
        item = page.locator("tr[data-item]").first.get_by_role("link")
        name = item.inner_text()
        item.press("Enter")
        expect(page.get_by_role("heading", name=f"物料 {name}")).to_be_focused()
        page.keyboard.press("Escape")
        expect(item).to_be_focused()


class TestList:
    def test_urgency_of_several_is_changed_and_taken_back(self, open_as: OpenAs, door: Door, word: str) -> None:
        one, two = order(door, fault=f"灯闪{word}"), order(door, fault=f"门响{word}", urgency="high")
        page = open_as("kefu", f"/console/orders?q={word}")
        rows(page, [two, one])
        page.get_by_label(f"选中 {one}").check()
        page.get_by_label(f"选中 {two}").check()
        bar = page.get_by_role("region", name="批量操作")
        expect(bar).to_contain_text("已选 2 张")
        bar.get_by_role("button", name="改紧急程度").click()
        page.get_by_role("dialog", name=re.compile("改紧急程度")).get_by_role("button", name="改紧急程度").click()
        made = page.get_by_role("status").filter(has_text="已办好")
        expect(made).to_contain_text("1 张已办好")
        expect(made).to_contain_text("本来就是这样")
        expect(page.locator(f"tr[data-order='{one}']")).to_contain_text("较急")
        made.get_by_role("button", name="撤销").click()
        expect(page.get_by_role("status").filter(has_text="已撤销")).to_contain_text("已撤销 1 张")
        expect(page.locator(f"tr[data-order='{one}']")).not_to_contain_text("较急")

    def test_what_is_refused_says_why(self, open_as: OpenAs, door: Door, word: str) -> None:
        one, over = order(door, fault=f"灯闪{word}"), order(door, fault=f"门响{word}")
        assert (
            door.post("kefu", f"/work-orders/{over}/transitions", {"to": "cancelled", "note": "报错"}).status_code
            == 200
        )
        page = open_as("kefu", f"/console/orders?q={word}")
        rows(page, [over, one])
        page.get_by_label("选中列表里的全部工单").check()
        page.get_by_role("region", name="批量操作").get_by_role("button", name="撤单").click()
        dialog = page.get_by_role("dialog", name=re.compile("撤单"))
        expect(dialog.get_by_role("button", name="撤单")).to_be_disabled()
        dialog.get_by_role("textbox").fill("一起撤了")
        dialog.get_by_role("button", name="撤单").click()
        made = page.get_by_role("status").filter(has_text="已办好")
        expect(made).to_contain_text("1 张已办好")
        expect(made).to_contain_text("这一步不能撤销")
        made.get_by_text("1 张没有办成").click()
        expect(made).to_contain_text(re.compile(f"{over}.*本来就是这样"))

    def test_a_view_is_kept_and_shown_again(self, open_as: OpenAs, word: str) -> None:
        page = open_as("kefu", "/console/orders?building=6&urgency=high&urgency=emergency&sort=urgency")
        page.get_by_role("button", name="我的视图").click()
        page.get_by_role("textbox", name="视图的名字").fill(word)
        page.get_by_role("button", name="保存", exact=True).click()
        page.keyboard.press("Escape")
        page.goto(page.url.split("?")[0])
        page.get_by_role("button", name="我的视图").click()
        page.get_by_role("button", name=word, exact=True).click()
        expect(page).to_have_url(re.compile(r"urgency=high&urgency=emergency"))
        expect(page.get_by_role("button", name="去掉条件：6号楼")).to_be_visible()
        page.get_by_role("button", name="我的视图").click()
        page.get_by_role("button", name=f"删除视图 {word}").click()
        expect(page.get_by_role("button", name=word, exact=True)).to_have_count(0)

    def test_the_list_goes_into_a_spreadsheet(self, open_as: OpenAs, door: Door, word: str) -> None:
        order(door, fault=f"灯闪{word}")
        page = open_as("kefu", f"/console/orders?q={word}")
        with page.expect_download() as download:
            page.get_by_role("button", name="导出").click()
        assert re.fullmatch(r"工单-\d{4}-\d{2}-\d{2}\.xlsx", download.value.suggested_filename)


class TestWays:
    def test_a_card_moves_to_the_column_of_its_state(self, open_as: OpenAs, door: Door, word: str) -> None:
        number = order(door, fault=f"灯闪{word}")
        page = open_as("kefu", f"/console/orders/board?q={word}", reduced_motion="reduce")
        expect(
            page.get_by_role("region", name=re.compile("^已派单")).locator(f"[data-order='{number}']")
        ).to_be_visible()
        assert door.post("lishifu", f"/work-orders/{number}/transitions", {"to": "accepted"}).status_code == 200
        accepted = page.get_by_role("region", name=re.compile("^已接单"))
        expect(accepted.locator(f"[data-order='{number}']")).to_be_visible()
        accepted.locator(f"[data-order='{number}']").click()
        expect(page.get_by_role("complementary", name=f"工单 {number}")).to_be_visible()
        expect(page).to_have_url(re.compile(rf"/orders/board/{number}\?q="))
        page.keyboard.press("Escape")
        expect(page.get_by_role("complementary", name=f"工单 {number}")).to_have_count(0)

    def test_a_floor_leads_to_its_orders(self, open_as: OpenAs, door: Door, word: str) -> None:
        where = {"community": "sunshine", "building": "6", "unit": "1", "floor": "14", "place": "楼道"}
        number = order(door, fault=f"灯闪{word}", location=where, urgency="high")
        page = open_as("kefu", "/console/orders/map")
        page.get_by_role("button", name=re.compile(r"^6号楼1单元14层：\d+ 张未完成")).click()
        expect(page).to_have_url(re.compile(r"open=1&building=6&unit=1&floor=14"))
        expect(page.locator(f"tr[data-order='{number}']")).to_be_visible()

    def test_technicians_stand_with_what_they_have(self, open_as: OpenAs, door: Door, word: str) -> None:
        number = order(door, fault=f"灯闪{word}")
        for to in ("accepted", "on_site"):
            assert door.post("lishifu", f"/work-orders/{number}/transitions", {"to": to}).status_code == 200
        page = open_as("kefu", "/console/orders/technicians")
        mine = page.get_by_role("listitem", name="李强")
        expect(mine).to_contain_text("正在")
        expect(mine).to_contain_text(re.compile(r"处理中 \d+"))

    @pytest.mark.parametrize("tab", TABS)
    def test_everybody_can_read_it_at_every_width(self, open_as: OpenAs, door: Door, word: str, tab: str) -> None:
        order(door, fault=f"灯闪{word}")
        page = open_as("jingli", f"/console/orders/{tab}", reduced_motion="reduce")
        expect(
            page.get_by_role("navigation", name="看工单的方式").get_by_role("link", name=TABS[tab])
        ).to_have_attribute("aria-current", "page")
        expect(page.locator(".el-skeleton")).to_have_count(0)
        assert serious_issues(page) == []
        assert overflow_at_every_width(page) <= 0
