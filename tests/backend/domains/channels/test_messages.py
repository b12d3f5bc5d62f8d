"""A bound account talks as its person: once, in time, and the answer is neither lost nor given twice."""

import io
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from backend.domains.conversations import tasks, turn
from backend.domains.conversations.models import Message
from backend.domains.notices import service as notices
from backend.domains.workorders.models import WorkOrder
from backend.kit import clock, db
from backend.kit.outbox import OutboxRow
from backend.kit.scope import system_scope
from backend.settings import get_settings
from tests.backend.domains.channels.conftest import Follower, deliver
from tests.backend.domains.conversations.reading import heard, talk_of
from tests.backend.support import FakeRasa, User, World, together


@contextmanager
def slow(rasa: FakeRasa) -> Iterator[threading.Event]:
    """Let the bot answer when the event is set."""
    go = threading.Event()

    def answer(body: dict[str, Any]) -> tuple[int, Any]:
        assert go.wait(20)
        return rasa.usual(body)

    rasa.answer = answer
    try:
        yield go
    finally:
        go.set()


@contextmanager
def later(seconds: float) -> Iterator[None]:
    """Be so much later."""
    moment = clock.now() + timedelta(seconds=seconds)
    with clock.use_clock(lambda: moment):
        yield


class TestAnswerInTime:
    def test_it_is_taken_along_and_not_sent_again(self, rasa: FakeRasa, bound: Follower) -> None:
        assert bound.say("楼下灯坏了") == "收到：楼下灯坏了"
        with later(60):
            deliver()
        assert bound.got() == []

    def test_choices_are_written_out(self, rasa: FakeRasa, bound: Follower) -> None:
        rasa.say({"text": "要提交吗？", "buttons": [{"title": "提交", "payload": "/affirm"}]})
        assert bound.say("灯坏了") == "要提交吗？\n可以直接回复：提交"

    def test_a_choice_may_be_typed(self, rasa: FakeRasa, bound: Follower) -> None:
        rasa.say({"text": "要提交吗？", "buttons": [{"title": "提交", "payload": "/affirm"}]})
        bound.say("灯坏了")
        bound.say("提交")
        assert rasa.turns[-1]["text"] == "/affirm"

    def test_several_replies_are_one_message(self, rasa: FakeRasa, bound: Follower) -> None:
        rasa.say({"text": "一"}, {"text": "二"})
        assert bound.say("你好") == "一\n\n二"

    def test_three_tries_change_nothing_and_are_answered_alike(
        self, world: World, rasa: FakeRasa, bound: Follower, owner: User
    ) -> None:
        answers = [bound.say("楼下灯坏了", external_id=f"{bound.openid}:7") for _ in range(3)]
        assert answers == ["收到：楼下灯坏了"] * 3
        assert (len(rasa.turns), heard(world, owner)) == (1, ["楼下灯坏了"])

    def test_three_tries_at_once_change_nothing(
        self, world: World, rasa: FakeRasa, bound: Follower, owner: User
    ) -> None:
        answers = together([lambda: bound.say("灯坏了", external_id=f"{bound.openid}:8")] * 3)
        assert set(answers) == {"收到：灯坏了"}
        assert (len(rasa.turns), heard(world, owner)) == (1, ["灯坏了"])

    def test_the_same_id_with_other_words_is_the_first_message(
        self, world: World, rasa: FakeRasa, bound: Follower, owner: User
    ) -> None:
        bound.say("一", external_id=f"{bound.openid}:9")
        assert bound.say("二", external_id=f"{bound.openid}:9") == "收到：一"
        assert heard(world, owner) == ["一"]


class TestSlowBot:
    def test_the_answer_follows_as_a_customer_service_message_once(
        self, world: World, rasa: FakeRasa, bound: Follower
    ) -> None:
        with slow(rasa) as go:
            assert bound.say("灯坏了", wait_s=0.1, external_id=f"{bound.openid}:1") is None
            go.set()
            settled(world, f"{bound.openid}:1")
        with later(40):
            deliver()
            deliver()
        assert bound.got() == ["收到：灯坏了"]

    def test_a_retry_in_time_takes_the_answer_along(self, world: World, rasa: FakeRasa, bound: Follower) -> None:
        with slow(rasa) as go:
            assert bound.say("灯坏了", wait_s=0.1, external_id=f"{bound.openid}:5") is None
            go.set()
            assert bound.say("灯坏了", external_id=f"{bound.openid}:5") == "收到：灯坏了"
        with later(40):
            deliver()
        assert bound.got() == []

    def test_what_was_sent_is_not_answered_to_a_late_retry(self, world: World, rasa: FakeRasa, bound: Follower) -> None:
        with slow(rasa) as go:
            assert bound.say("灯坏了", wait_s=0.1, external_id=f"{bound.openid}:2") is None
            go.set()
            settled(world, f"{bound.openid}:2")
        with later(10):
            deliver()
        assert bound.got() == ["收到：灯坏了"]
        assert bound.say("灯坏了", external_id=f"{bound.openid}:2") is None
        assert len(rasa.turns) == 1

    def test_a_later_answer_does_not_overtake_an_earlier_one(
        self, world: World, rasa: FakeRasa, bound: Follower
    ) -> None:
        with slow(rasa) as go:
            assert bound.say("一", wait_s=0.1, external_id=f"{bound.openid}:3") is None
            go.set()
            settled(world, f"{bound.openid}:3")
        assert bound.say("二") is None
        with later(10):
            deliver()
        assert bound.got() == ["收到：一", "收到：二"]

    def test_an_answer_that_nobody_takes_along_is_due_at_once(
        self, world: World, rasa: FakeRasa, bound: Follower, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(get_settings(), "wechat_passive_s", 3600.0)
        with slow(rasa) as go:
            assert bound.say("灯坏了", wait_s=0.1) is None
            go.set()
            until(world, lambda: bool(deliver() or bound.got()))
        assert bound.got() == ["收到：灯坏了"]

    def test_where_many_wait_already_nobody_else_does(
        self, world: World, rasa: FakeRasa, bound: Follower, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(get_settings(), "channel_waiting_at_most", 0)
        with slow(rasa) as go:
            assert bound.say("灯坏了", wait_s=20.0) is None
            go.set()
            until(world, lambda: bool(deliver() or bound.got()))
        assert bound.got() == ["收到：灯坏了"]

    def test_an_answer_is_sent_although_its_turn_died(
        self, world: World, rasa: FakeRasa, bound: Follower, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def dies(*_: Any) -> None:
            raise RuntimeError("died")

        with monkeypatch.context() as patch:
            patch.setattr(turn, "answer", dies)
            assert bound.hand_over(text="灯坏了").status_code == 500
        world.forget_bot()
        with later(60):
            tasks.resume_turns()
        with later(120):
            deliver()
        assert bound.got() == ["收到：灯坏了"]

    def test_a_long_answer_goes_in_parts_in_order(self, rasa: FakeRasa, bound: Follower) -> None:
        rasa.say({"text": "\n".join(f"第{n}条：请在下午六点前把装修垃圾运到指定地点。" for n in range(60))})
        assert bound.say("装修有什么规定") is None
        with later(10):
            deliver()
        assert len(bound.got()) > 1
        assert all(len(part.encode()) <= 2048 for part in bound.got())
        assert "\n".join(bound.got()).count("条：") == 60


def until(world: World, holds: Callable[[], bool]) -> None:
    """Ask again and again until it holds."""
    for _ in range(2000):
        if holds():
            return
        world.client.get("/healthz")
    raise AssertionError("it did not happen")


def settled(world: World, external_id: str) -> None:
    """Wait, by asking, until a message has been answered."""
    answered = select(Message).where(Message.external_id == external_id, Message.status == "answered")
    until(world, lambda: bool(world.rows(answered)))


class TestKinds:
    def test_a_voice_message_counts_by_its_words(self, rasa: FakeRasa, bound: Follower) -> None:
        assert bound.say("三号楼没电了", kind="voice") == "收到：三号楼没电了"

    def test_a_voice_message_without_words_is_asked_again(self, rasa: FakeRasa, bound: Follower) -> None:
        assert "没听清" in (bound.does("voice", media_id="m") or "")
        assert rasa.turns == []

    def test_a_menu_button_says_its_words(self, rasa: FakeRasa, bound: Follower) -> None:
        assert bound.does("tap", key="REPAIR") == "收到：我要报修"

    def test_a_location_is_the_building_next_to_it(self, world: World, rasa: FakeRasa, bound: Follower) -> None:
        from backend.domains.estate import service as estate

        with db.transaction(read_only=True) as session, system_scope(session):
            here = estate.community_by_code(session, "sunshine")
            lat, lng = estate.positions(session, here.id).buildings["3"]
        assert bound.does("location", lat=lat + 0.0001, lng=lng) == "收到：我在3号楼旁边"

    def test_a_location_far_away_is_said_to_be_so(self, rasa: FakeRasa, bound: Follower) -> None:
        assert "不在我们的小区" in (bound.does("location", lat=39.9, lng=116.4) or "")

    def test_a_picture_is_fetched_and_kept_with_the_message(
        self, world: World, rasa: FakeRasa, bound: Follower, owner: User
    ) -> None:
        out = io.BytesIO()
        Image.new("RGB", (8, 8), "red").save(out, "JPEG")
        bound.platform.media["pic"] = out.getvalue()
        for _ in range(2):
            told = bound.does("image", media_id="pic", external_id=f"{bound.openid}:pic")
            assert "图片收到了" in (told or "")
        [line] = [m for m in owner.history() if m["direction"] == "in"]
        assert owner.get(line["attachments"][0]["url"].removeprefix("/api/v1")).status_code == 200

    def test_a_picture_that_has_expired_is_asked_for_again(self, rasa: FakeRasa, bound: Follower) -> None:
        assert "再发一次" in (bound.does("image", media_id="gone") or "")

    def test_a_picture_that_is_none_is_said_to_be_so(self, rasa: FakeRasa, bound: Follower) -> None:
        bound.platform.media["text"] = b"not a picture"
        assert "图片" in (bound.does("image", media_id="text") or "")

    def test_other_kinds_are_said_not_to_be_read(self, rasa: FakeRasa, bound: Follower) -> None:
        assert "看不了" in (bound.does("other") or "")


class TestDanger:
    def test_a_bound_account_gets_its_emergency_order(self, world: World, rasa: FakeRasa, bound: Follower) -> None:
        told = bound.say("3号楼2单元电梯困人了，快来") or ""
        assert "【电梯困人】" in told
        [order] = world.rows(select(WorkOrder).where(WorkOrder.raw == "3号楼2单元电梯困人了，快来"))
        assert (order.source, order.urgency) == ("wechat", "emergency")

    def test_a_stranger_who_names_the_estate_gets_one_too(self, world: World, follower: Follower) -> None:
        said = "阳光花园6号楼1单元电梯困人了"
        told = follower.say(said) or ""
        assert "已通知阳光花园值班人员" in told
        [order] = world.rows(select(WorkOrder).where(WorkOrder.raw == said))
        assert (order.reporter_id, order.urgency, order.building) == (None, "emergency", "6")

    def test_a_stranger_who_does_not_is_told_what_to_do_and_asked(self, world: World, follower: Follower) -> None:
        told = follower.say("电梯困人了，救命") or ""
        assert "不要扒门" in told
        assert "带上小区名字" in told


class TestNoticesAndStaff:
    def tell(self, user: User, text: str, **more: Any) -> None:
        with db.transaction() as session, system_scope(session):
            notices.tell(session, [user.id], notices.Telling(1, text, f"test:{text}", **more))

    def test_a_notice_goes_to_the_account_and_the_page(self, bound: Follower, owner: User) -> None:
        self.tell(owner, "师傅明天来")
        deliver()
        assert bound.got() == ["师傅明天来"]
        assert owner.history()[-1]["text"] == "师傅明天来"

    def test_an_order_goes_as_a_card(self, bound: Follower, owner: User) -> None:
        card = {"type": "work_order", "number": "SH1-1", "status_title": "已派单"}
        self.tell(owner, "已派给李师傅", card=card)
        deliver()
        [sent] = [one for one in bound.platform.sent if one["to"] == bound.openid]
        assert (sent["kind"], sent["title"]) == ("news", "工单 SH1-1 · 已派单")

    def test_what_staff_answer_goes_to_the_account(self, world: World, bound: Follower, owner: User) -> None:
        bound.say("你好")
        talk = talk_of(world, owner)
        world.kefu.post(f"/conversations/{talk.id}/messages", {"text": "我是周敏"})
        deliver()
        assert bound.got() == ["我是周敏"]

    def test_what_is_said_on_the_page_is_answered_on_the_page_only(
        self, rasa: FakeRasa, bound: Follower, owner: User
    ) -> None:
        owner.say("你好")
        with later(10):
            deliver()
        assert bound.got() == []

    def test_nothing_is_sent_to_who_has_left(self, world: World, bound: Follower, owner: User) -> None:
        bound.does("unfollow", at=int(clock.now().timestamp()) + 1)
        self.tell(owner, "走了以后")
        deliver()
        assert bound.got() == []

    def test_who_belongs_to_no_estate_any_more_is_a_stranger(
        self, world: World, rasa: FakeRasa, bound: Follower, owner: User
    ) -> None:
        with world.retired(owner):
            pass
        assert "还不知道您住哪一户" in (bound.say("你好") or "")

    def test_an_old_unsubscription_that_comes_late_changes_nothing(self, bound: Follower, owner: User) -> None:
        bound.does("unfollow", at=int(clock.now().timestamp()) - 60)
        self.tell(owner, "还在")
        deliver()
        assert bound.got() == ["还在"]

    def test_what_waits_for_an_account_that_is_bound_no_more_is_not_sent(
        self, world: World, bound: Follower, owner: User
    ) -> None:
        bound.platform.faults = {"busy": 1}
        self.tell(owner, "私事")
        deliver()
        bound.say("确认解绑")
        with later(60):
            deliver()
        assert bound.got() == []
        [row] = world.rows(select(OutboxRow).where(OutboxRow.channel == "wechat", OutboxRow.person_id == owner.id))
        assert (row.status, "已解绑" in (row.last_error or "")) == ("failed", True)
