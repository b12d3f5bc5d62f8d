"""Danger on an owner's phone: said in one place, folded by a tap, gone when it is over."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import ANSWER_MS, OpenAs, overflow, say, serious_issues
from tests.people import Door

FIRE = "厨房着火了"


@pytest.fixture(autouse=True)
def calm(door: Door) -> None:
    door.with_bot("liuyang")
    door.empty_hands()


@pytest.fixture
def page(open_as: OpenAs) -> Page:
    page = open_as("liuyang", reduced_motion="reduce")
    expect(page.get_by_role("log")).to_be_visible()
    say(page, FIRE)
    expect(banner(page)).to_be_visible(timeout=ANSWER_MS)
    return page


def banner(page: Page) -> Locator:
    return page.locator(".danger[role='alert']")


def order_of(door: Door) -> str:
    lines = door.get("liuyang", "/chat/messages", limit=30)["items"]
    return str(next(m["card"]["order_number"] for m in reversed(lines) if (m["card"] or {}).get("type") == "danger"))


class TestBanner:
    def test_what_to_do_is_said_once_and_the_answer_is_not_hidden(self, page: Page) -> None:
        lines = banner(page).get_by_role("listitem")
        expect(lines).to_have_count(3)
        answer = page.locator(".message.bot .bubble").last
        expect(answer).to_contain_text("已通知值班人员")
        for line in lines.all_inner_texts():
            expect(answer).not_to_contain_text(line)
        expect(answer).to_be_in_viewport(ratio=1)
        box = banner(page).bounding_box()
        assert box is not None
        assert box["height"] < 812 / 3
        assert serious_issues(page) == []
        assert overflow(page) <= 0

    def test_folded_it_is_one_line_with_a_call_and_stays_folded(self, page: Page) -> None:
        banner(page).get_by_role("button", name="收起").click()
        expect(banner(page).get_by_role("listitem")).to_have_count(0)
        expect(banner(page).get_by_role("link", name="119 火警")).to_have_attribute("href", "tel:119")
        box = banner(page).bounding_box()
        assert box is not None
        assert box["height"] < 70
        page.reload()
        expect(banner(page).get_by_role("button", name="怎么做")).to_be_visible()
        banner(page).get_by_role("button", name="怎么做").click()
        expect(banner(page).get_by_role("listitem")).to_have_count(3)


class TestOver:
    def test_the_person_says_so(self, page: Page) -> None:
        banner(page).get_by_role("button", name="已经没事了").click()
        expect(banner(page)).to_have_count(0, timeout=ANSWER_MS)
        expect(page.locator(".message.bot .bubble").last).to_contain_text("没事就好")
        page.reload()
        expect(page.locator(".message.bot .bubble").last).to_contain_text("没事就好")
        expect(banner(page)).to_have_count(0)

    def test_the_order_is_cancelled(self, page: Page, door: Door) -> None:
        number = order_of(door)
        cancelled = door.post("kefu", f"/work-orders/{number}/transitions", {"to": "cancelled", "note": "误报"})
        assert cancelled.status_code == 200, cancelled.text
        expect(banner(page)).to_have_count(0, timeout=ANSWER_MS)
        expect(page.locator(".bubble").filter(has_text="弯腰用湿毛巾捂住口鼻").last).to_be_visible()
