"""Greeting, yes and no, a person, and not having understood."""

import importlib
import pkgutil
from pathlib import Path

import pytest
import yaml
from rasa_sdk.executor import ActionExecutor

import actions
from actions._intents import TITLES
from actions.common import (
    Affirm,
    AskAffirmation,
    AskRephrase,
    DefaultFallback,
    Deny,
    Greet,
    HandOver,
    PassToStaff,
)
from tests.actions.conftest import FakeBackend, Run, order

NLU = Path(actions.__file__).parents[1] / "nlu_data"
A = "SH2611-0001"


def declared(key: str) -> set[str]:
    found: set[str] = set()
    for path in NLU.glob("*.yml"):
        found |= set(yaml.safe_load(path.read_text(encoding="utf-8")).get(key) or [])
    return found


class TestNames:
    def test_every_action_of_the_domain_exists(self) -> None:
        for module in pkgutil.iter_modules(actions.__path__):
            if module.name != "__main__":
                importlib.import_module(f"actions.{module.name}")
        executor = ActionExecutor()
        executor._register_all_actions()
        assert declared("actions") <= set(executor.actions)

    def test_every_intent_has_a_title(self) -> None:
        assert declared("intents") - {"nlu_fallback", "out_of_scope"} <= set(TITLES)


class TestGreet:
    @pytest.mark.parametrize(
        ("roles", "payload"), [(("owner",), "/report_repair"), (("technician",), "/list_tasks"), (("manager",), None)]
    )
    async def test_by_name_and_role(self, run: Run, roles: tuple[str, ...], payload: str | None) -> None:
        out = await run(Greet(), "你好", "greet", roles=roles)
        assert out.text.startswith("张伟，您好")
        assert (out.payloads[0] if out.payloads else None) == payload


class TestYesAndNo:
    async def test_a_bare_yes_decides_nothing(self, backend: FakeBackend, run: Run) -> None:
        backend.add(order(A, "finished"))
        out = await run(Affirm(), "好的", "affirm")
        assert backend.moves() == []
        assert out.payloads[0] == f'/confirm_work_order{{"order_number": "{A}"}}'

    async def test_nothing_waits(self, run: Run) -> None:
        assert (await run(Affirm(), "好的", "affirm")).payloads == []
        assert (await run(Deny(), "不用", "deny")).text


class TestPeople:
    async def test_a_person_is_fetched(self, backend: FakeBackend, run: Run) -> None:
        out = await run(HandOver(), "转人工", "handoff")
        assert backend.made()[0][1] == {"reason": "asked", "topic": None, "take": True}
        assert out.text == "好的，已为您转给客服周敏，前面还有 2 位，请稍等。"
        assert out.payloads == ["/resume_bot"]

    async def test_a_topic_is_passed_on(self, backend: FakeBackend, run: Run) -> None:
        out = await run(PassToStaff(), "提个建议", "feedback")
        assert backend.made()[0][1] == {"reason": "topic", "topic": "建议和表扬", "take": False}
        assert out.text.startswith("建议和表扬这件事我已转给客服周敏")


class TestNotUnderstood:
    async def test_offers_the_likeliest_meanings(self, run: Run) -> None:
        ranking = ["nlu_fallback", "query_bill", "chitchat", "report_repair", "ask_faq", "pay_bill"]
        out = await run(AskAffirmation(), "那个", "nlu_fallback", ranking=ranking)
        assert out.payloads == ["/query_bill", "/report_repair", "/ask_faq", "/out_of_scope"]

    async def test_then_asks_for_other_words_then_fetches_a_person(self, backend: FakeBackend, run: Run) -> None:
        assert (await run(AskRephrase(), "/out_of_scope", "out_of_scope")).text
        out = await run(DefaultFallback(), "那个", "nlu_fallback")
        assert backend.made()[0][1]["reason"] == "not_understood"
        assert [e["event"] for e in out.events] == ["rewind"]
