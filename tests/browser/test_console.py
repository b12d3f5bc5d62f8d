"""The desk follows, takes over and moves work while owners and technicians talk."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import (
    ANSWER_MS,
    OpenAs,
    answered,
    overflow,
    overflow_at_every_width,
    said,
    say,
    serious_issues,
)


def new_order(page: Page, text: str) -> str:
    """Report something as the person of this page; returns the order's number."""
    cards = page.locator(".order-card")
    expect(page.get_by_role("log")).to_be_visible()
    expect(page.locator(".van-skeleton")).to_have_count(0)
    known = {card.get_attribute("data-order") for card in cards.all()}
    say(page, text)
    answered(page)
    # Notices of older orders may bring cards meanwhile.
    fresh = page.locator(".order-card" + "".join(f":not([data-order='{number}'])" for number in known))
    expect(fresh.last).to_be_visible(timeout=ANSWER_MS)
    number = fresh.last.get_attribute("data-order")
    assert number
    return number


def panel(page: Page, number: str) -> None:
    """The order is open on the right."""
    expect(page.get_by_role("complementary", name=f"工单 {number}")).to_be_visible()


class TestLive:
    def test_desk_sees_what_an_owner_says_and_the_order_it_became(self, open_as: OpenAs) -> None:
        desk = open_as("kefu", "/console/conversations")
        orders = open_as("kefu", "/console/orders")
        expect(orders.locator("h1")).to_have_text("工单")
        expect(orders.locator(".el-skeleton")).to_have_count(0)
        owner = open_as("zhangwei")
        number = new_order(owner, "我家楼下的灯坏了")

        talk = desk.locator("[data-conversation]").filter(has_text="张伟")
        talk.click()
        inbound = desk.locator("article.message.them").last
        expect(inbound).to_contain_text("我家楼下的灯坏了")
        expect(inbound).to_contain_text(re.compile(r"听成「.+」 \d+%"))
        expect(desk.get_by_role("complementary", name="这个人")).to_contain_text(number)
        expect(orders.locator(f"tr[data-order='{number}']")).to_be_visible()

    def test_order_is_moved_by_hand_and_the_owners_card_follows(self, open_as: OpenAs) -> None:
        owner = open_as("zhangwei")
        number = new_order(owner, "3号楼2单元大堂的灯不亮了")
        desk = open_as("kefu", f"/console/orders/{number}")
        panel(desk, number)
        desk.get_by_role("button", name=re.compile("^(派单|改派)$")).click()
        dialog = desk.get_by_role("dialog", name=re.compile(number))
        dialog.locator("label").filter(has_text="李强").click()
        dialog.get_by_role("button", name=re.compile("^(派单|改派)$")).click()
        aside = desk.get_by_role("complementary", name=f"工单 {number}")
        expect(aside.locator("header")).to_contain_text("已派单")
        card = owner.locator(f"[data-order='{number}']").last
        expect(card).to_contain_text("李强")

        technician = open_as("lishifu")
        say(technician, f"接单 {number}")
        said(technician, f"接单 {number}")
        answered(technician)
        expect(aside.locator("header")).to_contain_text("已接单")
        expect(card).to_contain_text("已接单")


class TestTakeOver:
    def test_a_person_answers_and_gives_back_by_one_key_each(self, open_as: OpenAs) -> None:
        owner = open_as("wangfang")
        say(owner, "转人工")
        answered(owner)
        desk = open_as("kefu", "/console/conversations")
        desk.locator("[data-conversation]").filter(has_text="王芳").click()
        expect(desk.locator("article.message").first).to_be_visible()
        desk.keyboard.press("t")
        expect(desk.get_by_role("button", name=re.compile("交还管家"))).to_be_visible()
        expect(owner.locator("h1")).to_have_text("客服 周敏")

        reply = desk.get_by_role("textbox", name="回复")
        reply.fill("您好，我是周敏，<b>请讲</b>")
        reply.press("Enter")
        expect(owner.locator(".message.staff .bubble").last).to_have_text("您好，我是周敏，<b>请讲</b>")
        expect(reply).to_have_value("")
        say(owner, "电费单看不懂")
        expect(desk.locator("article.message.them .bubble").last).to_have_text("电费单看不懂")
        expect(owner.locator(".typing")).to_have_count(0)

        reply.press("Escape")
        desk.keyboard.press("g")
        expect(owner.locator("h1")).to_have_text("管家")


class TestLists:
    def test_filters_stay_in_the_address(self, open_as: OpenAs) -> None:
        page = open_as("kefu", "/console/orders")
        page.get_by_role("button", name="未完成").click()
        expect(page).to_have_url(re.compile(r"\?open=1$"))
        page.reload()
        expect(page.get_by_role("button", name="未完成")).to_have_attribute("aria-pressed", "true")
        page.get_by_role("button", name="清除条件").first.click()
        expect(page).to_have_url(re.compile(r"/orders$"))

    def test_keyboard_opens_and_closes(self, open_as: OpenAs) -> None:
        owner = open_as("zhangwei")
        new_order(owner, "我家楼下的灯坏了")
        page = open_as("kefu", "/console/orders")
        expect(page.locator(".order-row").first).to_be_visible()
        page.keyboard.press("Enter")
        expect(page.get_by_role("complementary", name=re.compile("^工单"))).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("complementary", name=re.compile("^工单"))).to_have_count(0)
        page.keyboard.press("/")
        expect(page.get_by_role("textbox", name="搜索工单")).to_be_focused()

    def test_an_order_number_goes_straight_there(self, open_as: OpenAs) -> None:
        owner = open_as("zhangwei")
        number = new_order(owner, "我家楼下的灯坏了")
        page = open_as("kefu", "/console")
        expect(page.locator("h1")).to_be_visible()
        page.keyboard.press("Control+k")
        page.get_by_role("textbox", name="查找").fill(number.lower())
        page.keyboard.press("Enter")
        panel(page, number)

    def test_staff_file_an_order_for_somebody(self, open_as: OpenAs) -> None:
        page = open_as("kefu", "/console/orders")
        page.get_by_role("button", name="代客报修").click()
        dialog = page.get_by_role("dialog", name="代客报修")
        dialog.get_by_label("哪里坏了").fill("楼道灯一直闪")
        dialog.get_by_label("楼号").fill("5")
        dialog.get_by_label("单元").fill("1")
        dialog.get_by_label("楼层").fill("3")
        dialog.get_by_role("button", name="登记工单").click()
        aside = page.get_by_role("complementary", name=re.compile("^工单"))
        expect(aside).to_contain_text("楼道灯一直闪")
        expect(aside).to_contain_text("5号楼1单元")


class TestRights:
    def test_an_owner_is_sent_to_the_chat(self, open_as: OpenAs) -> None:
        page = open_as("zhangwei", "/console")
        expect(page.get_by_role("link", name="管家对话页")).to_be_visible()

    def test_menu_shows_only_what_one_may_use(self, open_as: OpenAs) -> None:
        page = open_as("caiwu", "/console")
        menu = page.get_by_role("navigation", name="主菜单")
        expect(menu.get_by_role("link", name="人员")).to_be_visible()
        expect(menu.get_by_role("link", name="会话")).to_have_count(0)
        expect(menu.get_by_role("link", name="审计")).to_have_count(0)


class TestLook:
    @pytest.mark.parametrize("path", ["", "/conversations", "/orders", "/equipment", "/people", "/audit"])
    def test_everybody_can_read_it_at_every_width(self, open_as: OpenAs, path: str) -> None:
        page = open_as("jingli", f"/console{path}", reduced_motion="reduce")
        expect(page.locator("h1").first).to_be_attached()
        expect(page.locator(".el-skeleton")).to_have_count(0)
        assert serious_issues(page) == []
        assert overflow_at_every_width(page) <= 0

    def test_panels_and_dialogs_too(self, open_as: OpenAs) -> None:
        number = new_order(open_as("zhangwei"), "我家楼下的灯坏了")
        page = open_as("kefu", f"/console/orders/{number}", reduced_motion="reduce")
        panel(page, number)
        assert serious_issues(page) == []
        page.get_by_role("button", name="更正").click()
        expect(page.get_by_label("内容", exact=True)).to_be_visible()
        assert serious_issues(page) == []
        page.get_by_role("button", name="代客报修").click()
        expect(page.get_by_role("dialog", name="代客报修")).to_be_visible()
        assert serious_issues(page) == []

    def test_a_conversation_too(self, open_as: OpenAs) -> None:
        owner = open_as("zhangwei")
        say(owner, "你好")
        answered(owner)
        page = open_as("kefu", "/console/conversations", reduced_motion="reduce")
        page.locator("[data-conversation]").first.click()
        expect(page.locator("article.message").first).to_be_visible()
        assert serious_issues(page) == []
        page.set_viewport_size({"width": 375, "height": 800})
        assert overflow(page) <= 0
