"""An administrator labels with the keyboard only, and sees trainings and models."""

import re
import uuid

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ANSWER_MS, OpenAs, answered, overflow_at_every_width, said, say, serious_issues


def bench(open_as: OpenAs) -> tuple[Page, list[str]]:
    """The page with two messages that staff said to be misunderstood, and their words."""
    tag = uuid.uuid4().hex[:6]
    words_said = [f"那个{tag}又那样了呗", f"那个{tag}又那样了呀"]
    owner = open_as("zhangwei")
    expect(owner.get_by_role("log")).to_be_visible()
    for words in words_said:
        say(owner, words)
        said(owner, words)
        answered(owner)
    desk = open_as("kefu", "/console/conversations")
    desk.locator("[data-conversation]").filter(has_text="张伟").click()
    for words in words_said:
        line = desk.locator("article.message.them").filter(has_text=words).last
        line.get_by_role("button", name="听错了？").click()
        desk.get_by_role("menuitem", name="闲聊", exact=True).click()
        expect(line).to_contain_text("应为「闲聊」")
    page = open_as("admin", "/console/training", reduced_motion="reduce")
    expect(page.get_by_role("region", name="标注")).to_be_visible(timeout=ANSWER_MS)
    return page, words_said


class TestBench:
    def test_keyboard_alone_labels_several_and_takes_back(self, open_as: OpenAs) -> None:
        page, (first, second) = bench(open_as)
        region = page.get_by_role("region", name="标注")
        queue = page.get_by_role("list", name="待标注的消息")
        place = queue.get_by_role("button").filter(has_text=first).first
        for _ in range(60):
            if place.get_attribute("aria-current") == "true":
                break
            page.keyboard.press("ArrowDown")
        expect(region.locator(".said")).to_have_text(first)
        save = region.get_by_role("button", name=re.compile("Enter$"))
        expect(save).to_contain_text("2 条都标为「闲聊」")

        page.keyboard.press("2")
        expect(save).not_to_contain_text("闲聊")
        page.keyboard.press("/")
        expect(page.get_by_role("combobox", name="找别的意图")).to_be_focused()
        page.keyboard.type("缴费")
        page.keyboard.press("Enter")
        expect(save).to_contain_text("2 条都标为「缴费」")
        page.keyboard.press("Enter")
        expect(queue.get_by_role("button").filter(has_text=first)).to_have_count(0)
        expect(queue.get_by_role("button").filter(has_text=second)).to_have_count(0)

        expect(page.get_by_role("button", name=re.compile("撤回")).first).to_be_enabled()  # it is saved
        page.keyboard.press("u")
        expect(queue.get_by_role("button").filter(has_text=first)).to_have_count(1)
        expect(queue.get_by_role("button").filter(has_text=second)).to_have_count(1)

    def test_labels_are_exported_as_a_zip(self, open_as: OpenAs) -> None:
        page, _ = bench(open_as)
        page.keyboard.press("Enter")
        expect(
            page.get_by_role("navigation", name="训练的各部分").get_by_role("link", name=re.compile("已标注 \\d"))
        ).to_be_visible()
        page.get_by_role("link", name=re.compile("已标注")).click()
        with page.expect_download() as download:
            page.get_by_role("button", name=re.compile("导出")).click()
        assert download.value.suggested_filename.endswith(".zip")
        page.get_by_role("button", name="撤回").first.click()


class TestLook:
    @pytest.mark.parametrize("tab", ["waiting", "labelled", "runs", "models"])
    def test_everybody_can_read_it_at_every_width(self, open_as: OpenAs, tab: str) -> None:
        page = (
            bench(open_as)[0]
            if tab == "waiting"
            else open_as("admin", f"/console/training/{tab}", reduced_motion="reduce")
        )
        expect(page.locator("h1").first).to_be_attached()
        expect(page.locator(".el-skeleton")).to_have_count(0)
        assert serious_issues(page) == []
        assert overflow_at_every_width(page) <= 0

    def test_it_is_for_administrators(self, open_as: OpenAs) -> None:
        page = open_as("jingli", "/console")
        expect(page.get_by_role("navigation", name="主菜单")).to_be_visible()
        expect(page.get_by_role("link", name="训练")).to_have_count(0)
