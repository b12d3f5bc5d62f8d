"""Answers in words to what was just offered."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

import actions
from actions._base import BackendAction
from actions._registry import registry
from actions.common import Affirm, AskAffirmation, Deny, Greet
from actions.small_talk import SmallTalk
from actions.technician import ListTasks
from actions.work_order import AmendWorkOrder, QueryWorkOrder, RateWorkOrder, RejectWorkOrder
from tests.actions.conftest import FakeBackend, Run, line, order, which

NLU = Path(actions.__file__).parents[1] / "nlu_data"
A, B = "SH2611-0001", "SH2611-0002"
LIST = which("urge_work_order", f"{A} 大堂 门铃不响", f"{B} 楼下 灯坏了")
DONE = line(
    f"李师傅说：「换了灯管」。工单 {A} 请您看看，修好了吗？",
    ("验收通过", f'/confirm_work_order{{"order_number": "{A}"}}'),
    ("没修好", f'/reject_work_order{{"order_number": "{A}"}}'),
    order=A,
)


class TestRegistry:
    def test_agrees_with_the_rules_of_one_step(self) -> None:
        said: dict[str, str] = {}
        for path in NLU.glob("*.yml"):
            for rule in yaml.safe_load(path.read_text(encoding="utf-8")).get("rules") or []:
                steps = rule["steps"]
                if "condition" not in rule and [next(iter(s)) for s in steps] == ["intent", "action"]:
                    said[steps[0]["intent"]] = steps[1]["action"]
        ours = {intent: action for intent, action in said.items() if action.startswith("action_")}
        assert {intent: action.name() for intent, action in registry().items()} == ours

    def test_two_actions_cannot_answer_one_intent(self) -> None:
        with pytest.raises(ValueError, match="greet"):
            type("Second", (Greet,), {"intents": ("greet",)})


class TestList:
    @pytest.mark.parametrize(
        ("words", "intent", "meant"),
        [
            ("第二张", "amend_work_order", B),
            ("2", "record_reading", B),
            ("0001", "query_bill", A),
            ("门铃那个", "chitchat", A),
            ("大堂的", "report_repair", A),
            ("最后一个吧", "deny", B),
            (f"{A} 大堂 门铃不响", "report_repair", A),
        ],
    )
    async def test_whatever_the_model_took_it_for(
        self, backend: FakeBackend, run: Run, words: str, intent: str, meant: str
    ) -> None:
        backend.add(order(A), order(B))
        await run(AmendWorkOrder(), words, intent, lately=[LIST])
        assert [(p, b["kind"]) for p, b in backend.made()] == [(f"/work-orders/{meant}/notes", "urge")]

    async def test_the_words_that_made_us_ask_count(self, backend: FakeBackend, run: Run) -> None:
        backend.add(order(A), order(B))
        before: list[dict[str, Any]] = [
            {
                "event": "user",
                "text": "急死了",
                "parse_data": {"text": "急死了", "intent": {"name": "urge_work_order"}},
            },
            {"event": "bot", "text": "哪一张？", "data": {"buttons": LIST["buttons"]}},
            {"event": "user", "text": "第二张", "parse_data": {}},
        ]
        await run(Greet(), "第二张", "greet", lately=[LIST], events=before)
        assert backend.made()[0][1]["text"] == "急死了"

    @pytest.mark.parametrize(
        ("words", "said"),
        [("你好", "您好"), ("第五张", "您好"), ("第二天再说吧", "您好"), ("灯", "您好")],
    )
    async def test_what_picks_nothing_means_what_it_says(
        self, backend: FakeBackend, run: Run, words: str, said: str
    ) -> None:
        backend.add(order(A), order(B))
        out = await run(Greet(), words, "greet", lately=[LIST])
        assert said in out.text
        assert backend.made() == []

    async def test_a_list_of_long_ago_is_not_answered(self, backend: FakeBackend, run: Run) -> None:
        backend.add(order(A), order(B))
        assert "您好" in (await run(Greet(), "第二张", "greet", lately=[{**LIST, "turn": 1}])).text

    async def test_a_digit_after_stars_is_stars(self, backend: FakeBackend, run: Run) -> None:
        backend.add(order(A, "accepted_by_owner"))
        stars = [(f"{n}星", f'/rate_work_order{{"order_number": "{A}", "stars": "{n}"}}') for n in (5, 4, 3, 2, 1)]
        await run(RateWorkOrder(), "5", "record_reading", lately=[line("您打几星？", *stars)])
        assert backend.made()[-1][1]["stars"] == 5

    async def test_a_meaning_that_was_offered(self, backend: FakeBackend, run: Run) -> None:
        backend.add(order(A))
        offer = line(
            "您是想：", ("查工单进度", "/query_work_order"), ("催单", "/urge_work_order"), ("都不是", "/out_of_scope")
        )
        assert (await run(AskAffirmation(), "第一个", "nlu_fallback", lately=[offer])).cards[0]["number"] == A


class TestYesAndNo:
    @pytest.mark.parametrize(
        ("action", "words", "intent", "status"),
        [
            (Affirm(), "好了", "affirm", "accepted_by_owner"),
            (Affirm(), "可以", "affirm", "accepted_by_owner"),
            (Affirm(), "嗯", "affirm", "accepted_by_owner"),
            (Greet(), "嗯嗯，好的", "greet", "accepted_by_owner"),
            (Deny(), "没有", "deny", "reopened"),
            (Deny(), "不行", "deny", "reopened"),
            (ListTasks(), "验收通过", "list_tasks", "accepted_by_owner"),
        ],
    )
    async def test_the_question_whether_it_works(
        self, backend: FakeBackend, run: Run, action: BackendAction, words: str, intent: str, status: str
    ) -> None:
        backend.add(order(A, "finished"), order(B, "finished"))
        await run(action, words, intent, lately=[DONE])
        assert (backend.moves(), backend.orders[A]["status"]) == ([status], status)

    async def test_two_questions_at_once_are_not_guessed(self, backend: FakeBackend, run: Run) -> None:
        backend.add(order(A, "finished"), order(B, "finished"))
        other = {**DONE, "order": B}
        await run(Affirm(), "好的", "affirm", lately=[DONE, other])
        assert backend.moves() == []

    @pytest.mark.parametrize(("words", "moves"), [("好了，能用了", ["accepted_by_owner"]), ("好的", [])])
    async def test_good_again_needs_no_question(
        self, backend: FakeBackend, run: Run, words: str, moves: list[str]
    ) -> None:
        backend.add(order(A, "finished"))
        await run(Affirm(), words, "affirm", lately=[{**DONE, "turn": 2}])
        assert backend.moves() == moves

    @pytest.mark.parametrize(("words", "moves"), [("不行，没修好", ["reopened"]), ("不用", [])])
    async def test_not_good_yet(self, backend: FakeBackend, run: Run, words: str, moves: list[str]) -> None:
        backend.add(order(A, "finished"))
        await run(Deny(), words, "deny", lately=[{**DONE, "turn": 2}])
        assert backend.moves() == moves

    async def test_a_sentence_of_its_own_is_no_answer(self, backend: FakeBackend, run: Run) -> None:
        backend.add(order(A, "finished"))
        out = await run(QueryWorkOrder(), "修到哪一步了", "query_work_order", lately=[DONE])
        assert (backend.moves(), len(out.cards)) == ([], 1)

    async def test_words_beside_a_no_are_the_reason(self, backend: FakeBackend, run: Run) -> None:
        backend.add(order(A, "finished"))
        await run(RejectWorkOrder(), "没有，还是一闪一闪的，请再来一趟看看吧", "reject_work_order", lately=[DONE])
        assert re.search("一闪一闪", backend.made()[-1][1]["note"])


class TestSmallTalk:
    async def test_thanks_after_a_list_may_pick_as_well(self, backend: FakeBackend, run: Run) -> None:
        backend.add(order(A), order(B))
        await run(SmallTalk(), "第二张谢谢", "thank", lately=[LIST])
        assert backend.made()[0][0] == f"/work-orders/{B}/notes"

    async def test_else_the_words_of_the_domain(self, run: Run) -> None:
        assert (await run(SmallTalk(), "谢谢", "thank", lately=[LIST])).replies[0]["response"] == "utter_thank"
