"""A person has the conversation, or is waited for: the bot is silent and there is a way back."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from backend.kit import clock
from backend.kit.audit import AuditLine
from backend.kit.auth import Role
from tests.backend.domains.conversations.reading import heard, talk_of
from tests.backend.support import FakeRasa, User, World, is_problem


class TestWithStaff:
    @pytest.fixture
    def talk(self, world: World, rasa: FakeRasa, owner: User) -> str:
        owner.say("你好")
        found = str(talk_of(world, owner).id)
        assert world.kefu.post(f"/conversations/{found}/take-over").status_code == 200
        rasa.reset()
        return found

    def test_the_bot_is_silent_while_staff_has_it(self, rasa: FakeRasa, owner: User, talk: str) -> None:
        assert owner.say("在吗").json()["replies"] == []
        assert rasa.turns == []

    def test_what_is_said_meanwhile_is_kept(self, world: World, owner: User, talk: str) -> None:
        owner.say("在吗")
        assert heard(world, owner)[-1] == "在吗"

    def test_staff_answers_reach_the_person(self, world: World, owner: User, talk: str) -> None:
        world.kefu.post(f"/conversations/{talk}/messages", {"text": "马上来"})
        last = owner.history()[-1]
        assert (last["text"], last["sender"]["kind"]) == ("马上来", "staff")

    def test_the_same_key_answers_once(self, world: World, owner: User, talk: str) -> None:
        for _ in range(2):
            world.kefu.post(f"/conversations/{talk}/messages", {"text": "马上来"}, key="one")
        assert [m["text"] for m in owner.history()].count("马上来") == 1

    def test_given_back_the_bot_answers_again(self, world: World, rasa: FakeRasa, owner: User, talk: str) -> None:
        world.kefu.post(f"/conversations/{talk}/give-back")
        assert owner.say("你好").json()["replies"][0]["text"] == "收到：你好"

    def test_the_same_key_with_other_words_is_refused(self, world: World, talk: str) -> None:
        world.kefu.post(f"/conversations/{talk}/messages", {"text": "马上来"}, key=f"{talk}-1")
        answer = world.kefu.post(f"/conversations/{talk}/messages", {"text": "明天来"}, key=f"{talk}-1")
        assert is_problem(answer, 409)["type"] == "/problems/key-reused"

    def test_a_colleague_does_not_give_it_back(self, world: World, talk: str) -> None:
        colleague = world.new(Role.CUSTOMER_SERVICE)
        with world.retired(colleague):
            assert "周敏" in is_problem(colleague.post(f"/conversations/{talk}/give-back"), 409)["detail"]

    @pytest.mark.parametrize("who", ["jingli", "quyu", "admin"])
    def test_who_leads_may_and_the_log_says_so(self, world: World, talk: str, who: str) -> None:
        leader = getattr(world, who)
        answer = leader.post(f"/conversations/{talk}/give-back")
        assert answer.json()["mode"] == "bot"
        mine = select(AuditLine).where(AuditLine.trace_id == answer.headers["x-request-id"])
        [line] = [x for x in world.rows(mine) if x.entity == "conversations"]
        assert (line.actor_id, line.before["staff_id"], line.after["staff_id"]) == (leader.id, world.kefu.id, None)

    def test_what_nobody_has_taken_anybody_gives_back(self, world: World, rasa: FakeRasa, owner: User) -> None:
        owner.say("你好")
        owner.post("/chat/hand-over", {"reason": "asked", "take": True})
        answer = world.kefu.post(f"/conversations/{talk_of(world, owner).id}/give-back")
        assert answer.json()["mode"] == "bot"

    def test_nobody_takes_over_their_own(self, world: World, rasa: FakeRasa) -> None:
        desk = world.new(Role.CUSTOMER_SERVICE)
        with world.retired(desk):
            desk.say("你好")
            own = talk_of(world, desk).id
            is_problem(desk.post(f"/conversations/{own}/take-over"), 409)
            is_problem(desk.post(f"/conversations/{own}/messages", {"text": "我自己答"}), 409)

    def test_a_colleague_cannot_take_it_away(self, world: World, talk: str) -> None:
        is_problem(world.jingli.post(f"/conversations/{talk}/take-over"), 409)

    def test_danger_is_answered_even_then(self, owner: User, talk: str) -> None:
        assert owner.say("楼道着火了").json()["replies"][0]["card"]["type"] == "danger"

    def test_a_smaller_thing_said_meanwhile_does_not_hide_the_danger(
        self, world: World, rasa: FakeRasa, owner: User
    ) -> None:
        owner.say("楼道着火了")
        owner.post("/chat/hand-over", {"reason": "topic", "topic": "投诉"})
        talk = talk_of(world, owner)
        assert (talk.reason, talk.topic) == ("emergency", "起火冒烟")

    def test_while_nobody_has_taken_it_the_way_back_can_be_said(self, rasa: FakeRasa, owner: User) -> None:
        rasa.say({"text": "已转", "buttons": [{"title": "还是问管家", "payload": "/resume_bot"}]})
        owner.say("你好")
        owner.post("/chat/hand-over", {"reason": "asked", "take": True})
        assert "我是管家" in owner.say("还是问管家").json()["replies"][0]["text"]

    def test_who_waits_long_is_told_so_now_and_then(self, rasa: FakeRasa, owner: User) -> None:
        owner.say("你好")
        owner.post("/chat/hand-over", {"reason": "asked", "take": True})
        assert owner.say("在吗").json()["replies"] == []
        later = clock.now() + timedelta(minutes=4)
        with clock.use_clock(lambda: later):
            told = owner.say("还在吗").json()["replies"][0]
            assert owner.say("人呢").json()["replies"] == []
        assert "还在等" in told["text"]
        assert [b["payload"] for b in told["buttons"]] == ["/resume_bot"]

    def test_an_owner_cannot_take_over(self, world: World, owner: User, talk: str) -> None:
        is_problem(owner.post(f"/conversations/{talk}/take-over"), 403)

    def test_asking_for_a_person_silences_the_bot(self, world: World, rasa: FakeRasa, owner: User) -> None:
        asked = owner.post("/chat/hand-over", {"reason": "asked", "take": True}).json()
        assert asked["staff_name"] == "周敏"
        assert owner.say("在吗").json()["replies"] == []

    @pytest.mark.parametrize("words", ["不用人工了", "转回机器人吧"])
    def test_the_way_back_can_be_said_in_many_words(self, rasa: FakeRasa, owner: User, words: str) -> None:
        owner.say("你好")
        owner.post("/chat/hand-over", {"reason": "asked", "take": True})
        assert "我是管家" in owner.say(words).json()["replies"][0]["text"]

    @pytest.mark.parametrize("taken", [True, False])
    def test_the_way_back_to_the_bot_can_always_be_said(
        self, world: World, rasa: FakeRasa, owner: User, taken: bool
    ) -> None:
        owner.say("你好")
        owner.post("/chat/hand-over", {"reason": "asked", "take": True})
        if taken:
            world.kefu.post(f"/conversations/{talk_of(world, owner).id}/take-over")
        assert "我是管家" in owner.say("还是问管家").json()["replies"][0]["text"]
        state = owner.get("/chat/messages").json()["conversation"]
        assert (state["mode"], state["staff_name"], state["ahead"]) == ("bot", None, None)
        assert owner.say("你好").json()["replies"][0]["text"] == "收到：你好"
