"""An owner waits for a person on a phone: one number of who is ahead, and a way back that stays."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ANSWER_MS, OpenAs, answered, say
from tests.people import Door

AHEAD = re.compile(r"前面还有 (\d+) 位")


@pytest.fixture(autouse=True)
def nobody_waits(door: Door) -> None:
    for person in ("zhangwei", "liuyang", "wangfang"):
        door.with_bot(person)


def ahead(text: str) -> int:
    found = AHEAD.search(text)
    assert found, text
    return int(found.group(1))


class TestNumber:
    def test_the_page_shows_what_the_bot_says(self, open_as: OpenAs, door: Door) -> None:
        assert "转" in door.text_of("liuyang", "转人工")
        page = open_as("wangfang")
        expect(page.get_by_role("log")).to_be_visible()
        say(page, "转人工")
        newest = page.locator(".message.bot .bubble").last
        expect(newest).to_contain_text(AHEAD, timeout=ANSWER_MS)
        said = ahead(newest.inner_text())
        header = page.locator(".chat-header .title")
        expect(header).to_contain_text(f"前面还有 {said} 位")
        assert said >= 1


class TestWayBack:
    def chip(self, page: Page) -> None:
        expect(page.get_by_role("group", name="常用的话").get_by_role("button")).to_have_text(["还是问管家"])

    def test_it_stays_while_one_waits_and_while_a_person_answers(self, open_as: OpenAs, door: Door) -> None:
        page = open_as("wangfang")
        expect(page.get_by_role("log")).to_be_visible()
        say(page, "转人工")
        answered(page)
        self.chip(page)
        say(page, "在吗")
        self.chip(page)
        talk = door.get("kefu", "/conversations", q="王芳")["items"][0]["id"]
        assert door.post("kefu", f"/conversations/{talk}/messages", {"text": "我在，您说"}).status_code == 201
        expect(page.locator("h1")).to_have_text("客服 周敏")
        self.chip(page)
        page.get_by_role("button", name="还是问管家").click()
        expect(page.locator("h1")).to_have_text("管家")
        expect(page.locator(".message.bot .bubble").last).to_contain_text("我是管家")


class TestLimit:
    def test_near_the_limit_the_room_left_is_said_and_nothing_is_cut(self, open_as: OpenAs) -> None:
        page = open_as("chenjing")
        field, send = page.get_by_role("textbox", name="说点什么"), page.get_by_role("button", name="发送")
        field.fill("长" * 4000)
        expect(page.get_by_text("还能写")).to_have_count(0)
        field.fill("长" * 4990)
        expect(page.get_by_text("还能写 10 字")).to_be_visible()
        field.fill("长" * 5003)
        expect(page.get_by_text("超出 3 字")).to_be_visible()
        expect(send).to_be_disabled()
        assert len(field.input_value()) == 5003
        field.fill("短了")
        expect(send).to_be_enabled()


class TestLargeType:
    def test_the_words_can_be_tapped_too(self, open_as: OpenAs) -> None:
        page = open_as("chenjing")
        page.get_by_role("button", name="设置").click()
        page.get_by_text("大字版").click()
        expect(page.get_by_role("switch", name="大字版")).to_be_checked()
        assert page.evaluate("getComputedStyle(document.body).fontSize") == "20px"
        page.get_by_role("switch", name="大字版").click()
        expect(page.get_by_role("switch", name="大字版")).not_to_be_checked()
