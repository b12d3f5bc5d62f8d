"""The order page of the console: what is on top at once, parts that are fetched when they are opened, what is done there."""

import re
import uuid
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenAs, overflow, serious_issues
from tests.people import Door

PARTS = ("work", "costs", "judging", "relations")


def order(door: Door, by: str = "kefu", **fields: Any) -> str:
    """File an order of 阳光花园; returns its number."""
    where = {"community": "sunshine", "building": "5", "unit": "1", "place": "楼道"}
    words = f"楼道灯一直闪 {uuid.uuid4().hex[:6]}"  # told in other words it would be joined, not filed
    answer = door.post(by, "/work-orders", {"category": "lighting", "fault": words, "location": where, **fields})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["number"])


def at_home(door: Door) -> str:
    """张伟 reports something inside his home; returns the number."""
    home = {"community": "sunshine", "building": "3", "unit": "2", "floor": "12", "room": "1201"}
    return order(door, "zhangwei", category="plumbing", fault=f"龙头滴水 {uuid.uuid4().hex[:6]}", location=home)


def opened(page: Page, number: str) -> Locator:
    aside = page.get_by_role("complementary", name=f"工单 {number}")
    expect(aside.get_by_role("tab", name=re.compile("^经过"))).to_be_visible()
    return aside


def part(aside: Locator, title: str) -> Locator:
    """Open a part of the order and return it."""
    aside.get_by_role("tab", name=re.compile(f"^{title}")).click()
    return aside.get_by_role("tabpanel")


def test_clocks_are_there_and_parts_are_fetched_when_they_are_opened(open_as: OpenAs, door: Door) -> None:
    number = order(door)
    page = open_as("kefu", "/console")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{page.url.split('/console')[0]}/console/orders/{number}")
    aside = opened(page, number)
    clocks = aside.get_by_role("region", name="时限")
    for words in ("接单", "到场", "完工", "答应业主"):
        expect(clocks).to_contain_text(words)
    assert not [url for url in asked if re.search(r"/(work|costs|acceptance|relations|candidates)$", url)]
    expect(part(aside, "费用")).to_contain_text("还没有记用料和工时")
    assert [url for url in asked if url.endswith(f"/{number}/costs")]
    expect(page).to_have_url(re.compile("#costs$"))
    page.keyboard.press("1")
    expect(page).to_have_url(re.compile(f"/{number}$"))


def test_somebody_is_sent_by_one_click_for_reasons_in_words(open_as: OpenAs, door: Door) -> None:
    number = order(door)
    page = open_as("kefu", f"/console/orders/{number}")
    aside = opened(page, number)
    aside.get_by_role("button", name=re.compile("^(派单|改派)$")).click()
    dialog = page.get_by_role("dialog", name=re.compile(number))
    expect(dialog.locator("label").filter(has_text="李强")).to_contain_text(
        re.compile(r"会修照明.*手上 \d+ 单", re.DOTALL)
    )
    more = dialog.get_by_role("button", name=re.compile("再看另外"))
    if more.is_visible():
        more.click()
    dialog.get_by_role("button", name="直接派给赵军").click()
    expect(dialog).to_be_hidden()
    expect(aside.locator("dl").first).to_contain_text("赵军")


def test_a_remark_is_for_staff_only(open_as: OpenAs, door: Door) -> None:
    number = at_home(door)
    page = open_as("kefu", f"/console/orders/{number}")
    aside = opened(page, number)
    aside.get_by_text("内部备注", exact=True).click()
    aside.get_by_role("textbox", name="补一句内部备注").fill("钥匙在门岗")
    aside.get_by_role("button", name="记下").click()
    expect(aside.locator("li.remark")).to_contain_text(re.compile("内部.*钥匙在门岗", re.DOTALL))
    assert "钥匙在门岗" not in str(door.get("zhangwei", f"/work-orders/{number}"))


def test_material_is_taken_from_the_store_and_given_back(open_as: OpenAs, door: Door) -> None:
    number = order(door)
    page = open_as("kefu", f"/console/orders/{number}#costs")
    aside = opened(page, number)
    aside.get_by_role("button", name="记用料或工时").click()
    form = aside.get_by_role("form", name="记用料或工时")
    form.get_by_role("combobox", name="找材料").click()
    form.get_by_role("combobox", name="找材料").fill("生料带")
    page.get_by_role("option", name=re.compile("生料带")).click()
    form.get_by_role("textbox", name="数量").fill("2")
    form.get_by_role("button", name="记上").click()
    line = aside.get_by_role("tabpanel").get_by_role("listitem").filter(has_text="生料带")
    expect(line).to_contain_text(re.compile(r"¥4\.00.*公司付", re.DOTALL))
    line.get_by_role("button", name="退料").click()
    line.get_by_role("textbox").fill("1")
    line.get_by_role("button", name="退回库房").click()
    expect(line).to_contain_text("已退 1")


def test_a_report_of_two_things_is_split(open_as: OpenAs, door: Door) -> None:
    number = at_home(door)
    page = open_as("kefu", f"/console/orders/{number}#relations")
    aside = opened(page, number)
    aside.get_by_role("button", name="拆成几张单").click()
    dialog = page.get_by_role("dialog", name=f"拆分 {number}")
    dialog.get_by_role("combobox", name="第 2 件的类别").click()
    page.get_by_role("option", name="门窗土建").click()
    dialog.get_by_role("textbox", name="第 2 件是什么问题").fill("天花板湿了要补")
    dialog.get_by_role("button", name="拆成 2 张单").click()
    expect(dialog).to_be_hidden()
    expect(aside.get_by_role("tabpanel")).to_contain_text(re.compile("同一次报修拆开.*天花板湿了要补", re.DOTALL))


def test_a_merge_is_taken_back(open_as: OpenAs, door: Door) -> None:
    into, number = order(door), order(door)
    merged = door.post("kefu", f"/work-orders/{number}/transitions", {"to": "merged", "into": into})
    assert merged.status_code == 200, merged.text
    page = open_as("kefu", f"/console/orders/{number}")
    aside = opened(page, number)
    aside.get_by_role("button", name=re.compile("撤销合并")).click()
    expect(aside.locator("header")).not_to_contain_text("已合并")
    expect(aside.get_by_role("button", name="更正")).to_be_visible()


@pytest.mark.parametrize("name", PARTS)
def test_everybody_can_read_each_part_at_every_width(open_as: OpenAs, door: Door, name: str) -> None:
    number = at_home(door)
    page = open_as("kefu", f"/console/orders/{number}#{name}", reduced_motion="reduce")
    opened(page, number)
    expect(page.locator(".el-skeleton")).to_have_count(0)
    assert serious_issues(page) == []
    for width in (375, 1024, 1440):
        page.set_viewport_size({"width": width, "height": 800})
        assert overflow(page) <= 0
