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
        (0.55, 0.45, 0.02, "report_repair"),
        (0.05, 0.95, 0.6, "report_repair"),
    ],
)
def test_both_opinions_count(danger: float, repair: float, score: float, first: str) -> None:
    assert weigh(ranking(danger, repair), score)[0][0] == first


def test_confidences_still_sum_to_one() -> None:
    assert sum(c for _, c in weigh(ranking(0.3, 0.7), 0.8)) == pytest.approx(1.0)
