"""The danger model: evidence beside the words, that needs no bot."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.domains.conversations import danger, danger_model, domain
from backend.domains.conversations.danger_model import DangerModel
from tests.backend.support import FakeRasa, World, together

DANGEROUS = ["着火了快来人", "电梯里有人困住了", "煤气味好大", "楼道里全是烟", "有人触电了", "厨房起火了"] * 3
HARMLESS = ["灯坏了", "没有起火只是问一下", "物业费怎么交", "电梯按钮不亮", "停气通知什么时候发", "马桶堵了"] * 3


@pytest.fixture(scope="module")
def model() -> DangerModel:
    return danger_model.learn([*DANGEROUS, *HARMLESS], [True] * len(DANGEROUS) + [False] * len(HARMLESS))


@pytest.fixture
def used(model: DangerModel) -> Iterator[DangerModel]:
    danger_model.use(model)
    yield model
    danger_model.use(None)


class TestModel:
    def test_tells_danger_from_what_only_sounds_like_it(self, model: DangerModel) -> None:
        assert model.score("楼道着火了") > 0.5 > model.score("没有起火只是问一下")

    def test_a_short_message_that_is_known_is_what_it_is_known_as(self) -> None:
        texts = ["人呢", "救命", *(["有人困在里面", "里面还有人"] * 9), *HARMLESS]
        made = danger_model.learn(texts, [False, *[True] * 19, *[False] * len(HARMLESS)])
        assert (made.score("人呢"), made.score(" 人呢 ")) == (0.0, 0.0)
        assert made.score("人呢人呢") > 0
        assert made.score("救命") > 0

    @pytest.mark.parametrize("text", ["", " ", "🔥" * 2000, "\x00", "abc" * 1000])
    def test_any_text_has_a_score(self, model: DangerModel, text: str) -> None:
        assert 0 <= model.score(text) <= 1

    def test_is_kept_for_its_data(self, tmp_path: Path) -> None:
        data, kept = tmp_path / "data", tmp_path / "kept"
        data.mkdir()
        lines = "\n".join(f"      - {t}" for t in DANGEROUS)
        others = "\n".join(f"      - {t}" for t in HARMLESS)
        (data / "a.yml").write_text(
            f"nlu:\n  - intent: report_emergency\n    examples: |\n{lines}\n  - intent: chitchat\n    examples: |\n{others}\n",
            encoding="utf-8",
        )
        danger_model.load.cache_clear()
        first = danger_model.load(data, kept).score("着火了")
        danger_model.load.cache_clear()
        assert danger_model.load(data, kept).score("着火了") == pytest.approx(first)
        assert len(list(kept.glob("danger-*.json"))) == 1
        danger_model.load.cache_clear()

    def test_two_processes_may_learn_it_at_the_same_time(
        self, tmp_path: Path, model: DangerModel, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        both_written, replace = threading.Barrier(2), Path.replace

        def late(self: Path, target: Path) -> Path:
            both_written.wait(20)
            return replace(self, target)

        monkeypatch.setattr(danger_model, "learn", lambda *_: model)
        monkeypatch.setattr(Path, "replace", late)
        once = danger_model.load.__wrapped__
        made = together([lambda: once(tmp_path / "data", tmp_path / "kept")] * 2)
        assert [m.intercept for m in made] == [model.intercept] * 2
        assert len(list((tmp_path / "kept").iterdir())) == 1


class TestEvidence:
    def test_words_alone_decide_while_there_is_no_model(self) -> None:
        assert danger.certain("楼道着火了", None) is not None

    def test_a_model_that_disagrees_has_the_words_asked_about(self) -> None:
        assert danger.certain("楼道着火了", 0.02) is None

    def test_while_staff_are_awaited_possible_danger_is_answered(self, world: World, used: DangerModel) -> None:
        who = world.new()
        who.post("/chat/hand-over", {"reason": "asked", "take": True})
        replies = who.say("楼道里全是烟").json()["replies"]
        assert [r["text"] for r in replies] == [domain.MAYBE_DANGER]

    def test_a_bot_that_is_down_leaves_nobody_in_danger_alone(
        self, world: World, rasa: FakeRasa, used: DangerModel
    ) -> None:
        rasa.answer = lambda _body: (503, {"error": "no_model"})
        assert world.new().say("楼道里全是烟").json()["replies"][0]["text"] == domain.MAYBE_DANGER

    def test_the_bot_is_told_the_score(self, world: World, rasa: FakeRasa, used: DangerModel) -> None:
        world.new().say("灯坏了")
        assert rasa.turns[-1]["speaker"]["danger"] == pytest.approx(used.score("灯坏了"))


class TestCall:
    """A call for somebody is said of any fault."""

    @pytest.fixture
    def calling(self) -> Iterator[None]:
        calls = ["快叫人来", "快叫个人来瞧瞧", "快派人", "快叫人来电梯里有人", "快叫人着火了"]
        texts = [*DANGEROUS, *HARMLESS, *["马桶一直在流水", "插座没电了", "空调不制冷"] * 3, *calls * 3]
        dangerous = [True] * len(DANGEROUS) + [False] * (len(HARMLESS) + 9) + [True] * (3 * len(calls))
        danger_model.use(danger_model.learn(texts, dangerous))
        yield
        danger_model.use(None)

    @pytest.mark.usefixtures("calling")
    @pytest.mark.parametrize(
        "words", ["马桶一直在流水 烦死了 快叫个人来瞧瞧", "插座没电了，快派人", "快叫个师傅来修一下，空调不制冷"]
    )
    def test_it_makes_no_danger_of_a_plain_fault(self, words: str) -> None:
        plain = danger.score(words)
        assert plain is not None
        assert plain < danger.BELIEVED < (danger_model.score(words) or 0)

    @pytest.mark.usefixtures("calling")
    @pytest.mark.parametrize(
        "words",
        [
            "快叫人来 电梯里有人",
            "厨房起火了 快派人",
            "快叫个人来瞧瞧",
            "业主打我，锁坏了，快叫人来",
            "有危险，快叫人来",
        ],
    )
    def test_what_sounds_like_danger_without_it_still_does(self, words: str) -> None:
        assert danger.score(words) == danger_model.score(words)

    @pytest.mark.parametrize(
        ("words", "rest"),
        [
            ("厕所那个马桶一直在流水 烦死了 快叫个人来瞧瞧", "厕所那个马桶一直在流水"),
            ("快派人，灯不亮", "灯不亮"),
            ("你们快点派个师傅上门看一下吧，门关不上", "门关不上"),
            ("麻烦快点！", "麻烦快点！"),
        ],
    )
    def test_is_taken_out_whole(self, words: str, rest: str) -> None:
        assert danger.without_call(words) == rest


class TestOrder:
    def test_the_same_danger_said_again_adds_to_its_order(self, world: World) -> None:
        who = world.new()
        first, again = (who.say(text).json()["replies"][0]["card"] for text in ("楼道着火了", "快点啊还在着火"))
        assert first["order_number"] == again["order_number"]
        timeline = who.get(f"/work-orders/{first['order_number']}").json()["timeline"]
        assert timeline[-1]["text"] == "快点啊还在着火"

    def test_without_a_place_it_is_the_speakers_home(self, world: World) -> None:
        who = world.new(home=("7", "1", "901"))
        number = who.say("着火了").json()["replies"][0]["card"]["order_number"]
        place = who.get(f"/work-orders/{number}").json()["location"]
        assert (place["building"], place["unit"], place["room"]) == ("7", "1", "901")

    def test_another_estates_name_does_not_block_it(self, world: World) -> None:
        who = world.new(community="lakeside", home=("1", "1", "501"))
        assert who.say("阳光花园3号楼着火了").json()["replies"][0]["card"]["order_number"].startswith("LS")
