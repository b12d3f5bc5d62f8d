"""Labels: suggestions, several alike at once, undo, skip; who may, and what is refused."""

from typing import Any

import pytest

from backend.kit.auth import Role
from tests.backend.domains.training.conftest import Listed, Speaker
from tests.backend.support import FakeRasa, User, World, is_problem

ITEM = {"text": "灯坏了", "category": "lighting", "urgency": "normal", "scope": "public"}


def ids(found: list[dict[str, Any]]) -> list[int]:
    return [sample["id"] for sample in found]


def save(who: User, chosen: list[int], **label: str) -> Any:
    return who.post("/training/labels", {"ids": chosen, "label": label})


class TestSuggestions:
    def test_the_models_guesses_best_first_with_the_fields_it_saw(
        self, admin: User, speaker: Speaker, listed: Listed
    ) -> None:
        speaker.say("那个灯坏了", items=[ITEM])
        [sample] = listed()
        found = admin.get(f"/training/samples/{sample['id']}").json()["suggestions"]
        assert [(s["label"]["intent"], s["source"]) for s in found] == [
            ("report_repair", "model"),
            ("complain", "model"),
        ]
        assert found[0]["label"]["category"] == "lighting"
        assert found[0]["confidence"] == 0.2

    def test_fields_only_where_the_intent_has_an_order(self, admin: User, speaker: Speaker, listed: Listed) -> None:
        speaker.say("那个灯费多少", intent="query_bill", items=[ITEM])
        [sample] = listed()
        first = admin.get(f"/training/samples/{sample['id']}").json()["suggestions"][0]["label"]
        assert (first["intent"], first["category"]) == ("query_bill", None)

    def test_what_the_speaker_denied_comes_last(self, admin: User, speaker: Speaker, listed: Listed) -> None:
        speaker.say("那个灯坏了", sure=0.9)
        speaker.say("不是这个意思", intent="deny", sure=0.9)
        [sample] = listed()
        found = admin.get(f"/training/samples/{sample['id']}").json()["suggestions"]
        assert [s["label"]["intent"] for s in found] == ["complain", "report_repair"]


class TestSimilar:
    def test_messages_like_it_are_found_best_first(self, admin: User, speaker: Speaker, listed: Listed) -> None:
        for text in ("楼道的灯又不亮了", "楼道的灯不亮了", "楼道的灯不亮了呀", "今天天气怎么样"):
            speaker.say(text)
        sample = next(s for s in listed() if s["text"] == "楼道的灯不亮了")
        found = admin.get(f"/training/samples/{sample['id']}").json()["similar"]
        assert [s["sample"]["text"] for s in found] == ["楼道的灯不亮了呀", "楼道的灯又不亮了"]
        assert 1 > found[0]["likeness"] > found[1]["likeness"] > 0.5

    def test_labelled_ones_are_no_longer_offered(self, admin: User, speaker: Speaker, listed: Listed) -> None:
        for text in ("楼道的灯不亮了", "楼道的灯不亮了呀"):
            speaker.say(text)
        first, second = ids(listed())
        save(admin, [second], intent="report_repair")
        assert admin.get(f"/training/samples/{first}").json()["similar"] == []


class TestSave:
    def test_several_are_labelled_alike(self, admin: User, speaker: Speaker, listed: Listed) -> None:
        for text in ("楼道的灯不亮了", "楼道的灯不亮了呀"):
            speaker.say(text)
        saved = save(admin, ids(listed()), intent="report_repair", category="lighting", scope="public").json()["items"]
        assert [s["label"] for s in saved] == [
            {"intent": "report_repair", "category": "lighting", "scope": "public"}
        ] * 2
        assert {s["labelled_by"] for s in saved} == {admin.get("/me").json()["name"]}
        assert listed() == []
        assert len(listed(state="labelled")) == 2

    def test_fields_that_the_intent_has_not_are_dropped(self, admin: User, speaker: Speaker, listed: Listed) -> None:
        speaker.say("那个啥")
        saved = save(admin, ids(listed()), intent="greet", category="lighting").json()["items"]
        assert saved[0]["label"] == {"intent": "greet"}

    def test_undo_brings_it_back(self, admin: User, speaker: Speaker, listed: Listed) -> None:
        speaker.say("那个啥")
        chosen = ids(listed())
        save(admin, chosen, intent="greet")
        admin.post("/training/labels/undo", {"ids": chosen})
        [sample] = listed()
        assert (sample["id"], sample["label"], sample["labelled_by"]) == (chosen[0], None, None)

    def test_skipped_ones_are_neither_waiting_nor_learned(self, admin: User, speaker: Speaker, listed: Listed) -> None:
        speaker.say("那个啥")
        admin.post("/training/labels/skip", {"ids": ids(listed())})
        assert listed() == []
        assert listed(state="labelled") == []
        assert len(listed(state="skipped")) == 1

    def test_what_people_deny_later_waits_again_although_skipped(
        self, admin: User, speaker: Speaker, listed: Listed
    ) -> None:
        speaker.say("那个啥")
        admin.post("/training/labels/skip", {"ids": ids(listed())})
        speaker.say("不是这个意思", intent="deny", sure=0.9)
        assert [s["text"] for s in listed()] == ["那个啥"]

    @pytest.mark.parametrize(
        "label",
        [{"intent": "nonsense"}, {"intent": "nlu_fallback"}, {"intent": "report_repair", "category": "x"}, {}],
    )
    def test_a_label_that_cannot_be_learned_is_refused(
        self, admin: User, speaker: Speaker, listed: Listed, label: dict[str, str]
    ) -> None:
        speaker.say("那个啥")
        is_problem(save(admin, ids(listed()), **label), 422)
        assert len(listed()) == 1

    @pytest.mark.parametrize("chosen", [[], [0], list(range(1, 202)), ["1"]])
    def test_ids_must_be_some_and_not_too_many(self, admin: User, chosen: list[Any]) -> None:
        is_problem(save(admin, chosen, intent="greet"), 422)

    def test_one_that_is_gone_spoils_all(self, admin: User, speaker: Speaker, listed: Listed) -> None:
        speaker.say("那个啥")
        is_problem(save(admin, [*ids(listed()), 987654], intent="greet"), 404)
        assert len(listed()) == 1


class TestList:
    def test_by_reason_words_and_what_teaches_most_first(self, admin: User, speaker: Speaker, listed: Listed) -> None:
        speaker.say("那个灯", sure=0.9)
        speaker.say("都不是", intent="deny", sure=0.9)
        speaker.say("水的事", sure=0.1)
        assert [s["text"] for s in listed()] == ["那个灯", "水的事"]
        assert [s["text"] for s in listed(why="low")] == ["水的事"]
        assert [s["text"] for s in listed(q="灯")] == ["那个灯"]
        assert [s["text"] for s in listed(intent="complain")] == []
        summary = admin.get("/training/summary").json()
        assert (summary["waiting"], summary["labelled"]) == (2, 0)
        assert {r["why"]: r["count"] for r in summary["reasons"] if r["count"]} == {"rejected": 1, "low": 1}

    def test_pages(self, admin: User, speaker: Speaker, listed: Listed) -> None:
        for n in range(5):
            speaker.say(f"第{n}件事")
        whole = ids(listed())
        first = admin.get("/training/samples", limit=3).json()
        second = admin.get("/training/samples", limit=3, cursor=first["next"]).json()
        assert ids(first["items"]) + ids(second["items"]) == whole
        assert second["next"] is None


class TestRights:
    @pytest.mark.parametrize("who", ["zhangwei", "lishifu", "kefu", "caiwu", "jingli", "quyu"])
    @pytest.mark.parametrize("path", ["summary", "samples", "samples/1", "runs", "runs/1", "models", "export"])
    def test_only_an_administrator_sees_any_of_it(self, world: World, who: str, path: str) -> None:
        is_problem(getattr(world, who).get(f"/training/{path}"), 403)

    @pytest.mark.parametrize("path", ["labels", "runs", "runs/1/promote", "runs/1/stop", "models/1/use", "labels/undo"])
    def test_or_changes_it(self, world: World, path: str) -> None:
        is_problem(world.jingli.post(f"/training/{path}", {"ids": [1], "label": {"intent": "greet"}}), 403)

    def test_an_administrator_of_one_estate_sees_that_one_only(
        self, world: World, rasa: FakeRasa, speaker: Speaker, listed: Listed
    ) -> None:
        local = world.new(role=Role.ADMINISTRATOR, community="lakeside")
        speaker.say("那个啥")
        [sample] = listed()
        assert local.get("/training/samples").json()["items"] == []
        is_problem(local.get(f"/training/samples/{sample['id']}"), 404)
        is_problem(save(local, [sample["id"]], intent="greet"), 404)
