"""Two opinions about danger: either may raise it, neither alone decides when they differ widely."""

import pytest

from bot.components.danger_hint import weigh


def ranking(danger: float, repair: float) -> list[dict[str, object]]:
    return [{"name": "report_emergency", "confidence": danger}, {"name": "report_repair", "confidence": repair}]


@pytest.mark.parametrize(
    ("danger", "repair", "score", "first"),
    [
        (0.9, 0.1, 0.9, "report_emergency"),
        (0.4, 0.6, 0.95, "report_emergency"),
        (0.15, 0.85, 0.5, "report_emergency"),
        (0.2, 0.8, 0.02, "report_repair"),
        (0.01, 0.99, 0.6, "report_repair"),
    ],
)
def test_both_opinions_count(danger: float, repair: float, score: float, first: str) -> None:
    assert weigh(ranking(danger, repair), score)[0][0] == first


def test_danger_that_leads_is_clear_of_the_next() -> None:
    first, second = weigh(ranking(0.2, 0.8), 0.6)[:2]
    assert first[0] == "report_emergency"
    assert first[1] - second[1] >= 0.05


def test_confidences_still_sum_to_one() -> None:
    assert sum(c for _, c in weigh(ranking(0.3, 0.7), 0.8)) == pytest.approx(1.0)
