"""The desk's pages: what is searched is found, what ends is confirmed, numbers and lists agree, rights are said in words."""

import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import ANSWER_MS, OpenAs, overflow, serious_issues
from tests.people import Door


def order(door: Door, **fields: Any) -> str:
    """File an order of 阳光花园; returns its number."""
    where = {"community": "sunshine", "building": "5", "unit": "1", "place": "楼道"}
    body = {"category": "lighting", "fault": "楼道灯一直闪", "location": where, **fields}
    answer = door.post("kefu", "/work-orders", body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["number"])


def panel(page: Page, number: str) -> Locator:
    return page.get_by_role("complementary", name=f"工单 {number}")


class TestCancelling:
    def test_it_asks_why_and_then_nothing_can_be_added(self, open_as: OpenAs, door: Door) -> None:
        number = order(door)
        page = open_as("kefu", f"/console/orders/{number}")
        aside = panel(page, number)
        expect(aside.get_by_role("textbox", name="补一句说明")).to_be_visible()
        aside.get_by_role("button", name="撤单").click()
        dialog = page.get_by_role("dialog", name=f"撤单 {number}")
        yes = dialog.get_by_role("button", name="撤单", exact=True)
        expect(yes).to_be_disabled()
        assert door.get("kefu", f"/work-orders/{number}")["status"] == "dispatched"
        dialog.get_by_role("textbox").fill("业主说不用来了")
        yes.click()
        expect(aside.locator("header")).to_contain_text("已取消")
        expect(aside).to_contain_text("已经结束，不能再改也不能再补充")
        expect(aside.get_by_role("textbox", name="补一句说明")).to_have_count(0)
        expect(aside.get_by_role("button", name="更正")).to_have_count(0)


class TestConversations:
    def test_words_said_before_are_found_and_marked(self, open_as: OpenAs, door: Door) -> None:
        door.with_bot("liuyang")
        word = f"暗号{uuid.uuid4().hex[:6]}"
        door.say("liuyang", f"我想问{word}")
        door.say("liuyang", "谢谢")
        page = open_as("kefu", "/console/conversations")
        page.get_by_role("textbox", name="找会话").fill(word)
        rows = page.locator("[data-conversation]")
        expect(rows).to_have_count(1)
        expect(rows.locator("mark")).to_have_text(word)
        expect(page).to_have_url(re.compile(r"q="))
        page.get_by_role("textbox", name="找会话").fill("三号楼二单元1101")
        expect(rows).to_have_count(1)
        expect(rows).to_contain_text("刘洋")

    def test_open_emergencies_first_and_the_phone_can_be_called(self, open_as: OpenAs, door: Door) -> None:
        door.with_bot("liuyang")
        door.empty_hands()
        danger = door.say("liuyang", "厨房着火了")["replies"][0]["card"]["order_number"]
        order(door, reporter="liuyang")
        page = open_as("kefu", "/console/conversations?q=刘洋")
        page.locator("[data-conversation]").first.click()
        person = page.get_by_role("complementary", name="这个人")
        first = person.get_by_role("listitem").first
        expect(first).to_contain_text(danger)
        expect(first).to_contain_text("紧急")
        expect(person.get_by_role("link", name="13800000003")).to_have_attribute("href", "tel:13800000003")
        expect(page.get_by_role("link", name=re.compile("打电话"))).to_have_attribute("href", "tel:13800000003")
        door.with_bot("liuyang")
        door.empty_hands()

    @pytest.fixture
    def asking(self, door: Door) -> Iterator[None]:
        """A technician, then an owner, then the desk itself ask for a person."""
        for person in ("lishifu", "wangfang", "kefu"):
            door.with_bot(person)
            door.say(person, "转人工")
        yield
        for person in ("lishifu", "wangfang"):
            door.with_bot(person)

    @pytest.mark.usefixtures("asking")
    def test_a_technician_who_asks_is_marked_and_comes_after_owners(self, open_as: OpenAs) -> None:
        page = open_as("kefu", "/console/conversations?queue=waiting")
        rows = page.locator("[data-conversation]")
        expect(rows.filter(has_text="王芳")).to_be_visible()
        expect(rows.filter(has_text="李强")).to_contain_text("维修师傅")
        names = rows.locator("b").all_inner_texts()
        assert names.index("王芳") < names.index("李强")
        assert "周敏" not in names


class TestDashboard:
    def test_what_was_finished_today_is_the_list_behind_the_number(self, open_as: OpenAs, door: Door) -> None:
        number = order(door)
        for to in ("accepted", "on_site", "finished"):
            moved = door.post("lishifu", f"/work-orders/{number}/transitions", {"to": to, "note": "换了灯泡"})
            assert moved.status_code == 200, moved.text
        page = open_as("kefu", "/console")
        card = page.get_by_role("link", name="今日完工")
        value = card.locator("b").inner_text()
        card.click()
        expect(page.get_by_text(f"共 {value} 张")).to_be_visible()
        expect(page.locator(f"tr[data-order='{number}']")).to_be_visible()
        chip = page.get_by_role("button", name=re.compile("今天 完工"))
        expect(chip).to_be_visible()
        chip.click()
        expect(page).to_have_url(re.compile(r"/orders$"))


class TestFiling:
    def test_what_is_missing_is_said_at_its_field(self, open_as: OpenAs) -> None:
        page = open_as("kefu", "/console/orders")
        page.get_by_role("button", name="代客报修").click()
        dialog = page.get_by_role("dialog", name="代客报修")
        dialog.get_by_role("button", name="登记工单").click()
        expect(dialog.get_by_text("请写一句哪里坏了")).to_be_visible()
        expect(dialog.get_by_text("请填楼号，或写一个位置")).to_be_visible()
        dialog.get_by_label("替谁报").fill("没有这个名字")
        expect(page.get_by_text("没有这个人。换个姓名")).to_be_visible()

    def test_what_is_typed_proposes_place_and_category_of_the_person(self, open_as: OpenAs) -> None:
        page = open_as("kefu", "/console/orders")
        page.get_by_role("button", name="代客报修").click()
        dialog = page.get_by_role("dialog", name="代客报修")
        dialog.get_by_label("替谁报").fill("王芳")
        page.get_by_role("option", name=re.compile("王芳")).click()
        dialog.get_by_label("哪里坏了").fill("我家楼下的灯坏了")
        expect(dialog.get_by_label("楼号")).to_have_value("5", timeout=ANSWER_MS)
        expect(dialog.get_by_label("单元")).to_have_value("1")
        expect(dialog.get_by_label("位置")).to_have_value("楼下")
        expect(dialog.get_by_text("管家听成：照明")).to_be_visible()

    def test_what_was_chosen_by_hand_stays(self, open_as: OpenAs) -> None:
        page = open_as("kefu", "/console/orders")
        page.get_by_role("button", name="代客报修").click()
        dialog = page.get_by_role("dialog", name="代客报修")
        dialog.get_by_label("楼号").fill("8")
        dialog.get_by_label("位置").fill("大堂")
        dialog.get_by_label("哪里坏了").fill("3号楼2单元楼道的灯坏了")
        expect(dialog.get_by_text("管家听成：照明")).to_be_visible(timeout=ANSWER_MS)
        expect(dialog.get_by_label("楼号")).to_have_value("8")
        expect(dialog.get_by_label("位置")).to_have_value("大堂")


class TestEquipment:
    def test_a_row_opens_it_and_it_can_be_corrected_and_stopped(self, open_as: OpenAs, door: Door) -> None:
        page = open_as("kefu", "/console/equipment?q=八号楼二号梯", reduced_motion="reduce")
        page.locator(".asset-row").first.click()
        aside = page.get_by_role("complementary", name="设备 8号楼2号梯")
        expect(aside).to_contain_text("DT-08-2")
        expect(page).to_have_url(re.compile(r"/equipment/\d+"))
        aside.get_by_role("button", name="更正").click()
        dialog = page.get_by_role("dialog", name="更正 8号楼2号梯")
        name = f"靠河的电梯{uuid.uuid4().hex[:4]}"
        dialog.get_by_label("大家怎么叫它").fill(f"二号梯、{name}")
        dialog.get_by_role("button", name="保存").click()
        expect(aside.get_by_text(name)).to_be_visible()
        assert serious_issues(page) == []
        aside.get_by_role("button", name="停用").click()
        page.get_by_role("dialog", name="停用 8号楼2号梯").get_by_role("button", name="停用").click()
        expect(aside.locator("header")).to_contain_text("停用")
        aside.get_by_role("button", name="恢复使用").click()
        expect(aside.locator("header")).to_contain_text("正常")
        page.set_viewport_size({"width": 375, "height": 800})
        assert overflow(page) <= 0

    def test_a_second_one_of_the_name_is_asked_about(self, open_as: OpenAs) -> None:
        page = open_as("kefu", "/console/equipment")
        page.get_by_role("button", name="登记设备").first.click()
        dialog = page.get_by_role("dialog", name="登记设备")
        dialog.get_by_label("名称").fill("1号变压器")
        dialog.get_by_label("类别").press("Enter")
        page.get_by_role("option", name="变配电").click()
        dialog.get_by_role("button", name="登记", exact=True).click()
        asked = page.get_by_role("dialog", name="有同名的设备")
        expect(asked).to_contain_text("BY-01")
        asked.get_by_role("button", name="取消").click()
        expect(dialog).to_be_visible()


class TestEstates:
    @pytest.mark.parametrize("path", ["/orders", "/equipment", "/conversations"])
    def test_rows_of_several_estates_say_where_they_are(self, open_as: OpenAs, door: Door, path: str) -> None:
        order(door)
        door.say("chenjing", "你好")
        page = open_as("quyu", f"/console{path}")
        expect(page.get_by_text("阳光花园", exact=True).first).to_be_visible()
        one = open_as("kefu", f"/console{path}")
        expect(one.locator("[data-order], [data-asset], [data-conversation]").first).to_be_visible()
        expect(one.get_by_text("阳光花园", exact=True)).to_have_count(1)


class TestSearchEverything:
    @pytest.mark.parametrize(
        ("words", "kind", "title", "address"),
        [
            ("张伟", "人", "张伟", r"/people\?q=zhangwei"),
            ("3-2-1201", "房屋", "3号楼2单元1201", r"/orders\?q="),
            ("三号楼二号梯", "设备", "3号楼2号梯", r"/equipment/\d+"),
        ],
    )
    def test_people_rooms_and_devices_too(
        self, open_as: OpenAs, words: str, kind: str, title: str, address: str
    ) -> None:
        page = open_as("kefu", "/console")
        expect(page.locator("h1")).to_be_visible()
        page.keyboard.press("Control+k")
        dialog = page.get_by_role("dialog", name="查找")
        dialog.get_by_role("textbox", name="查找").fill(words)
        expect(dialog.get_by_text(kind, exact=True)).to_be_visible()
        dialog.get_by_role("button").filter(has=page.get_by_text(title, exact=True)).first.click()
        expect(page).to_have_url(re.compile(address))


class TestRights:
    def test_finance_lands_where_she_may_be_and_is_told_where_not(self, open_as: OpenAs) -> None:
        page = open_as("caiwu", "/console")
        expect(page.locator("h1")).to_have_text("设备")
        expect(page.get_by_role("navigation", name="主菜单").get_by_role("link")).to_have_text(["设备", "库存", "人员"])
        page = open_as("caiwu", "/console/orders")
        expect(page.locator("h1")).to_have_text("「工单」您还不能打开")
        expect(page.get_by_text("您的身份是财务")).to_be_visible()
        expect(page).to_have_url(re.compile(r"/console/orders$"))


class TestAudit:
    def test_orders_by_number_and_the_system_for_what_it_does(self, open_as: OpenAs, door: Door) -> None:
        number = order(door)
        page = open_as("jingli", "/console/audit")
        page.get_by_role("textbox", name="找记录").fill(number)
        rows = page.locator("tbody tr").filter(has_text=number)
        dispatched = rows.filter(has_text="已受理 → 已派单")
        expect(dispatched).to_contain_text("系统")
        expect(rows.filter(has_text="李强")).to_contain_text("师傅")
        expect(page.locator("tbody")).not_to_contain_text(re.compile(r"\b(web|staff|bot)\b"))
        rows.get_by_role("link", name=number).first.click()
        expect(panel(page, number)).to_be_visible()
