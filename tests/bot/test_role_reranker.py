"""Roles rule intents out; danger never."""

from bot.components.role_reranker import impossible, rerank

RANKING = [
    {"name": "finish_order", "confidence": 0.6},
    {"name": "confirm_work_order", "confidence": 0.3},
    {"name": "report_emergency", "confidence": 0.1},
]


def test_owner_confirms_technician_finishes() -> None:
    assert rerank(RANKING, ["owner"])[0][0] == "confirm_work_order"
    assert rerank(RANKING, ["technician"])[0][0] == "finish_order"


def test_confidences_sum_to_one() -> None:
    assert abs(sum(confidence for _, confidence in rerank(RANKING, ["owner"])) - 1) < 1e-9


def test_staff_and_nobody_may_mean_anything() -> None:
    assert impossible(["customer_service"]) == frozenset()
    assert impossible([]) == frozenset()
    assert impossible(["owner", "manager"]) == frozenset()


def test_two_roles_may_mean_what_either_may() -> None:
    assert "finish_order" not in impossible(["owner", "technician"])
    assert "pay_bill" not in impossible(["owner", "technician"])


def test_danger_is_never_ruled_out() -> None:
    for roles in (["owner"], ["tenant"], ["technician"]):
        assert not {"report_emergency", "handoff", "report_repair"} & impossible(roles)
