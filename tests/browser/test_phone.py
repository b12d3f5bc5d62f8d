"""A technician's whole job on the phone, with and without a network; what its owner sees and says."""

import base64
import io
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Locator, Page, Request, expect

from tests.browser.conftest import ANSWER_MS, OpenAs, overflow, serious_issues
from tests.people import Door

HOME = {"community": "sunshine", "building": "3", "unit": "2", "floor": "12", "room": "1201"}
THEIRS = {"community": "sunshine", "building": "5", "unit": "1", "room": "302"}
LIFT = {"community": "sunshine", "building": "1", "unit": "1", "place": "电梯"}
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
PHOTO: FilePayload = {"name": "tap.png", "mimeType": "image/png", "buffer": PIXEL}
NEAR_BUILDING_3 = {"latitude": 22.5502, "longitude": 114.0502, "accuracy": 20}


def photo(size: tuple[int, int], taken_at: str | None = None) -> FilePayload:
    """A photo as a phone takes it: too large to be sent as it is; with a time it says a place in Shanghai, too."""
    exif, kept = Image.Exif(), io.BytesIO()
    if taken_at:
        exif.get_ifd(0x8769)[0x9003] = taken_at
        exif.get_ifd(0x8825).update({1: "N", 2: (31.0, 13.0, 49.44), 3: "E", 4: (121.0, 28.0, 25.32)})
    Image.new("RGB", size, "grey").save(kept, "JPEG", exif=exif)
    return {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": kept.getvalue()}


def report(door: Door, category: str, fault: str, where: dict[str, str], who: str = "zhangwei") -> str:
    """Somebody reports something; returns the number of the order."""
    answer = door.post(who, "/work-orders", {"category": category, "fault": fault, "location": where})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["number"])


def step(door: Door, who: str, number: str, to: str, **more: str) -> None:
    answer = door.post(who, f"/work-orders/{number}/transitions", {"to": to, **more})
    assert answer.status_code == 200, answer.text


def job(page: Page, number: str) -> Locator:
    return page.locator(f"article[data-job='{number}']")


def tool(page: Page, number: str, name: str) -> Locator:
    """Open a tool of the job."""
    job(page, number).get_by_role("button", name="其他").click()
    page.get_by_role("dialog", name="其他").get_by_role("button", name=name, exact=True).click()
    return page.get_by_role("dialog", name=name)


def waiting(page: Page) -> Locator:
    return page.get_by_role("region", name="待发送")


@pytest.fixture(autouse=True)
def quiet(door: Door) -> None:
    door.with_bot("zhangwei")
    door.empty_hands()


class TestJob:
    def test_from_accepting_to_finishing(self, open_as: OpenAs, door: Door) -> None:
        number = report(door, "plumbing", "厨房水龙头滴水", HOME)
        page = open_as("lishifu", geolocation=NEAR_BUILDING_3, permissions=["geolocation"], reduced_motion="reduce")
        job(page, number).get_by_role("button", name="接单").click()
        expect(job(page, number)).to_contain_text("已接单")
        job(page, number).get_by_role("button", name="到场").click()
        expect(job(page, number)).to_contain_text(re.compile("到场，离 3号楼 约"))
        sheet = tool(page, number, "拍照")
        sheet.get_by_label("拍一张").set_input_files(PHOTO)
        sheet.get_by_role("button", name="存 1 张处理前的照片").click()
        expect(job(page, number)).to_contain_text("照片 1 张（前 1，后 0）")
        sheet = tool(page, number, "报价")
        sheet.get_by_role("searchbox").fill("换水龙头")
        sheet.get_by_role("button", name=re.compile("^换水龙头")).click()
        sheet.get_by_role("button", name=re.compile("发给业主，合计 ¥")).click()
        expect(job(page, number)).to_contain_text("等业主答复")
        assert serious_issues(page) == []
        assert overflow(page) <= 0
        job(page, number).get_by_role("button", name="完工").click()
        sheet = page.get_by_role("dialog", name="完工")
        sheet.get_by_label("写一句做了什么").fill("换了阀芯，试过不滴")
        sheet.get_by_role("button", name="完工", exact=True).click()
        expect(job(page, number)).to_have_count(0)
        assert door.get("zhangwei", f"/work-orders/{number}")["status"] == "finished"

    def test_what_the_owner_adds_stands_on_the_card_and_the_promise_goes_once_there(
        self, open_as: OpenAs, door: Door
    ) -> None:
        number = report(door, "plumbing", "厨房水龙头滴水", HOME)
        step(door, "lishifu", number, "accepted")
        page = open_as("lishifu")
        expect(job(page, number)).to_contain_text("答应业主")
        said = {"kind": "note", "text": "家里有狗，来之前先打电话"}
        assert door.post("zhangwei", f"/work-orders/{number}/notes", said).status_code == 201
        added = job(page, number).get_by_role("list", name="补充说明")
        expect(added).to_contain_text("家里有狗，来之前先打电话")
        step(door, "lishifu", number, "on_site")
        expect(job(page, number)).to_contain_text("处理中")
        expect(job(page, number)).not_to_contain_text("答应业主")

    def test_open_items_of_the_checklist_are_named_before_it_ends(self, open_as: OpenAs, door: Door) -> None:
        number = report(door, "elevator", "电梯门关得很慢", LIFT)
        for to in ("accepted", "on_site"):
            step(door, "zhaoshifu", number, to)
        page = open_as("zhaoshifu")
        expect(job(page, number)).to_contain_text("4 项必填")
        job(page, number).get_by_role("button", name="完工").click()
        sheet = page.get_by_role("dialog", name="完工")
        sheet.get_by_label("写一句做了什么").fill("调了门机")
        finish = sheet.get_by_role("button", name="完工", exact=True)
        expect(finish).to_be_disabled()
        sheet.get_by_role("button", name="合格", exact=True).first.click()
        expect(sheet).to_contain_text("还有 3 项必填没填")
        sheet.get_by_label(re.compile("实在填不了的")).fill("业主催着用")
        finish.click()
        expect(job(page, number)).to_have_count(0)
        lines = door.get("kefu", f"/work-orders/{number}")["timeline"]
        assert any("业主催着用" in (line["text"] or "") for line in lines)

    def test_a_colleague_is_asked_and_declines(self, open_as: OpenAs, door: Door) -> None:
        number = report(door, "plumbing", "厨房水龙头滴水", HOME)
        step(door, "lishifu", number, "accepted")
        page = open_as("lishifu")
        sheet = tool(page, number, "转单")
        sheet.get_by_role("button", name=re.compile("赵军")).click()
        sheet.get_by_label(re.compile("为什么转")).fill("要登高作业，没带梯子")
        sheet.get_by_role("button", name="请赵军接手").click()
        expect(job(page, number)).to_contain_text("已请赵军接手")
        other = open_as("zhaoshifu")
        asked = other.locator(f"[data-transfer='{number}']")
        expect(asked).to_contain_text("没带梯子")
        asked.get_by_role("button", name="不接").click()
        expect(asked).to_have_count(0)
        expect(job(page, number)).not_to_contain_text("已请赵军接手", timeout=ANSWER_MS)


class TestFinished:
    def test_it_is_looked_at_again_and_nothing_is_undone(self, open_as: OpenAs, door: Door) -> None:
        number = report(door, "plumbing", "厨房水龙头滴水", HOME)
        for to in ("accepted", "on_site", "finished"):
            step(door, "lishifu", number, to, note="换了阀芯")
        page = open_as("lishifu")
        page.get_by_role("button", name=re.compile("今天完成的")).click()
        row = page.get_by_role("region", name="今天完成的").locator(f"[data-finished='{number}']")
        expect(row).to_contain_text("待验收")
        row.click()
        sheet = page.get_by_role("dialog", name="完成的活")
        expect(sheet).to_contain_text("等业主验收")
        expect(sheet).to_contain_text("完工：换了阀芯")
        expect(sheet.get_by_role("button")).to_have_count(1)  # 关闭
        assert serious_issues(page) == []
        assert overflow(page) <= 0
        step(door, "zhangwei", number, "accepted_by_owner")
        expect(sheet).to_contain_text("业主已经验收通过", timeout=ANSWER_MS)

    def test_the_newest_stands_first(self, open_as: OpenAs, door: Door) -> None:
        numbers = [report(door, "plumbing", fault, HOME) for fault in ("厨房水龙头滴水", "马桶一直流水")]
        for number in numbers:
            for to in ("accepted", "on_site", "finished"):
                step(door, "lishifu", number, to, note="好了")
        page = open_as("lishifu")
        page.get_by_role("button", name=re.compile("今天完成的")).click()
        rows = page.locator("[data-finished]")
        expect(rows.first).to_have_attribute("data-finished", numbers[1])
        expect(rows.nth(1)).to_have_attribute("data-finished", numbers[0])


class TestPhotos:
    """The phone makes photos small, which takes out of them when and where they were taken."""

    LARGE = (2400, 1200)

    def about(self, page: Page, door: Door, number: str, label: str, photo: FilePayload) -> dict[str, Any]:
        """Send a photo; return what the desk learns of it."""
        sheet = tool(page, number, "拍照")
        sheet.get_by_label(label).set_input_files(photo)
        sheet.get_by_role("button", name=re.compile("^存 1 张")).click()
        expect(job(page, number)).to_contain_text("照片 1 张")
        media_id = door.get("kefu", f"/work-orders/{number}/work")["photos"][0]["media_id"]
        return dict(door.get("kefu", f"/media/{media_id}/about"))

    @pytest.fixture
    def number(self, door: Door) -> str:
        number = report(door, "plumbing", "厨房水龙头滴水", HOME)
        for to in ("accepted", "on_site"):
            step(door, "lishifu", number, to)
        return number

    def test_what_the_file_says_is_read_before(self, open_as: OpenAs, door: Door, number: str) -> None:
        about = self.about(open_as("lishifu"), door, number, "从相册选照片", photo(self.LARGE, "2026:06:30 18:30:00"))
        assert about["taken_at"].startswith("2026-06-30T10:30:00")
        assert (round(about["lat"], 4), round(about["lng"], 4)) == (31.2304, 121.4737)
        assert (about["taken_source"], about["place_source"]) == ("phone", "phone")

    def test_of_a_shot_that_says_nothing_the_phone_knows(self, open_as: OpenAs, door: Door, number: str) -> None:
        page = open_as("lishifu", geolocation=NEAR_BUILDING_3, permissions=["geolocation"])
        page.evaluate("localStorage.setItem('guanjia.position.allowed', 'true')")
        about = self.about(page, door, number, "拍一张", photo(self.LARGE))
        assert about["taken_at"] <= about["uploaded_at"]
        assert (about["lat"], about["lng"]) == (22.5502, 114.0502)
        assert (about["taken_source"], about["place_source"]) == ("phone", "phone")

    def test_an_old_picture_that_says_nothing_is_not_of_now(self, open_as: OpenAs, door: Door, number: str) -> None:
        about = self.about(open_as("lishifu"), door, number, "从相册选照片", photo(self.LARGE))
        assert {about[name] for name in ("taken_at", "lat", "taken_source", "place_source")} == {None}

    def test_a_phone_that_may_not_say_where_is_not_asked(self, open_as: OpenAs, door: Door, number: str) -> None:
        about = self.about(open_as("lishifu"), door, number, "拍一张", photo(self.LARGE))
        assert (about["taken_source"], about["place_source"]) == ("phone", None)

    def test_a_phone_whose_clock_is_wrong_sends_the_photo_alone(self, open_as: OpenAs, door: Door, number: str) -> None:
        page = open_as("lishifu")
        page.evaluate(
            """() => {
                const now = Date.now.bind(Date)
                Date.now = () => now() + 3 * 3600_000
                Object.defineProperty(File.prototype, 'lastModified', { get: () => Date.now() })
            }"""
        )
        about = self.about(page, door, number, "拍一张", photo(self.LARGE))
        assert {about[name] for name in ("taken_at", "taken_source")} == {None}


class TestChecklistInChat:
    def test_it_is_not_finished_and_a_link_leads_to_the_list(self, open_as: OpenAs, door: Door) -> None:
        number = report(door, "electrical", "客厅插座没电", HOME)
        for to in ("accepted", "on_site"):
            step(door, "lishifu", number, to)
        said = door.text_of("lishifu", "修好了")
        assert "断电并挂牌" in said
        assert door.get("lishifu", f"/work-orders/{number}")["status"] == "on_site"
        page = open_as("lishifu")
        page.get_by_role("link", name="打开检查单").last.click()
        sheet = page.get_by_role("dialog", name="检查单")
        expect(sheet).to_contain_text("断电并挂牌")
        assert "checklist" not in page.url

    def test_taps_answer_it_and_finish(self, open_as: OpenAs, door: Door) -> None:
        number = report(door, "electrical", "客厅插座没电", HOME)
        for to in ("accepted", "on_site"):
            step(door, "lishifu", number, to)
        door.say("lishifu", "换了插座，修好了")
        page = open_as("lishifu")
        for asked in ("断电并挂牌", "验电，确认无电", "送电试验正常"):
            bubble = page.locator(".message").last
            expect(bubble).to_contain_text(f"{asked}，合格还是不合格？", timeout=ANSWER_MS)
            bubble.get_by_role("button", name="合格", exact=True).click()
        expect(page.locator(".message").last).to_contain_text(f"{number} 已完工", timeout=ANSWER_MS)
        told = door.get("zhangwei", f"/work-orders/{number}")["timeline"]
        assert any("换了插座" in (line["text"] or "") for line in told)


class TestNoNetwork:
    def test_what_is_done_waits_and_is_sent_once_in_order(self, open_as: OpenAs, door: Door) -> None:
        number = report(door, "plumbing", "厨房水龙头滴水", HOME)
        page = open_as("lishifu")
        expect(job(page, number)).to_be_visible()
        sent: list[tuple[str, str | None]] = []

        def note(request: Request) -> None:
            if request.method == "POST" and f"/work-orders/{number}/" in request.url:
                sent.append((request.url.rsplit("/", 1)[1], request.header_value("idempotency-key")))

        page.context.set_offline(True)
        job(page, number).get_by_role("button", name="接单").click()
        job(page, number).get_by_role("button", name="到场").click()
        expect(job(page, number).get_by_role("button", name="完工")).to_be_visible()
        sheet = tool(page, number, "拍照")
        sheet.get_by_label("拍一张").set_input_files(PHOTO)
        sheet.get_by_role("button", name="存 1 张处理前的照片").click()
        expect(waiting(page)).to_contain_text("待发送 3 条")
        page.on("request", note)
        page.context.set_offline(False)
        expect(waiting(page)).to_have_count(0, timeout=ANSWER_MS)
        assert [path for path, _ in sent] == ["transitions", "arrival", "photos"]
        assert len({key for _, key in sent}) == 3
        work = door.get("lishifu", f"/work-orders/{number}/work")
        assert (work["status"], len(work["arrivals"]), len(work["photos"])) == ("on_site", 1, 1)

    def test_it_is_still_there_after_a_reload(self, open_as: OpenAs, door: Door) -> None:
        number = report(door, "plumbing", "厨房水龙头滴水", HOME)
        page = open_as("lishifu")
        expect(job(page, number)).to_be_visible()
        page.route("**/transitions", lambda route: route.abort())
        job(page, number).get_by_role("button", name="接单").click()
        expect(waiting(page)).to_contain_text("待发送 1 条")
        page.reload()
        expect(waiting(page)).to_contain_text("待发送 1 条")
        page.unroute("**/transitions")
        expect(waiting(page)).to_have_count(0, timeout=ANSWER_MS)
        assert door.get("lishifu", f"/work-orders/{number}")["status"] == "accepted"

    def test_a_refusal_is_said_and_holds_up_no_other_order(self, open_as: OpenAs, door: Door) -> None:
        first = report(door, "plumbing", "厨房水龙头滴水", HOME)
        second = report(door, "plumbing", "地漏堵了，水下不去", THEIRS, "wangfang")
        for to in ("accepted", "on_site"):
            step(door, "lishifu", first, to)
        page = open_as("lishifu")
        expect(job(page, first)).to_be_visible()
        page.context.set_offline(True)
        job(page, first).get_by_role("button", name="完工").click()
        sheet = page.get_by_role("dialog", name="完工")
        sheet.get_by_label("写一句做了什么").fill("换了阀芯")
        sheet.get_by_role("button", name="完工", exact=True).click()
        page.get_by_role("button", name=re.compile("后面还有")).click()
        page.locator(f"[data-queued='{second}']").click()
        job(page, second).get_by_role("button", name="接单").click()
        step(door, "quyu", first, "cancelled", note="业主自己修好了")
        page.context.set_offline(False)
        refusal = waiting(page).get_by_role("alert")
        expect(refusal).to_contain_text("已取消", timeout=ANSWER_MS)
        expect(job(page, second)).to_contain_text("已接单")
        refusal.get_by_role("button", name="知道了").click()
        expect(waiting(page)).to_have_count(0)


class TestOwner:
    def test_agrees_to_a_quote_and_sees_what_was_done(self, open_as: OpenAs, door: Door) -> None:
        number = report(door, "plumbing", "厨房水龙头滴水", HOME)
        for to in ("accepted", "on_site"):
            step(door, "lishifu", number, to)
        door.post("lishifu", f"/work-orders/{number}/quotes", {"lines": [{"price_code": "RG-01", "quantity": "1"}]})
        door.heard("zhangwei", f"工单 {number} 的报价")
        page = open_as("zhangwei")
        card = page.locator(f".order-card[data-order='{number}']").last
        quote = card.get_by_role("region", name="报价")
        expect(quote).to_contain_text("换水龙头")
        expect(quote).to_contain_text("等您答复")
        bubble = page.locator(".message").filter(has_text=f"工单 {number} 的报价")
        quote.get_by_role("button", name="同意", exact=True).click()
        expect(quote).to_have_count(0)
        expect(card).to_contain_text(re.compile("报价您已同意 ¥"))
        expect(bubble.locator(".standing")).to_have_text(re.compile("^您已同意 ¥"))
        expect(bubble.locator(".bubble")).not_to_contain_text("按这个价修吗")
        door.post("lishifu", f"/work-orders/{number}/labour", {"price_code": "RG-01", "quantity": "1"})
        card.get_by_role("button", name="照片和费用").click()
        expect(card.get_by_role("region", name="维修详情")).to_contain_text("由您付")

    def test_a_day_to_go_on_takes_the_place_of_the_promise(self, open_as: OpenAs, door: Door) -> None:
        number = report(door, "plumbing", "厨房水龙头滴水", HOME)
        step(door, "lishifu", number, "accepted")
        door.heard("zhangwei", number)
        page = open_as("zhangwei")
        card = page.locator(f".order-card[data-order='{number}']").last
        expect(card).to_contain_text("预计")
        until = (datetime.now(UTC) + timedelta(days=3)).isoformat()
        step(door, "lishifu", number, "suspended", note="等配件", until=until)
        expect(card).to_contain_text("挂起到 ")
        expect(card).not_to_contain_text("预计")
        step(door, "quyu", number, "cancelled", note="业主自己修好了")
        expect(card).to_contain_text("已取消")
        expect(card.get_by_role("link", name=re.compile("打电话给"))).to_have_count(0)

    def test_gives_stars_with_a_reason(self, open_as: OpenAs, door: Door) -> None:
        number = report(door, "plumbing", "厨房水龙头滴水", HOME)
        for to, who in (("accepted", "lishifu"), ("on_site", "lishifu"), ("finished", "lishifu")):
            step(door, who, number, to, note="换了阀芯")
        step(door, "zhangwei", number, "accepted_by_owner")
        door.heard("zhangwei", number)
        page = open_as("zhangwei")
        card = page.locator(f".order-card[data-order='{number}']").last
        card.get_by_role("button", name="4 星").click()
        sheet = page.get_by_role("dialog", name="评价这次服务")
        sheet.get_by_role("button", name="上门及时").click()
        sheet.get_by_role("button", name="提交评价").click()
        expect(card).to_contain_text("4 星")
        given = door.get("zhangwei", f"/work-orders/{number}/ratings")[0]
        assert (given["stars"], [r["value"] for r in given["reasons"]]) == (4, ["prompt"])

    def test_accepts_the_answer_to_a_complaint(self, open_as: OpenAs, door: Door) -> None:
        me = door.get("zhangwei", "/me")["id"]
        words = {"words": "楼道好几天没人打扫", "kind": "cleaning", "complainant": me, "community": "sunshine"}
        number = door.post("kefu", "/complaints", words).json()["number"]
        door.post("kefu", f"/complaints/{number}/transitions", {"to": "investigating"})
        door.post("kefu", f"/complaints/{number}/answers", {"text": "今天下午已经打扫，以后每天一次。"})
        door.heard("zhangwei", f"您的投诉 {number} 有答复了")
        page = open_as("zhangwei")
        card = page.locator(f"[data-complaint='{number}']")
        expect(card).to_contain_text("今天下午已经打扫")
        card.get_by_role("button", name="认可", exact=True).click()
        expect(card).to_contain_text("已认可")
