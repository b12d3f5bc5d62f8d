"""An owner talks to Guanjia on a phone."""

import base64
import re

import pytest
from playwright.sync_api import Request, Route, expect

from tests.browser.conftest import ANSWER_MS, OpenAs, answered, overflow, said, say, serious_issues

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
SENDING = re.compile(r"/api/v1/chat/messages$")


class TestLogin:
    def test_tapping_a_demo_account_is_enough(self, open_as: OpenAs) -> None:
        page = open_as(None)
        page.locator("[data-demo=chenjing]").click()
        page.get_by_role("button", name="登录", exact=True).click()
        expect(page.get_by_role("textbox", name="说点什么")).to_be_visible()

    def test_wrong_password_is_said_in_words_and_the_name_stays(self, open_as: OpenAs) -> None:
        page = open_as(None)
        page.get_by_label("账号", exact=True).fill("zhangwei")
        page.get_by_label("密码").fill("wrong")
        page.get_by_role("button", name="登录", exact=True).click()
        expect(page.get_by_role("alert")).to_contain_text(re.compile("[一-龥]"))
        expect(page.get_by_label("账号", exact=True)).to_have_value("zhangwei")


class TestReport:
    def test_a_sentence_becomes_an_order_card(self, open_as: OpenAs) -> None:
        page = open_as("zhangwei")
        say(page, "我家楼下的灯坏了")
        said(page, "我家楼下的灯坏了")
        expect(page.get_by_role("status").filter(has_text="管家正在输入")).to_be_attached()
        card = page.locator(".order-card").last
        expect(card).to_be_visible(timeout=ANSWER_MS)
        expect(card).to_contain_text(re.compile(r"SH\d{4}-\d+"))
        expect(card).to_contain_text("3号楼2单元")
        expect(card.get_by_role("list", name="工单进度").get_by_role("listitem")).to_have_count(5)

    def test_taking_it_back_asks_first(self, open_as: OpenAs) -> None:
        page = open_as("zhangwei")
        say(page, "我家楼下的灯坏了")
        answered(page)
        card = page.locator(".order-card").last
        take_back = card.get_by_role("button", name="撤单")
        take_back.click()
        sheet = page.get_by_role("dialog", name="撤单")
        expect(sheet).to_contain_text("师傅就不来了")
        sheet.get_by_role("button", name="取消").click()
        expect(take_back).to_be_visible()
        take_back.click()
        sheet.get_by_role("button", name="撤单").click()
        expect(card).to_contain_text("已取消")

    def test_markup_is_shown_as_it_was_typed(self, open_as: OpenAs) -> None:
        page = open_as("zhangwei")
        text = '<img src=x onerror="window.hit=1"><script>window.hit=1</script> 灯坏了'
        say(page, text)
        said(page, text)
        answered(page)
        assert page.evaluate("window.hit") is None

    def test_a_photo_goes_with_the_words(self, open_as: OpenAs) -> None:
        page = open_as("zhangwei")
        page.get_by_label("从相册选图片").set_input_files(
            {"name": "lamp.png", "mimeType": "image/png", "buffer": base64.b64decode(PIXEL)}
        )
        expect(page.locator(".thumb").get_by_text("正在上传")).to_have_count(0)
        say(page, "1201客厅的灯不亮")
        said(page, "1201客厅的灯不亮")
        expect(page.get_by_role("img", name="我发的图片").last).to_be_visible()
        answered(page)


class TestTrouble:
    def test_failed_message_keeps_its_words_and_its_key(self, open_as: OpenAs) -> None:
        page = open_as("liuyang")
        expect(page.get_by_role("log")).to_be_visible()
        keys: list[str | None] = []
        fail = {"type": "x", "title": "x", "status": 500, "detail": "暂时没有办成，请稍后再试"}

        def fail_once(route: Route, request: Request) -> None:
            if request.method != "POST":
                route.continue_()
                return
            keys.append(request.header_value("idempotency-key"))
            if len(keys) == 1:
                route.fulfill(status=500, json=fail, content_type="application/problem+json")
            else:
                route.continue_()

        page.route(SENDING, fail_once)
        say(page, "你好")
        failed = page.get_by_role("alert").filter(has_text="暂时没有办成")
        expect(failed).to_be_visible()
        said(page, "你好")
        failed.get_by_role("button", name="重发").click()
        expect(failed).to_have_count(0, timeout=ANSWER_MS)
        said(page, "你好")
        assert keys[0]
        assert keys == [keys[0], keys[0]]

    def test_words_said_offline_wait_and_are_sent_once(self, open_as: OpenAs) -> None:
        page = open_as("liuyang")
        expect(page.get_by_role("log")).to_be_visible()
        keys: list[str | None] = []
        page.on(
            "request",
            lambda r: keys.append(r.header_value("idempotency-key")) if r.method == "POST" else None,
        )
        page.context.set_offline(True)
        expect(page.get_by_role("status").filter(has_text="网络已断开")).to_be_visible()
        say(page, "你好，在吗")
        say(page, "谢谢")
        expect(page.get_by_text("等网络恢复后发出", exact=True)).to_have_count(2)
        expect(page.get_by_role("status").filter(has_text="2 条消息")).to_be_visible()
        page.context.set_offline(False)
        expect(page.get_by_text("等网络恢复后发出", exact=True)).to_have_count(0, timeout=ANSWER_MS)
        said(page, "谢谢")
        answered(page)
        assert len(keys) == len(set(keys)) == 2


class TestLook:
    def test_large_type_stays_after_a_reload(self, open_as: OpenAs) -> None:
        page = open_as("chenjing")
        page.get_by_role("button", name="设置").click()
        page.get_by_role("switch", name="大字版").click()
        size = "getComputedStyle(document.body).fontSize"
        assert page.evaluate(size) == "20px"
        page.reload()
        expect(page.get_by_role("log")).to_be_visible()
        assert page.evaluate(size) == "20px"

    @pytest.mark.parametrize("user", [None, "chenjing", "zhangwei", "lishifu"])
    def test_everybody_can_read_it(self, open_as: OpenAs, user: str | None) -> None:
        page = open_as(user, reduced_motion="reduce")
        expect(page.get_by_role("log" if user else "main").first).to_be_visible()
        expect(page.locator(".van-skeleton")).to_have_count(0)
        assert serious_issues(page) == []
        assert overflow(page) <= 0

    def test_settings_too(self, open_as: OpenAs) -> None:
        page = open_as("zhangwei", reduced_motion="reduce")
        page.get_by_role("button", name="设置").click()
        expect(page.get_by_role("button", name="退出登录")).to_be_visible()
        assert serious_issues(page) == []
