"""What leads where in the console, and what the desk does around an order: colleagues, costs, quotes."""

import re
import uuid
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenAs, overflow_at_every_width, serious_issues
from tests.people import Door

HOME = {"community": "sunshine", "building": "3", "unit": "2", "floor": "12", "room": "1201"}
STAIRS = {"community": "sunshine", "building": "5", "unit": "1", "place": "楼道"}


def order(door: Door, by: str = "kefu", **fields: Any) -> str:
    """File an order of 阳光花园; returns its number."""
    words = f"楼道灯一直闪 {uuid.uuid4().hex[:6]}"  # told in other words it would be joined, not filed
    body = {"category": "lighting", "fault": words, "location": STAIRS, **fields}
    answer = door.post(by, "/work-orders", body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["number"])


def moved(door: Door, who: str, number: str, to: str, **more: Any) -> None:
    """Make a move, unless the order stands there already."""
    if door.get("kefu", f"/work-orders/{number}")["status"] != to:
        answer = door.post(who, f"/work-orders/{number}/transitions", {"to": to, **more})
        assert answer.status_code == 200, answer.text


def technician(door: Door, name: str) -> int:
    return int(door.get("kefu", "/people", role="technician", q=name)["items"][0]["id"])


def aside(page: Page, name: str) -> Locator:
    return page.get_by_role("complementary", name=re.compile(f"^{name}"))


def readable(page: Page) -> None:
    """Nothing is hard to read, and nothing runs over the edge at any width."""
    assert serious_issues(page) == []
    assert overflow_at_every_width(page) <= 0


class TestCallbacks:
    def test_one_that_is_over_opens_by_its_address(self, open_as: OpenAs, door: Door) -> None:
        number = order(door, reporter="wangfang", source="staff")
        moved(door, "kefu", number, "dispatched", technician=technician(door, "李强"))
        for to in ("accepted", "on_site", "finished"):
            moved(door, "lishifu", number, to, note="换了灯泡")
        rated = door.post("wangfang", f"/work-orders/{number}/rating", {"stars": 1, "words": "晚上又闪了"})
        assert rated.status_code == 200, rated.text
        call = next(c for c in door.get("kefu", "/callbacks", limit=200)["items"] if c["subject"] == number)
        done = door.post("kefu", f"/callbacks/{call['id']}/result", {"result": "done", "outcome": "satisfied"})
        assert done.status_code == 200, done.text
        page = open_as("kefu", f"/console/callbacks/{call['id']}?pending=1")
        panel = aside(page, "回访 王芳")
        expect(panel).to_contain_text("晚上又闪了")
        expect(panel).to_contain_text("满意")
        readable(page)
        page.goto(re.sub(r"/callbacks/\d+", "/callbacks/999999", page.url))
        expect(aside(page, "回访")).to_contain_text("没有找到这个回访")


class TestDashboard:
    def test_open_incidents_lead_to_their_list(self, open_as: OpenAs, door: Door) -> None:
        made = door.post("kefu", "/incidents", {"community": "sunshine", "category": "gas", "building": "8"})
        assert made.status_code == 201, made.text
        page = open_as("kefu", "/console")
        page.get_by_role("link", name=re.compile("抢修中的事件")).click()
        expect(page).to_have_url(re.compile(r"/incidents\?state=open$"))
        expect(page.get_by_role("button", name="抢修中")).to_have_attribute("aria-pressed", "true")
        expect(page.locator(f"[data-incident='{made.json()['number']}']")).to_contain_text("停气")
        page.get_by_role("button", name="开一个事件").click()
        dialog = page.get_by_role("dialog", name="开一个事件")
        dialog.get_by_role("combobox", name="什么事").press("Enter")
        expect(page.get_by_role("option", name="停暖")).to_be_visible()
        door.post("kefu", f"/incidents/{made.json()['number']}/resolve", {"note": "已通气"})

    def test_orders_nobody_came_to_in_time_are_a_filter(self, open_as: OpenAs) -> None:
        page = open_as("kefu", "/console/orders?missed=30")
        expect(page.get_by_role("button", name="没按时到")).to_have_attribute("aria-pressed", "true")
        page.get_by_role("button", name="没按时到").click()
        expect(page).to_have_url(re.compile(r"/orders$"))
        page.goto(f"{page.url}?missed=7")
        expect(page.get_by_text("近 7 天答应的时间没到")).to_be_visible()


class TestOrderPage:
    def test_a_report_leads_to_the_conversation_it_was_made_in(self, open_as: OpenAs, door: Door) -> None:
        door.with_bot("chenjing")
        number = door.order_card(door.say("chenjing", f"厨房的灯坏了 {uuid.uuid4().hex[:4]}"))["number"]
        talk = door.get("quyu", f"/work-orders/{number}")["conversation_id"]
        page = open_as("quyu", f"/console/orders/{number}")
        aside(page, "工单").get_by_role("link", name="看报修时的对话").click()
        expect(page).to_have_url(re.compile(f"/conversations/{talk}$"))
        expect(page.locator("article.message").filter(has_text="厨房的灯坏了").first).to_be_visible()

    def test_a_colleague_comes_along_and_goes_again(self, open_as: OpenAs, door: Door) -> None:
        number = order(door)
        moved(door, "kefu", number, "dispatched", technician=technician(door, "李强"))
        page = open_as("kefu", f"/console/orders/{number}#work")
        part = aside(page, "工单").get_by_role("tabpanel")
        part.get_by_role("button", name="加同行师傅").click()
        part.get_by_role("combobox", name="哪位师傅一起去").click()
        expect(page.get_by_role("option", name=re.compile("李强"))).to_have_count(0)
        page.get_by_role("option", name=re.compile("赵军")).click()
        part.get_by_role("button", name="一起去", exact=True).click()
        expect(part.get_by_role("list", name="同行师傅")).to_contain_text("赵军")
        assert number in [o["number"] for o in door.get("zhaoshifu", "/work-orders/helping")["items"]]
        readable(page)
        part.get_by_role("button", name="赵军不去了").click()
        page.get_by_role("dialog").get_by_role("button", name="不去了").click()
        expect(part.get_by_role("list", name="同行师傅")).to_have_count(0)
        assert number not in [o["number"] for o in door.get("zhaoshifu", "/work-orders/helping")["items"]]

    def test_costs_are_summed_with_what_was_merged(self, open_as: OpenAs, door: Door) -> None:
        other, master = order(door), order(door)
        for number, minutes in ((other, 30), (master, 60)):
            added = door.post("kefu", f"/work-orders/{number}/labour", {"minutes": minutes})
            assert added.status_code == 201, added.text
        moved(door, "kefu", other, "merged", into=master)
        costs = door.get("kefu", f"/work-orders/{master}/costs")
        assert costs["together"]["total_fen"] > costs["total_fen"] > 0
        page = open_as("kefu", f"/console/orders/{master}#costs")
        part = aside(page, "工单").get_by_role("tabpanel")
        expect(part.get_by_text("本单合计")).to_be_visible()
        together = part.get_by_role("region", name="连同并入工单的费用")
        expect(together.locator("tfoot")).to_contain_text(f"¥{costs['together']['total_fen'] / 100:,.2f}")
        readable(page)
        page.set_viewport_size({"width": 1440, "height": 900})
        together.get_by_role("link", name=other).click()
        expect(aside(page, f"工单 {other}").get_by_role("tabpanel")).to_contain_text("这里只是这张单的费用")

    def test_only_who_may_set_prices_offers_what_stands_in_no_list(self, open_as: OpenAs, door: Door) -> None:
        number = order(door, "zhangwei", category="plumbing", location=HOME)
        for who, may in (("kefu", False), ("jingli", True)):
            page = open_as(who, f"/console/orders/{number}#costs")
            aside(page, "工单").get_by_role("button", name="给业主报价").click()
            dialog = page.get_by_role("dialog", name=f"报价 {number}")
            expect(dialog.get_by_role("combobox", name="找价目项目")).to_be_visible()
            expect(dialog.get_by_role("form", name="自定义项目")).to_have_count(int(may))
        dialog.get_by_role("textbox", name="自定义项目的名称").fill("墙面开孔")
        dialog.get_by_role("textbox", name="自定义项目的单位").fill("个")
        dialog.get_by_role("textbox", name="自定义项目的单价").fill("30.5")
        dialog.get_by_role("textbox", name="自定义项目的数量").fill("2")
        dialog.get_by_role("button", name="加到报价").click()
        expect(dialog.locator("li")).to_contain_text("自定义项目")
        assert serious_issues(page) == []
        dialog.get_by_role("button", name="发给业主").click()
        expect(aside(page, "工单").get_by_role("region", name="报价")).to_contain_text("¥61.00")
        owner = open_as("zhangwei")
        quote = owner.get_by_role("region", name="报价").filter(has_text="墙面开孔").last
        expect(quote).to_contain_text("自定义项目，不在价目表里")
        expect(quote).to_contain_text("¥61.00")
