"""Complaints as the desk finds them: filters, titles, the dashboard, the audit log."""

from typing import Any

from tests.backend.conftest import sqlite_only
from tests.backend.domains.complaints.test_complaints import file, move
from tests.backend.domains.workorders.judged import finished, long_ago
from tests.backend.support import User, World, is_problem


@sqlite_only
class TestLists:
    def test_filters(self, world: World, owner: User) -> None:
        order = finished(world, long_ago(0.1))
        number = file(world.zhangwei, "师傅乱收费", order_number=order)["number"]

        def found(**query: Any) -> list[str]:
            return [c["number"] for c in world.kefu.get("/complaints", limit=200, **query).json()["items"]]

        assert number in found(open=True)
        assert number in found(status="received")
        assert number in found(level="customer_service")
        assert found(order=order) == [number]
        assert number in found(q="乱收费")
        assert number not in found(late=True)
        assert number not in found(mine=True)
        is_problem(world.kefu.get("/complaints", level="god"), 422)
        is_problem(owner.get("/complaints", order=order), 404)

    def test_the_values_have_titles(self, world: World) -> None:
        enums = world.zhangwei.get("/complaints/enums").json()
        assert {"value": "refused", "title": "不认可"} in enums["statuses"]

    def test_the_dashboard_counts_what_is_open(self, world: World, owner: User) -> None:
        def card(key: str) -> dict[str, Any]:
            return next(c for c in world.kefu.get("/dashboard").json()["cards"] if c["key"] == key)

        before = card("complaints")["value"]
        number = file(owner)["number"]
        assert card("complaints")["value"] == before + 1
        move(owner, number, "withdrawn")
        assert card("complaints")["value"] == before
        for key, path in (("complaints", "/complaints?open=true"), ("callbacks", "/callbacks?pending=true")):
            page = world.kefu.call("GET", f"{path}&total=true&limit=1").json()
            assert page["total"] == card(key)["value"]

    def test_the_audit_log_does_not_say_who_and_what(self, world: World, owner: User) -> None:
        number = file(owner, "绝密的话")["number"]
        lines = world.jingli.get("/audit", q="complaints", limit=200).json()["items"]
        mine = next(x for x in lines if (x["after"] or {}).get("number") == number)
        assert (mine["after"]["words"], mine["after"]["complainant_id"]) == ("***", "***")
