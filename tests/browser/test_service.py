"""The desk answers complaints, calls back, runs incidents and the store, and sets what an estate decides for itself."""

import re
import uuid
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenAs, overflow_at_every_width, serious_issues
from tests.people import Door


def order(door: Door, **fields: Any) -> str:
    """File an order of 阳光花园; returns its number."""
    where = {"community": "sunshine", "building": "5", "unit": "1", "place": "楼道"}
    body = {"category": "lighting", "fault": "楼道灯一直闪", "location": where, **fields}
    answer = door.post("kefu", "/work-orders", body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["number"])


def aside(page: Page, name: str) -> Locator:
    return page.get_by_role("complementary", name=re.compile(f"^{name}"))


class TestComplaints:
    def test_the_desk_files_one_and_answers_it(self, open_as: OpenAs) -> None:
        words = f"等了一下午没有人来 {uuid.uuid4().hex[:6]}"
        page = open_as("kefu", "/console/complaints")
        page.get_by_role("button", name="登记投诉").click()
        dialog = page.get_by_role("dialog", name="登记投诉")
        dialog.get_by_role("combobox", name="谁投诉的").fill("张伟")
        page.get_by_role("option", name=re.compile("^张伟")).click()
        dialog.get_by_label("内容，照对方的话写").fill(words)
        dialog.get_by_role("button", name="登记", exact=True).click()
        panel = aside(page, "投诉 TS-")
        expect(panel).to_contain_text(words)
        panel.get_by_role("button", name="开始处理").click()
        expect(panel.locator("header")).to_contain_text("处理中")
        panel.get_by_role("textbox", name="内部记录").fill("已问过值班师傅")
        panel.get_by_role("button", name="记下", exact=True).click()
        expect(panel).to_contain_text("只给内部看")
        panel.get_by_role("textbox", name="答复投诉人").fill("张先生，明早九点师傅准时到，对不住您等这么久。")
        panel.get_by_role("button", name="发出答复").click()
        expect(panel.locator("header")).to_contain_text("已答复")
        assert serious_issues(page) == []

    def test_filters_stay_in_the_address(self, open_as: OpenAs) -> None:
        page = open_as("kefu", "/console/complaints")
        page.get_by_role("button", name=re.compile("^未结")).click()
        expect(page).to_have_url(re.compile(r"\?open=1$"))
        page.reload()
        expect(page.get_by_role("button", name=re.compile("^未结"))).to_have_attribute("aria-pressed", "true")


class TestCallbacks:
    def test_a_low_rating_is_called_about(self, open_as: OpenAs, door: Door) -> None:
        number = order(door, reporter="wangfang", source="staff")
        lamp = door.get("kefu", "/people", role="technician", q="李强")["items"][0]
        for to in ("dispatched", "accepted", "on_site", "finished"):
            now = door.get("kefu", f"/work-orders/{number}")["status"]
            if to == "dispatched" and now == "triaged":
                door.post("kefu", f"/work-orders/{number}/transitions", {"to": to, "technician": lamp["id"]})
            elif to != "dispatched":
                door.post("lishifu", f"/work-orders/{number}/transitions", {"to": to, "note": "换了灯泡"})
        rated = door.post("wangfang", f"/work-orders/{number}/rating", {"stars": 1, "words": "晚上又闪了"})
        assert rated.status_code == 200, rated.text
        page = open_as("kefu", "/console/callbacks?pending=1")
        page.locator("tr[data-callback]").filter(has_text=number).click()
        panel = aside(page, "回访 王芳")
        expect(panel.get_by_role("link", name=re.compile("^打电话"))).to_have_attribute("href", re.compile("^tel:"))
        panel.get_by_role("button", name="我来打").click()
        expect(panel.get_by_role("button", name="我来打")).to_have_count(0)
        panel.get_by_role("button", name="没打通").click()
        expect(panel).to_contain_text("1 次没通")
        panel.get_by_role("radio", name="需要返修").check()
        panel.get_by_role("button", name="记下结果").click()
        expect(panel).to_contain_text("去工单安排返修")


class TestIncidents:
    def test_one_is_opened_told_about_resolved_and_closed(self, open_as: OpenAs) -> None:
        page = open_as("kefu", "/console/incidents")
        page.get_by_role("button", name="开一个事件").click()
        dialog = page.get_by_role("dialog", name="开一个事件")
        dialog.get_by_label("楼号").fill("6")
        dialog.get_by_role("button", name="开事件").click()
        panel = aside(page, "事件 ")
        expect(panel.locator("header")).to_contain_text("抢修中")
        panel.get_by_role("textbox", name="告诉所有报修的人").fill("正在换管，预计两小时")
        panel.get_by_role("button", name=re.compile("^发给")).click()
        expect(panel.get_by_role("region", name="告知大家").locator("ol")).to_contain_text("正在换管")
        panel.get_by_role("button", name="已经恢复").click()
        panel.get_by_role("textbox", name="怎么修好的").fill("换了一段主管，已通水")
        panel.get_by_role("button", name="告诉大家已恢复").click()
        expect(panel.locator("header")).to_contain_text(re.compile("已恢复|已关闭"))
        if panel.get_by_role("button", name="关闭事件").count():
            panel.get_by_role("button", name="关闭事件").click()
            page.get_by_role("dialog").get_by_role("button", name="关闭事件").click()
        expect(panel.locator("header")).to_contain_text("已关闭")


class TestStock:
    def test_what_comes_in_and_what_is_counted_stands_in_the_ledger(self, open_as: OpenAs) -> None:
        page = open_as("kefu", "/console/stock")
        page.get_by_role("button", name="登记物料").click()
        name = f"灯座{uuid.uuid4().hex[:6]}"
        dialog = page.get_by_role("dialog", name="登记物料")
        dialog.get_by_label("名称").fill(name)
        dialog.get_by_label("单价（元）").fill("12.5")
        dialog.get_by_label("最低库存").fill("10")
        dialog.get_by_role("button", name="登记", exact=True).click()
        panel = aside(page, f"物料 {name}")
        expect(panel).to_contain_text("¥12.50")
        for button, quantity in (("入库", "20"), ("盘点", "4")):
            panel.get_by_role("button", name=button, exact=True).click()
            dialog = page.get_by_role("dialog", name=re.compile(f"^{button}"))
            dialog.get_by_role("textbox").first.fill(quantity)
            dialog.get_by_role("button", name=re.compile(f"^(记下)?{button}$")).click()
            expect(dialog).to_be_hidden()
        expect(panel).to_contain_text("-16")
        expect(panel.locator("header")).to_contain_text("不够了")
        page.get_by_role("button", name="不够了", exact=True).click()
        expect(page.locator("tr[data-item]").filter(has_text=name)).to_be_visible()

    def test_finance_reads_and_changes_nothing(self, open_as: OpenAs) -> None:
        page = open_as("caiwu", "/console/stock")
        expect(page.locator("tr[data-item]").first).to_be_visible()
        expect(page.get_by_role("button", name="登记物料")).to_have_count(0)
        page.get_by_role("link", name="价目表").click()
        expect(page.locator("tr[data-price]").first).to_be_visible()
        expect(page.get_by_role("button", name="加一项")).to_have_count(0)


class TestSettings:
    def test_only_managers_see_dispatch_rules(self, open_as: OpenAs) -> None:
        tabs = open_as("kefu", "/console/settings").get_by_role("navigation", name="设置的各部分")
        expect(tabs.get_by_role("link", name="班次与请假")).to_be_visible()
        expect(tabs.get_by_role("link", name="派单规则")).to_have_count(0)
        page = open_as("jingli", "/console/settings/dispatch")
        mode = page.get_by_label("绿化怎么派")
        mode.select_option("assign")
        page.get_by_role("button", name="保存").click()
        expect(page.get_by_role("button", name="保存")).to_have_count(0)
        page.reload()
        expect(mode).to_have_value("assign")

    def test_labels_are_printed(self, open_as: OpenAs) -> None:
        page = open_as("kefu", "/console/settings/labels")
        page.get_by_role("checkbox").nth(1).check()
        with page.expect_download() as download:
            page.get_by_role("button", name="打印 1 张").click()
        assert download.value.suggested_filename.endswith(".pdf")


class TestLook:
    @pytest.mark.parametrize(
        "path",
        [
            *("complaints", "callbacks", "incidents", "stock", "stock/prices"),
            *(
                f"settings/{tab}"
                for tab in ("clocks", "dispatch", "shifts", "checklists", "acceptance", "care", "labels")
            ),
        ],
    )
    def test_everybody_can_read_it_at_every_width(self, open_as: OpenAs, path: str) -> None:
        page = open_as("jingli", f"/console/{path}", reduced_motion="reduce")
        expect(page.locator("h1").first).to_be_attached()
        expect(page.locator(".el-skeleton")).to_have_count(0)
        assert serious_issues(page) == []
        assert overflow_at_every_width(page) <= 0
