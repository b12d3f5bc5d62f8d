"""What counts as right when a model is scored, and what the command writes."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot import score
from bot.score import UNLOADABLE, figures, main, role_of


def said(intent: str, *items: dict[str, str]) -> dict[str, Any]:
    return {"intent": intent, "items": list(items)}


class TestFigures:
    def test_another_intent_that_is_fine_counts(self) -> None:
        messages = [{"text": "a", "intent": "report_repair", "alt": ["complain"]}, {"text": "b", "intent": "greet"}]
        found = figures(messages, [said("complain"), said("complain")])
        assert found["intent"] == [1, 2]
        assert found["intents"] == {"greet": [0, 1], "report_repair": [1, 1]}

    def test_not_being_sure_is_not_right(self) -> None:
        assert figures([{"text": "a", "intent": "greet"}], [said("nlu_fallback")])["intent"] == [0, 1]

    def test_each_fault_is_judged_and_a_missing_one_is_wrong(self) -> None:
        meant = [
            {"category": "lighting", "urgency": "normal"},
            {"category": "plumbing", "category_alt": ["civil"], "urgency": "high", "urgency_alt": ["normal"]},
        ]
        messages = [{"text": "a", "intent": "report_repair", "items": meant}] * 2
        whole = said(
            "report_repair", {"category": "lighting", "urgency": "low"}, {"category": "civil", "urgency": "high"}
        )
        half = said("report_repair", {"category": "lighting", "urgency": "normal"})
        found = figures(messages, [whole, half])
        assert (found["items"], found["category"], found["urgency"]) == ([1, 2], [3, 4], [2, 4])

    def test_dangers_found_and_near_misses_left_alone(self) -> None:
        messages = [{"text": "a", "danger": True}, {"text": "b", "danger": True}, {"text": "c", "danger": False}]
        found = figures(messages, [said("report_emergency"), said("nlu_fallback"), said("report_emergency")])
        assert (found["danger"], found["calm"]) == ([1, 2], [0, 1])

    def test_messages_without_answers_count_nowhere(self) -> None:
        assert figures([{"text": "a"}], [said("greet")])["intent"] == [0, 0]


@pytest.mark.parametrize(
    ("message", "role"),
    [({"role": "manager"}, "manager"), ({"as": "lishifu"}, "technician"), ({"as": "zhangwei"}, "owner"), ({}, "owner")],
)
def test_whose_words_they_are(message: dict[str, str], role: str) -> None:
    assert role_of(message) == role


class TestCommand:
    def test_a_file_that_is_no_model_is_told_apart(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        broken, messages, out = tmp_path / "m.tar.gz", tmp_path / "m.json", tmp_path / "out.json"
        broken.write_bytes(b"half of")
        messages.write_text('[{"text": "你好"}]', encoding="utf-8")
        assert main(["--model", str(broken), "--messages", str(messages), "--out", str(out)]) == UNLOADABLE
        assert not out.exists()
        assert "cannot be loaded" in capsys.readouterr().out

    def test_a_real_model_scores_files_of_both_kinds(self, model_path: Path, tmp_path: Path) -> None:
        first, second, out = tmp_path / "first.json", tmp_path / "second.yml", tmp_path / "out.json"
        first.write_text('[{"text": "修好了", "role": "technician"}]', encoding="utf-8")
        second.write_text("- {text: 电梯困人了, as: zhangwei, intent: report_emergency}\n", encoding="utf-8")
        assert main(["--model", str(model_path), "--messages", str(first), str(second), "--out", str(out)]) == 0
        result = json.loads(out.read_text(encoding="utf-8"))
        assert [(p["file"], p["intent"]) for p in result["predictions"]] == [
            ("first", "finish_order"),
            ("second", "report_emergency"),
        ]
        assert result["model"] == model_path.name
        assert result["figures"]["intent"] == [1, 1]
        assert len(result["predictions"][0]["ranking"]) == score.RANKED

    def test_a_program_ends_by_itself_while_its_caller_lives_and_keeps_the_pipe_open(self) -> None:
        program = "from bot.train import end_with_parent; end_with_parent()"
        with subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE) as child:
            assert child.wait(60) == 0
