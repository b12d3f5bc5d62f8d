"""A technician on a phone: what is dangerous comes first, the queue can be read, a step says what it brings about."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import ANSWER_MS, PHONE, OpenAs
from tests.people import Door

TRAPPED = "2号电梯困人了，快来"


def routine(door: Door, building: int) -> str:
    """File an order for 赵军; returns its number."""
    where = {"community": "sunshine", "building": str(building), "unit": "1", "place": "单元门"}
    body = {"category": "access_security", "fault": "门禁刷卡没反应", "location": where}
    answer = door.post("kefu", "/work-orders", body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["number"])


def trapped(door: Door) -> str:
    """Somebody is trapped; returns the number of the emergency."""
    card = door.say("zhangwei", TRAPPED)["replies"][0]["card"]
    return str(card["order_number"])


def job(page: Page, number: str) -> Locator:
    return page.locator(f"article[data-job='{number}']")


@pytest.fixture(autouse=True)
def quiet(door: Door) -> None:
    door.with_bot("zhangwei")
    door.empty_hands()


class TestEmergency:
    def test_it_stands_before_the_job_in_hand_with_its_time(self, open_as: OpenAs, door: Door) -> None:
        number = routine(door, 1)
        for to in ("accepted", "on_site"):
            door.post("zhaoshifu", f"/work-orders/{number}/transitions", {"to": to})
        emergency = trapped(door)
        page = open_as("zhaoshifu")
        card = job(page, emergency)
        expect(card).to_be_visible()
        expect(card.locator("header")).to_contain_text("紧急")
        expect(card).to_contain_text(re.compile(r"必须 ?今天 \d\d:\d\d 前到"))

    def test_it_comes_up_while_a_routine_job_is_looked_at(self, open_as: OpenAs, door: Door) -> None:
        number = routine(door, 1)
        page = open_as("zhaoshifu")
        expect(job(page, number)).to_be_visible()
        emergency = trapped(door)
        expect(job(page, emergency)).to_be_visible(timeout=ANSWER_MS)

    def test_it_stays_in_sight_when_another_job_is_chosen(self, open_as: OpenAs, door: Door) -> None:
        number, emergency = routine(door, 1), trapped(door)
        page = open_as("zhaoshifu")
        page.get_by_role("button", name=re.compile("后面还有")).click()
        page.locator(f"[data-queued='{number}']").click()
        expect(job(page, number)).to_be_visible()
        bar = page.locator(f"[data-queued='{emergency}']")
        expect(bar).to_be_in_viewport(ratio=1)
        expect(bar).to_contain_text("紧急")
        bar.click()
        expect(job(page, emergency)).to_be_visible()


class TestQueue:
    def test_most_of_it_fits_on_the_screen(self, open_as: OpenAs, door: Door) -> None:
        numbers = [routine(door, building) for building in range(1, 8)]
        emergency = trapped(door)
        page = open_as("zhaoshifu")
        page.get_by_role("button", name=re.compile("后面还有 7 单")).click()
        rows = page.get_by_role("list", name="全部的活").get_by_role("listitem")
        expect(rows).to_have_count(len(numbers) + 1)
        expect(rows.first.locator("[data-queued]")).to_have_attribute("data-queued", emergency)
        for place in range(5):
            expect(rows.nth(place)).to_be_in_viewport(ratio=1)
        assert page.viewport_size == PHONE
        expect(page.get_by_role("textbox", name="说点什么")).to_be_visible()


class TestGivingBack:
    def test_before_accepting_it_is_refused_and_after_it_is_given_back(self, open_as: OpenAs, door: Door) -> None:
        number = routine(door, 1)
        page = open_as("zhaoshifu")
        expect(job(page, number)).to_be_visible()
        job(page, number).get_by_role("button", name="其他").click()
        job(page, number).get_by_role("button", name="不接").click()
        sheet = page.get_by_role("dialog", name="不接")
        expect(sheet).to_contain_text("派给别的师傅")
        sheet.get_by_role("button", name="取消").click()
        job(page, number).get_by_role("button", name="接单").click()
        expect(job(page, number)).to_contain_text("已接单")
        job(page, number).get_by_role("button", name="其他").click()
        expect(job(page, number).get_by_role("button", name="不接")).to_have_count(0)
        expect(job(page, number).get_by_role("button", name="退回")).to_be_visible()

    def test_a_notice_offers_no_step_twice_and_none_that_is_past(self, open_as: OpenAs, door: Door) -> None:
        number = routine(door, 1)
        door.heard("zhaoshifu", number)
        page = open_as("zhaoshifu")
        card = page.locator(f".order-card[data-order='{number}']").last
        expect(card.get_by_role("button", name="不接")).to_be_visible()
        expect(page.locator(".message .buttons")).to_have_count(0)
        job(page, number).get_by_role("button", name="接单").click()
        expect(card.get_by_role("button", name="退回")).to_be_visible()
        expect(card.get_by_role("button", name="不接")).to_have_count(0)
