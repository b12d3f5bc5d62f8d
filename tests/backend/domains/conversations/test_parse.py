"""What the desk asks the bot to understand."""

from typing import Any

import pytest

from tests.backend.conftest import sqlite_only
from tests.backend.support import FakeRasa, World, is_problem

pytestmark = sqlite_only


class TestParse:
    def test_words_are_understood(self, world: World, rasa: FakeRasa) -> None:
        assert world.kefu.post("/nlu/parse", {"text": "你好"}).json()["intent"] == "greet"

    def test_the_best_guess_is_named_where_the_bot_would_ask(self, world: World, rasa: FakeRasa) -> None:
        ranking = [{"name": "nlu_fallback", "confidence": 0.7}, {"name": "pay_bill", "confidence": 0.21}]
        rasa.nlu = {"intent": ranking[0], "intent_ranking": ranking, "entities": [], "items": []}
        answer = world.kefu.post("/nlu/parse", {"text": "那个钱"}).json()
        assert (answer["intent"], answer["confidence"], answer["unsure"]) == ("pay_bill", 0.21, True)
        rasa.reset()
        assert world.kefu.post("/nlu/parse", {"text": "你好"}).json()["unsure"] is False

    @pytest.mark.parametrize("text", ["", "  ", "\u200b", "\u2800", None, 5])
    def test_nothing_is_not_asked(self, world: World, rasa: FakeRasa, text: Any) -> None:
        assert is_problem(world.kefu.post("/nlu/parse", {"text": text}), 422)["errors"][0]["field"] == "text"

    def test_somebody_who_does_not_exist_is_named(self, world: World, rasa: FakeRasa) -> None:
        answer = world.kefu.post("/nlu/parse", {"text": "你好", "as": "nobody"})
        assert is_problem(answer, 422)["errors"][0]["field"] == "as"
