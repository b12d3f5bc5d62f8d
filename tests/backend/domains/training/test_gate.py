"""When a trained model may answer people: figures in, refusals out."""

from typing import Any

import pytest

from backend.domains.training.gate import changes, judge

TITLES = {"report_repair": "报修", "pay_bill": "缴费"}


def figures(danger: int = 90, **intents: tuple[int, int]) -> dict[str, Any]:
    known = {"report_repair": (180, 200), "complain": (30, 40), "pay_bill": (5, 6), **intents}
    right, tests = (sum(t[i] for t in known.values()) for i in (0, 1))
    return {
        "intent": [right, tests],
        "intents": {name: list(tally) for name, tally in known.items()},
        "danger": [danger, 100],
        "calm": [80, 100],
    }


def about(old: dict[str, Any] | None, new: dict[str, Any]) -> list[str]:
    return [refusal.about for refusal in judge(old, new, TITLES)]


def test_the_same_figures_pass() -> None:
    assert judge(figures(), figures(), TITLES) == []


def test_better_figures_pass() -> None:
    assert judge(figures(), figures(danger=95, complain=(38, 40)), TITLES) == []


@pytest.mark.parametrize(("right", "refused"), [(176, False), (175, True)])
def test_an_intent_may_lose_two_points_and_no_more(right: int, refused: bool) -> None:
    new = figures(report_repair=(right, 200), complain=(36, 40))
    found = judge(figures(), new, TITLES)
    assert [r.intent for r in found] == (["report_repair"] if refused else [])


def test_what_it_lost_is_said_in_words_and_numbers() -> None:
    [refusal] = judge(figures(), figures(report_repair=(170, 200), complain=(40, 40)), TITLES)
    assert (refusal.intent, refusal.tests, refusal.before, refusal.after) == ("report_repair", 200, 90.0, 85.0)
    assert refusal.text == "「报修」掉了 5.0 个点（90.0% → 85.0%，200 条测试），最多允许 2 个点。"


def test_an_intent_with_few_tests_says_little() -> None:
    assert judge(figures(), figures(pay_bill=(3, 6), complain=(32, 40)), TITLES) == []


def test_one_danger_less_is_too_much() -> None:
    assert about(figures(danger=90), figures(danger=89)) == ["danger"]


def test_the_whole_may_lose_one_point() -> None:
    rows = {f"intent_{n}": (9, 9) for n in range(20)}
    worse = {f"intent_{n}": (8, 9) for n in range(5)}
    assert about(figures(**rows), figures(**{**rows, **worse})) == ["whole"]
    assert about(figures(**rows), figures(**{**rows, "intent_0": (7, 9)})) == []


def test_everything_taken_for_one_thing_is_refused_on_every_count() -> None:
    poisoned = figures(danger=0, report_repair=(200, 200), complain=(0, 40), pay_bill=(0, 6))
    assert about(figures(), poisoned) == ["danger", "whole", "intent"]


def test_the_worst_comes_first() -> None:
    new = figures(report_repair=(190, 200), complain=(20, 40), pay_bill=(6, 6), x=(0, 0))
    old = figures(complain=(40, 40), x=(0, 0))
    lost = [r.intent for r in judge(old, figures(report_repair=(150, 200), complain=(10, 40), x=(0, 0)), TITLES)]
    assert lost[-2:] == ["complain", "report_repair"]
    assert about(old, new)[-1] == "intent"


def test_without_tests_nothing_can_be_said() -> None:
    nothing = {**figures(), "danger": [0, 0]}
    assert about(figures(), nothing) == ["tests"]
    assert about(None, nothing) == ["tests"]


def test_other_tests_cannot_be_compared() -> None:
    assert about({**figures(), "danger": [90, 101]}, figures()) == ["tests"]


def test_without_a_model_in_use_there_is_nothing_to_lose() -> None:
    assert judge(None, figures(danger=1), TITLES) == []


class TestChanges:
    @staticmethod
    def said(intent: str, *categories: str, urgency: str = "normal") -> dict[str, Any]:
        items = [{"category": c, "urgency": urgency} for c in categories]
        return {"intent": intent, "confidence": 0.5, "items": items}

    def test_only_what_differs_with_how(self) -> None:
        old = [self.said("greet"), self.said("report_repair", "noise"), self.said("complain", "noise")]
        new = [self.said("greet"), self.said("complain", "noise"), self.said("complain", "noise", urgency="high")]
        found = changes(old, new, 10)
        assert [(c["at"], c["differs"]) for c in found] == [(1, ["intent"]), (2, ["urgency"])]
        assert (found[0]["old"]["intent"], found[0]["new"]["intent"]) == ("report_repair", "complain")

    def test_another_number_of_faults_is_a_change(self) -> None:
        found = changes([self.said("report_repair", "noise")], [self.said("report_repair", "noise", "pest")], 10)
        assert "items" in found[0]["differs"]
