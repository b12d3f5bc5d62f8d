"""A message is stored before anything else, answered once, and never lost."""

import threading
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from backend.domains.conversations import tasks
from backend.domains.conversations.models import Message
from backend.domains.workorders.models import WorkOrder
from backend.kit import clock, db
from backend.kit.outbox import OutboxRow
from backend.kit.scope import system_scope
from backend.settings import get_settings
from tests.backend.conftest import sqlite_only
from tests.backend.domains.conversations.reading import heard, row_of, talk_of
from tests.backend.domains.workorders.work.acting import photo
from tests.backend.support import FakeRasa, User, World, is_problem, together

DOWN = "已经记下，并转给值班客服"


class TestStoredFirst:
    def test_the_message_is_in_the_database_when_the_bot_is_asked(
        self, world: World, rasa: FakeRasa, owner: User
    ) -> None:
        seen: list[tuple[str, str]] = []

        def answer(body: dict[str, Any]) -> tuple[int, Any]:
            row = row_of(world, body["message_id"])
            seen.append((row.text, row.status))
            return rasa.usual(body)

        rasa.answer = answer
        owner.say("楼下灯坏了")
        assert seen == [("楼下灯坏了", "answering")]

    def test_the_reply_comes_back(self, rasa: FakeRasa, owner: User) -> None:
        assert owner.say("你好").json()["replies"][0]["text"] == "收到：你好"

    def test_an_answered_message_says_so(self, world: World, rasa: FakeRasa, owner: User) -> None:
        assert row_of(world, owner.say("你好").json()["message_id"]).status == "answered"

    def test_what_was_understood_is_kept_for_staff(self, world: World, rasa: FakeRasa, owner: User) -> None:
        owner.say("你好")
        talk = talk_of(world, owner)
        lines = world.kefu.get(f"/conversations/{talk.id}/messages").json()["items"]
        assert lines[0]["nlu"]["intent"] == "greet"

    def test_what_was_understood_is_not_shown_to_the_person(self, rasa: FakeRasa, owner: User) -> None:
        owner.say("你好")
        assert [m["nlu"] for m in owner.history()] == [None, None]

    def test_the_bot_gets_a_token_for_the_speaker_only(self, world: World, rasa: FakeRasa, owner: User) -> None:
        owner.say("你好")
        token = rasa.turns[0]["speaker"]["token"]
        me = User(0, "", world.client, token).get("/me").json()
        assert me["id"] == owner.id


class TestOnce:
    def test_the_same_key_is_one_row(self, world: World, rasa: FakeRasa, owner: User) -> None:
        key = uuid.uuid4().hex
        for _ in range(3):
            owner.say("灯坏了", key)
        assert heard(world, owner) == ["灯坏了"]

    def test_the_same_key_gets_the_same_answer(self, rasa: FakeRasa, owner: User) -> None:
        key = uuid.uuid4().hex
        assert owner.say("灯坏了", key).json() == owner.say("灯坏了", key).json()

    def test_the_same_key_asks_the_bot_once(self, rasa: FakeRasa, owner: User) -> None:
        key = uuid.uuid4().hex
        owner.say("灯坏了", key)
        owner.say("灯坏了", key)
        assert len(rasa.turns) == 1

    def test_eight_at_once_with_one_key_are_one_row(self, world: World, rasa: FakeRasa, owner: User) -> None:
        key = uuid.uuid4().hex
        owner.say("你好")
        together([lambda: owner.say("灯坏了", key)] * 8)
        assert heard(world, owner) == ["你好", "灯坏了"]

    def test_eight_at_once_with_one_key_are_all_taken(self, rasa: FakeRasa, owner: User) -> None:
        key = uuid.uuid4().hex
        owner.say("你好")
        answers = together([lambda: owner.say("灯坏了", key)] * 8)
        assert [a.status_code for a in answers] == [200] * 8

    def test_ten_at_once_with_one_key_get_the_same_answer(self, rasa: FakeRasa, owner: User) -> None:
        asked, release = threading.Event(), threading.Event()

        def late(body: dict[str, Any]) -> tuple[int, Any]:
            asked.set()
            release.wait(20)
            return rasa.usual(body)

        rasa.answer = late
        key = uuid.uuid4().hex
        answers: list[Any] = []
        several = threading.Thread(target=lambda: answers.extend(together([lambda: owner.say("灯坏了", key)] * 10)))
        several.start()
        assert asked.wait(20)
        release.set()
        several.join(60)
        assert [a.json()["replies"][0]["text"] for a in answers] == ["收到：灯坏了"] * 10
        assert len(rasa.turns) == 1

    def test_an_answer_that_never_comes_is_not_waited_for_long(
        self, world: World, rasa: FakeRasa, owner: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(get_settings(), "same_message_wait_s", 0.2)
        key = uuid.uuid4().hex
        message_id = owner.say("灯坏了", key).json()["message_id"]
        with db.transaction() as session, system_scope(session):
            row = session.scalars(select(Message).where(Message.id == message_id)).one()
            row.status, row.lease_until = "answering", clock.now() + timedelta(seconds=30)
            session.delete(session.scalars(select(Message).where(Message.answers == message_id)).one())
        assert owner.say("灯坏了", key).json() == {"message_id": message_id, "replies": []}
        with db.transaction() as session, system_scope(session):
            session.scalars(select(Message).where(Message.id == message_id)).one().status = "answered"

    @pytest.mark.parametrize("others", [("别的话", ()), ("灯坏了", ("picture",))])
    def test_the_same_key_with_another_message_is_refused(
        self, rasa: FakeRasa, owner: User, others: tuple[str, tuple[str, ...]]
    ) -> None:
        key = uuid.uuid4().hex
        owner.say("灯坏了", key)
        answer = owner.say(others[0], key, attachments=others[1])
        assert is_problem(answer, 409)["type"] == "/problems/key-reused"

    def test_first_messages_at_once_make_one_conversation(self, world: World, rasa: FakeRasa, owner: User) -> None:
        answers = together([lambda: owner.say("你好")] * 6)
        assert [a.status_code for a in answers] == [200] * 6


@pytest.fixture
def fast_bot(world: World) -> Iterator[pytest.MonkeyPatch]:
    """Lets a test change how the bot is reached."""
    with pytest.MonkeyPatch.context() as patch:
        world.forget_bot()
        yield patch
        world.forget_bot()
    world.forget_bot()


BROKEN: dict[str, tuple[int, Any]] = {
    "error": (500, {"error": "boom"}),
    "no JSON": (200, b"<html>garbage"),
    "a list": (200, [1, 2]),
    "nothing": (200, b""),
    "no replies": (200, {"replies": [], "nlu": {}}),
    "an empty reply": (200, {"replies": [{"text": ""}], "nlu": {}}),
    "replies of null": (200, {"replies": None}),
    "replies of words": (200, {"replies": ["hello"]}),
    "buttons of null": (200, {"replies": [{"text": "", "buttons": None}]}),
}


class TestBotAway:
    @pytest.mark.parametrize("broken", BROKEN)
    def test_a_broken_answer_is_told_and_handed_over(
        self, world: World, rasa: FakeRasa, owner: User, broken: str
    ) -> None:
        rasa.answer = lambda _body: BROKEN[broken]
        answer = owner.say("楼下灯坏了").json()
        assert DOWN in answer["replies"][0]["text"]
        assert row_of(world, answer["message_id"]).status == "handed_over"

    def test_a_bot_that_is_down_hands_over(
        self, world: World, rasa: FakeRasa, owner: User, fast_bot: pytest.MonkeyPatch
    ) -> None:
        fast_bot.setattr(get_settings(), "rasa_url", "http://127.0.0.1:9")
        assert DOWN in owner.say("楼下灯坏了").json()["replies"][0]["text"]

    def test_a_slow_bot_hands_over(
        self, world: World, rasa: FakeRasa, owner: User, fast_bot: pytest.MonkeyPatch
    ) -> None:
        fast_bot.setattr(get_settings(), "bot_timeout_s", 0.2)
        release = threading.Event()

        def late(body: dict[str, Any]) -> tuple[int, Any]:
            release.wait(20)
            return rasa.usual(body)

        rasa.answer = late
        try:
            assert DOWN in owner.say("楼下灯坏了").json()["replies"][0]["text"]
        finally:
            release.set()

    def test_the_desk_sees_who_waits_and_why(self, world: World, rasa: FakeRasa, owner: User) -> None:
        rasa.answer = lambda _body: (500, {})
        owner.say("楼下灯坏了")
        talk = world.kefu.get(f"/conversations/{talk_of(world, owner).id}").json()
        assert (talk["waiting"], talk["reason"]) == (True, "bot_down")

    def test_nothing_said_is_lost(self, world: World, rasa: FakeRasa, owner: User) -> None:
        rasa.answer = lambda _body: (500, {})
        for text in ("一", "二", "三"):
            owner.say(text)
        assert heard(world, owner) == ["一", "二", "三"]

    def test_it_works_again_when_the_bot_is_back(self, rasa: FakeRasa, owner: User) -> None:
        rasa.answer = lambda _body: (500, {})
        owner.say("楼下灯坏了")
        rasa.answer = rasa.usual
        assert owner.say("你好").json()["replies"][0]["text"] == "收到：你好"


class TestAbandoned:
    @pytest.fixture
    def left(self, world: World, rasa: FakeRasa, owner: User) -> Iterator[str]:
        """A message whose process died while the bot was thinking."""
        message_id = owner.say("楼下灯坏了").json()["message_id"]
        self._reopen(message_id, attempts=1)
        rasa.reset()
        world.forget_bot()
        yield message_id
        with db.transaction() as session, system_scope(session):
            session.execute(update(Message).values(status="answered").where(Message.id == message_id))

    @staticmethod
    def _reopen(message_id: str, attempts: int) -> None:
        with db.transaction() as session, system_scope(session):
            row = session.scalars(select(Message).where(Message.id == message_id)).one()
            row.status, row.attempts, row.lease_until = "answering", attempts, clock.now() + timedelta(seconds=30)
            for reply in session.scalars(select(Message).where(Message.answers == message_id)):
                session.delete(reply)

    @staticmethod
    def _later() -> datetime:
        return clock.now() + timedelta(seconds=90)

    def test_it_is_left_alone_while_its_lease_runs(self, world: World, rasa: FakeRasa, left: str) -> None:
        tasks.resume_turns()
        assert left not in [t["message_id"] for t in rasa.turns]

    def test_it_is_answered_when_the_lease_is_over(self, world: World, rasa: FakeRasa, left: str) -> None:
        later = self._later()
        with clock.use_clock(lambda: later):
            tasks.resume_turns()
        assert row_of(world, left).status == "answered"

    def test_it_is_answered_once(self, world: World, rasa: FakeRasa, left: str) -> None:
        later = self._later()
        with clock.use_clock(lambda: later):
            tasks.resume_turns()
            tasks.resume_turns()
        assert [t["message_id"] for t in rasa.turns].count(left) == 1

    def test_the_person_finds_the_answer(self, world: World, rasa: FakeRasa, owner: User, left: str) -> None:
        later = self._later()
        with clock.use_clock(lambda: later):
            tasks.resume_turns()
        assert [m["text"] for m in owner.history()] == ["楼下灯坏了", "收到：楼下灯坏了"]

    def test_one_that_died_too_often_goes_to_the_desk(self, world: World, rasa: FakeRasa, left: str) -> None:
        self._reopen(left, attempts=get_settings().turn_attempts)
        later = self._later()
        with clock.use_clock(lambda: later):
            tasks.resume_turns()
        assert (row_of(world, left).status, rasa.turns) == ("handed_over", [])


class TestDanger:
    def test_the_bot_is_not_asked(self, rasa: FakeRasa, owner: User) -> None:
        owner.say("家里煤气味好大")
        assert rasa.turns == []

    def test_what_to_do_comes_first(self, rasa: FakeRasa, owner: User) -> None:
        assert "不要开关任何电器" in owner.say("家里煤气味好大").json()["replies"][0]["text"]

    def test_an_emergency_order_is_open(self, world: World, rasa: FakeRasa, owner: User) -> None:
        number = owner.say("家里煤气味好大").json()["replies"][0]["card"]["order_number"]
        order = owner.get(f"/work-orders/{number}").json()
        assert (order["category"], order["urgency"]) == ("gas", "emergency")

    def test_the_desk_and_the_manager_are_told(self, world: World, rasa: FakeRasa, owner: User) -> None:
        number = owner.say("家里煤气味好大").json()["replies"][0]["card"]["order_number"]
        told = world.rows(select(OutboxRow.person_id).where(OutboxRow.text.contains(f"工单 {number}，请马上处理")))
        assert {world.kefu.id, world.jingli.id} <= set(told)

    def test_the_conversation_is_marked(self, world: World, rasa: FakeRasa, owner: User) -> None:
        owner.say("家里煤气味好大")
        assert talk_of(world, owner).danger

    def test_the_same_message_opens_one_order(self, world: World, rasa: FakeRasa, owner: User) -> None:
        key = uuid.uuid4().hex
        owner.say("家里煤气味好大", key)
        owner.say("家里煤气味好大", key)
        assert len(world.rows(select(WorkOrder.id).where(WorkOrder.reporter_id == owner.id))) == 1

    def test_it_works_while_the_bot_is_away(self, rasa: FakeRasa, owner: User) -> None:
        rasa.answer = lambda _body: (500, {})
        assert owner.say("电梯里有人被困了").json()["replies"][0]["card"]["kind"] == "trapped"


ODD = {
    "emoji": "灯坏了😭👨‍👩‍👧‍👦",
    "html": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "sql": "'; DROP TABLE messages; --",
    "percent": "100%_灯\\",
    "control": "灯\x01坏\x1b[31m了\t\r\n",
    "right to left": "\u202e灯坏了\u202c",
    "zero width": "灯\u200b坏\ufeff了",
    "spaces": "  灯坏了  ",
    "rare": "𠮷𡃁灯",
    "5000": "灯" * 5000,
}


class TestOddWords:
    @pytest.mark.parametrize("kind", ODD)
    def test_words_are_stored_as_they_came(self, world: World, rasa: FakeRasa, owner: User, kind: str) -> None:
        assert owner.say(ODD[kind]).status_code == 200
        assert heard(world, owner) == [ODD[kind]]

    def test_words_that_cannot_be_read_are_answered(self, rasa: FakeRasa, owner: User) -> None:
        assert "没看懂" in owner.say("？？！").json()["replies"][0]["text"]

    def test_words_too_long_for_the_bot_go_to_the_desk(self, world: World, rasa: FakeRasa, owner: User) -> None:
        message_id = owner.say(ODD["5000"]).json()["message_id"]
        assert (row_of(world, message_id).status, rasa.turns) == ("handed_over", [])

    def test_5001_characters_are_refused(self, rasa: FakeRasa, owner: User) -> None:
        assert is_problem(owner.say("灯" * 5001), 422)["errors"][0]["field"] == "text"

    @pytest.mark.parametrize("text", ["", " \n ", "\u3000"])
    def test_nothing_at_all_is_refused(self, rasa: FakeRasa, owner: User, text: str) -> None:
        assert is_problem(owner.say(text), 422)["errors"] == [{"field": "text", "message": "不能为空"}]
        assert (owner.history(), rasa.turns) == ([], [])
        assert owner.say(text, attachments=[photo(owner)]).status_code == 200

    def test_a_nul_is_no_error(self, rasa: FakeRasa, owner: User) -> None:
        assert owner.say("灯\x00坏了").status_code in (200, 422)

    def test_half_a_character_is_refused_but_no_error(self, world: World, rasa: FakeRasa, owner: User) -> None:
        answer = world.client.post(
            "/api/v1/chat/messages",
            content=b'{"text": "\\ud83d"}',
            headers={"Authorization": f"Bearer {owner.token}", "Content-Type": "application/json"},
        )
        is_problem(answer, 422)

    @sqlite_only
    @hypothesis_settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(text=st.text(min_size=1, max_size=40).filter(lambda t: "\x00" not in t and t.strip()))
    def test_any_words_are_stored_as_they_came(self, world: World, rasa: FakeRasa, owner: User, text: str) -> None:
        message_id = owner.say(text).json()["message_id"]
        assert row_of(world, message_id).text == text


class TestButtons:
    def test_a_payload_that_was_never_offered_is_only_words(self, rasa: FakeRasa, owner: User) -> None:
        owner.say('/cancel_work_order{"order_number": "SH2611-0001"}')
        assert not rasa.turns[0]["text"].startswith("/")

    def test_a_payload_that_was_offered_is_a_tap(self, rasa: FakeRasa, owner: User) -> None:
        rasa.say({"text": "要撤吗", "buttons": [{"title": "撤单", "payload": "/cancel_work_order"}]})
        owner.say("撤单")
        owner.say("/cancel_work_order")
        assert rasa.turns[1]["text"] == "/cancel_work_order"

    def test_the_words_of_a_button_typed_are_a_tap_and_stay_as_typed(self, rasa: FakeRasa, owner: User) -> None:
        rasa.say({"text": "有危险吗", "buttons": [{"title": "有危险，快来人", "payload": "/report_emergency"}]})
        owner.say("你好")
        owner.say("有危险，快来人")
        assert rasa.turns[1]["text"] == "/report_emergency"
        assert owner.history()[2]["text"] == "有危险，快来人"

    def test_they_are_only_words_once_something_else_was_said(self, rasa: FakeRasa, owner: User) -> None:
        rasa.say({"text": "要撤吗", "buttons": [{"title": "撤单", "payload": "/cancel_work_order"}]})
        owner.say("你好")
        rasa.say({"text": "好的"})
        owner.say("等等")
        owner.say("撤单")
        assert rasa.turns[2]["text"] == "撤单"

    def test_a_tap_is_shown_by_its_title(self, rasa: FakeRasa, owner: User) -> None:
        rasa.say({"text": "要撤吗", "buttons": [{"title": "撤单", "payload": "/cancel_work_order"}]})
        owner.say("撤单")
        owner.say("/cancel_work_order")
        assert owner.history()[2]["label"] == "撤单"

    def test_a_payload_offered_to_somebody_else_is_only_words(self, world: World, rasa: FakeRasa, owner: User) -> None:
        rasa.say({"text": "要撤吗", "buttons": [{"title": "撤单", "payload": "/cancel_work_order"}]})
        world.new().say("撤单")
        owner.say("/cancel_work_order")
        assert not rasa.turns[-1]["text"].startswith("/")

    def test_danger_typed_as_a_payload_is_danger(self, rasa: FakeRasa, owner: User) -> None:
        assert owner.say("/着火了").json()["replies"][0]["card"]["type"] == "danger"
