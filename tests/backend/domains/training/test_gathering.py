"""What gets listed: what the bot was unsure of, what people denied, what staff changed afterwards."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from backend.domains.conversations.models import Message
from backend.domains.training import tasks
from backend.domains.training.models import Sample
from backend.domains.training.service import listening
from backend.kit import clock
from tests.backend.domains.training.conftest import Listed, Speaker
from tests.backend.support import FakeRasa, User, World, is_problem

TAP = {"title": "没有危险", "payload": "/deny"}


def whys(sample: dict[str, Any]) -> list[str]:
    return [reason["why"] for reason in sample["reasons"]]


def only(found: list[dict[str, Any]]) -> dict[str, Any]:
    assert len(found) == 1, found
    return found[0]


class TestWhatTheModelSaw:
    def test_a_message_keeps_ranking_items_and_model(self, world: World, speaker: Speaker) -> None:
        items = [{"text": "灯坏了", "category": "lighting", "urgency": "normal", "scope": "public"}]
        speaker.say("楼下灯坏了", sure=0.9, items=items)
        [kept] = world.rows(
            select(Message.nlu).where(Message.text == "楼下灯坏了").order_by(Message.seq.desc()).limit(1)
        )
        assert kept["model"] == "m1"
        assert kept["intent_ranking"][0] == {"name": "report_repair", "confidence": 0.9}
        assert kept["items"] == items

    def test_a_sample_shows_it(self, speaker: Speaker, listed: Listed) -> None:
        speaker.say("那个东西又不行了", sure=0.21)
        sample = only(listed())
        assert (sample["intent"], sample["confidence"], sample["model"]) == ("report_repair", 0.21, "m1")
        assert [r["name"] for r in sample["ranking"]] == ["report_repair", "complain"]
        assert sample["role"] == "owner"

    def test_danger_that_never_reached_the_bot_keeps_its_opinion_and_is_listed_when_it_would_have_missed_it(
        self, admin: User, speaker: Speaker, listed: Listed
    ) -> None:
        message_id = speaker.say("楼道着火了", intent="report_repair", sure=0.8)
        sample = only(listed())
        assert (sample["message_id"], whys(sample)) == (message_id, ["missed_danger"])
        best = admin.get(f"/training/samples/{sample['id']}").json()["suggestions"][0]
        assert (best["label"]["intent"], best["source"]) == ("report_emergency", "people")
        assert (sample["intent"], sample["model"]) == ("report_repair", "m1")

    def test_danger_that_the_bot_sees_as_well_is_not(self, speaker: Speaker, listed: Listed) -> None:
        speaker.say("楼道着火了", intent="report_emergency", sure=0.8)
        assert listed() == []

    def test_what_staff_answered_keeps_it_too_and_is_not_listed(
        self, world: World, owner: User, speaker: Speaker, listed: Listed
    ) -> None:
        speaker.say("你好", intent="greet", sure=0.9)
        owner.post("/chat/hand-over", {"reason": "topic", "topic": "别的事", "take": True})
        message_id = speaker.say("那个嘛就那样", sure=0.1)
        assert listed() == []
        [kept] = world.rows(select(Message.nlu).where(Message.id == message_id))
        assert kept["model"] == "m1"

    def test_a_bot_that_is_down_is_asked_again_later(
        self, world: World, speaker: Speaker, listed: Listed, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        message_id = speaker.say("楼道着火了", intent="report_repair", sure=0.8)

        def down(_text: str, _speaker: object) -> None:
            raise listening.BotUnavailable("down")

        with monkeypatch.context() as away:
            away.setattr(listening.bot_models, "understand", down)
            assert listed() == []
        assert whys(only(listed())) == ["missed_danger"]
        [kept] = world.rows(select(Message.nlu).where(Message.id == message_id))
        assert kept["intent"]["name"] == "report_repair"


class TestUnsure:
    def test_low_confidence_is_listed(self, speaker: Speaker, listed: Listed) -> None:
        speaker.say("那个东西又不行了", sure=0.21)
        assert whys(only(listed())) == ["low"]

    def test_a_sure_one_is_not(self, speaker: Speaker, listed: Listed) -> None:
        speaker.say("楼下灯坏了", sure=0.9)
        assert listed() == []

    def test_not_understood_is_listed_as_that(self, speaker: Speaker, listed: Listed) -> None:
        speaker.say("嗯呐就那个啥", intent="nlu_fallback")
        assert whys(only(listed(why="fallback"))) == ["fallback"]
        assert listed(why="low") == []

    def test_looking_twice_lists_once(self, speaker: Speaker, listed: Listed) -> None:
        speaker.say("那个东西又不行了")
        listed()
        assert len(only(listed())["reasons"]) == 1

    def test_a_message_whose_turn_is_not_over_is_looked_at_later(
        self, world: World, speaker: Speaker, listed: Listed
    ) -> None:
        message_id = speaker.say("那个东西又不行了")
        status = "answering"
        with world.session_for(world.admin) as session:
            for status in ("answering", "answered"):
                with tasks.system_scope(session):
                    row = session.scalars(select(Message).where(Message.id == message_id)).one()
                    row.status = status
                session.commit()
                assert len(listed()) == (status == "answered")


class TestDenied:
    @pytest.mark.parametrize("words", ["不是这个意思", "都不是", "你理解错了", "不是，不是这个意思！", "听错了吧"])
    def test_the_message_before_is_listed(self, speaker: Speaker, listed: Listed, words: str) -> None:
        speaker.say("楼下灯坏了", sure=0.9)
        speaker.say(words, intent="deny", sure=0.9)
        sample = only(listed())
        assert (sample["text"], whys(sample)) == ("楼下灯坏了", ["rejected"])

    @pytest.mark.parametrize("words", ["不是灯坏了，是开关坏了", "这不是第一次了", "都不是物业的人吗"])
    def test_other_words_with_a_not_in_them_say_nothing(self, speaker: Speaker, listed: Listed, words: str) -> None:
        speaker.say("楼下灯坏了", sure=0.9)
        speaker.say(words, sure=0.9)
        assert listed() == []

    def test_none_of_the_offered_meanings(self, speaker: Speaker, rasa: FakeRasa, listed: Listed) -> None:
        rasa.say({"text": "您是想：", "buttons": [{"title": "都不是", "payload": "/out_of_scope"}]})
        speaker.say("嗯呐就那个啥", intent="nlu_fallback")
        speaker.say("/out_of_scope", intent="out_of_scope", sure=1.0)
        assert sorted(whys(only(listed()))) == ["fallback", "rejected"]

    def test_a_tapped_meaning_becomes_a_suggestion(
        self, admin: User, speaker: Speaker, rasa: FakeRasa, listed: Listed
    ) -> None:
        rasa.say({"text": "您是想：", "buttons": [{"title": "缴费", "payload": "/pay_bill"}]})
        speaker.say("给我弄一下那个钱", intent="nlu_fallback")
        speaker.say("/pay_bill", intent="pay_bill", sure=1.0)
        sample = only(listed())
        best = admin.get(f"/training/samples/{sample['id']}").json()["suggestions"][0]
        assert (best["label"]["intent"], best["source"]) == ("pay_bill", "people")

    def test_long_after_it_is_about_something_else(self, speaker: Speaker, listed: Listed) -> None:
        speaker.say("楼下灯坏了", sure=0.9)
        later = clock.now() + timedelta(hours=2)
        with clock.use_clock(lambda: later):
            speaker.say("都不是", intent="deny", sure=0.9)
            assert listed() == []


class TestFalseAlarm:
    def test_a_danger_question_answered_with_no(self, speaker: Speaker, rasa: FakeRasa, listed: Listed) -> None:
        rasa.say({"text": "您那边现在有危险吗？", "buttons": [TAP]})
        speaker.say("气炸了你们管不管", intent="report_emergency", sure=0.8)
        speaker.say("/deny", intent="deny", sure=1.0)
        sample = only(listed())
        assert (sample["text"], whys(sample)) == ("气炸了你们管不管", ["false_alarm"])
        assert "没有危险" in sample["reasons"][0]["text"]

    def test_a_no_that_says_what_it_is_instead(
        self, admin: User, speaker: Speaker, rasa: FakeRasa, listed: Listed
    ) -> None:
        button = {"title": "没有危险，正常报修", "payload": '/report_repair{"n": 1}'}
        rasa.say({"text": "您那边现在有危险吗？", "buttons": [button]})
        speaker.say("水管像打鼓一样响", intent="report_emergency", sure=0.8)
        speaker.say(button["payload"], intent="report_repair", sure=1.0)
        sample = only(listed())
        assert whys(sample) == ["false_alarm"]
        best = admin.get(f"/training/samples/{sample['id']}").json()["suggestions"][0]
        assert (best["label"]["intent"], best["source"]) == ("report_repair", "people")

    def test_a_no_in_words(self, speaker: Speaker, listed: Listed) -> None:
        speaker.say("气炸了你们管不管", intent="report_emergency", sure=0.8)
        speaker.say("没有没有", intent="deny", sure=0.9)
        assert whys(only(listed())) == ["false_alarm"]


class TestHandOver:
    def test_not_understood_and_handed_over(self, owner: User, speaker: Speaker, listed: Listed) -> None:
        speaker.say("嗯呐就那个啥", sure=0.9)
        owner.post("/chat/hand-over", {"reason": "not_understood"})
        assert whys(only(listed())) == ["hand_over"]

    def test_who_asks_for_a_person_was_misunderstood_just_before(
        self, owner: User, speaker: Speaker, listed: Listed
    ) -> None:
        speaker.say("那笔钱怎么算的", intent="query_bill", sure=0.9)
        speaker.say("转人工", intent="handoff", sure=0.99)
        owner.post("/chat/hand-over", {"reason": "asked", "take": True})
        sample = only(listed())
        assert (sample["text"], whys(sample)) == ("那笔钱怎么算的", ["hand_over"])

    def test_what_only_people_can_do_was_understood(self, owner: User, speaker: Speaker, listed: Listed) -> None:
        speaker.say("开个发票", intent="request_invoice", sure=0.9)
        owner.post("/chat/hand-over", {"reason": "topic", "topic": "开发票"})
        assert listed() == []


class TestStaff:
    @pytest.fixture
    def order(self, owner: User, speaker: Speaker) -> dict[str, Any]:
        """An order that the bot opened for a message."""
        items = [{"text": "门口的灯一直闪", "category": "lighting", "urgency": "normal", "scope": "public"}]
        message_id = speaker.say("门口的灯一直闪", sure=0.9, items=items)
        reported = owner.call(
            "POST",
            "/work-orders/reports",
            json={"items": items, "answer": "楼下"},
            headers={"Idempotency-Key": message_id},
        )
        assert reported.status_code == 200, reported.text
        return dict(reported.json()["orders"][0])

    def edit(self, world: World, order: dict[str, Any], **fields: Any) -> None:
        version = world.kefu.get(f"/work-orders/{order['number']}").json()["version"]
        done = world.kefu.patch(f"/work-orders/{order['number']}", {"version": version, **fields})
        assert done.status_code == 200, done.text

    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({"category": "electrical"}, "类别：照明 → 强电"),
            ({"urgency": "high"}, "紧急程度：一般 → 较急"),
            ({"scope": "private"}, "范围：公共区域 → 户内"),
            ({"location": {"place": "大堂"}}, "地点："),
        ],
    )
    def test_a_corrected_field_is_listed_with_what_changed(
        self, world: World, order: dict[str, Any], listed: Listed, fields: dict[str, Any], words: str
    ) -> None:
        self.edit(world, order, **fields)
        sample = only(listed(why="staff_fields"))
        assert sample["text"] == "门口的灯一直闪"
        assert words in sample["reasons"][0]["text"]

    def test_the_correction_is_the_first_suggestion(
        self, world: World, admin: User, order: dict[str, Any], listed: Listed
    ) -> None:
        self.edit(world, order, category="electrical", urgency="high")
        sample = only(listed())
        best = admin.get(f"/training/samples/{sample['id']}").json()["suggestions"][0]
        assert best["source"] == "people"
        assert best["label"] == {
            "intent": "report_repair",
            "category": "electrical",
            "urgency": "high",
            "scope": "public",
        }

    def test_other_words_for_the_fault_teach_nothing(self, world: World, order: dict[str, Any], listed: Listed) -> None:
        self.edit(world, order, fault="大堂东侧第二盏灯闪")
        assert listed() == []

    def test_a_merge_is_listed(self, world: World, owner: User, order: dict[str, Any], listed: Listed) -> None:
        other = owner.open_order(category="lighting", fault="灯闪", location="楼下")
        done = world.kefu.move(order["number"], "merged", into=other["number"])
        assert done.status_code == 200, done.text
        sample = only(listed())
        assert whys(sample) == ["merged"]
        assert other["number"] in sample["reasons"][0]["text"]

    def test_two_orders_told_apart_are_listed(
        self, world: World, owner: User, order: dict[str, Any], listed: Listed
    ) -> None:
        other = owner.open_order(category="lighting", fault="地库的灯闪", location="楼下")
        said = world.kefu.post(f"/work-orders/{order['number']}/similar/dismissals", {"number": other["number"]})
        assert said.status_code == 200, said.text
        sample = only(listed(why="split"))
        assert sample["text"] == "门口的灯一直闪"
        assert "不是同一个问题" in sample["reasons"][0]["text"]

    def test_an_order_that_no_message_opened_is_none_of_ours(self, world: World, owner: User, listed: Listed) -> None:
        order = owner.open_order(category="lighting", fault="灯闪", location="楼下")
        self.edit(world, order, category="electrical")
        assert listed() == []

    def test_staff_say_what_was_meant(self, world: World, admin: User, speaker: Speaker, listed: Listed) -> None:
        message_id = speaker.say("那笔钱怎么算的", intent="query_bill", sure=0.9)
        for _ in range(2):
            said = world.kefu.post("/training/corrections", {"message_id": message_id, "intent": "dispute_bill"})
            assert said.status_code == 204, said.text
        sample = only(listed())
        assert whys(sample) == ["staff_intent"]
        best = admin.get(f"/training/samples/{sample['id']}").json()["suggestions"][0]
        assert best["label"]["intent"] == "dispute_bill"

    @pytest.mark.parametrize("who", ["zhangwei", "lishifu", "caiwu"])
    def test_only_the_desk_may_say_so(self, world: World, speaker: Speaker, who: str) -> None:
        message_id = speaker.say("那笔钱怎么算的", intent="query_bill", sure=0.9)
        body = {"message_id": message_id, "intent": "dispute_bill"}
        is_problem(getattr(world, who).post("/training/corrections", body), 403)

    def test_and_only_about_their_own_estate(self, world: World, rasa: FakeRasa, listed: Listed) -> None:
        stranger = Speaker(world.new(community="lakeside", home=("1", "1", "501")), rasa)
        message_id = stranger.say("那笔钱怎么算的", intent="query_bill", sure=0.9)
        body = {"message_id": message_id, "intent": "dispute_bill"}
        is_problem(world.kefu.post("/training/corrections", body), 404)
        assert listed() == []


class TestPrivacy:
    def test_nothing_personal_is_kept(self, world: World, speaker: Speaker, listed: Listed) -> None:
        text = "我是张伟，3号楼2单元1201，电话13800000001，车牌粤B12345，身份证440301199001011234，灯坏了"
        items = [{"text": text, "fault": "张伟家1201灯坏了", "place_words": "3号楼2单元1201", "category": "lighting"}]
        speaker.say(text, items=items)
        listed()
        [row] = world.rows(select(Sample).where(Sample.state == "waiting"))
        kept = f"{row.text} {row.items}"
        for secret in ("张伟", "1201", "13800000001", "B12345", "440301199001011234"):
            assert secret not in kept
        assert "灯坏了" in row.text
