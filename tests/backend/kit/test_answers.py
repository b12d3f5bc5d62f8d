"""What every answer has in common: headers, methods, and words for errors that come from below."""

import httpx
import pytest

from backend.settings import get_settings
from tests.backend.conftest import sqlite_only
from tests.backend.support import User, World, is_problem

pytestmark = sqlite_only


class TestMethods:
    @pytest.mark.parametrize("path", ["/work-orders", "/me", "/chat/messages", "/demo"])
    def test_head_is_get_without_the_body(self, world: World, path: str) -> None:
        head, get = world.zhangwei.call("HEAD", path), world.zhangwei.get(path)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-length"] == get.headers["content-length"]

    def test_head_of_a_stream_ends(self, world: World) -> None:
        head = world.zhangwei.call("HEAD", "/events", timeout=10)
        assert (head.status_code, head.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")

    def test_head_of_nothing_is_not_found(self, world: World) -> None:
        assert world.zhangwei.call("HEAD", "/nowhere").status_code == 404

    @pytest.mark.parametrize(
        ("method", "path", "allowed"),
        [("DELETE", "/work-orders", {"HEAD", "GET", "POST"}), ("GET", "/work-orders/reports/x/y", None)],
    )
    def test_a_method_that_is_not_taken_names_those_that_are(
        self, world: World, method: str, path: str, allowed: set[str] | None
    ) -> None:
        answer = world.zhangwei.call(method, path)
        is_problem(answer, 405 if allowed else 404)
        assert allowed is None or set(answer.headers["allow"].split(", ")) == allowed

    def test_the_methods_of_one_order(self, world: World) -> None:
        answer = world.zhangwei.call("PUT", "/work-orders/SH2611-0001")
        assert set(answer.headers["allow"].split(", ")) == {"HEAD", "GET", "PATCH"}

    def test_a_slash_at_the_end_leads_nowhere_else(self, world: World) -> None:
        answer = world.zhangwei.get("/work-orders/")
        is_problem(answer, 404)
        assert "location" not in answer.headers


class TestHeaders:
    @pytest.mark.parametrize("path", ["/me", "/nowhere", "/work-orders"])
    def test_nothing_of_the_api_is_kept_on_the_way(self, world: World, path: str) -> None:
        assert world.zhangwei.get(path).headers["cache-control"] == "no-store"

    def test_no_length_that_is_a_number_too_long(self, world: World) -> None:
        headers = {"Content-Type": "application/json"}
        answer = world.zhangwei.call(
            "POST", "/work-orders", content=b'{"asset_id": ' + b"9" * 5000 + b"}", headers=headers
        )
        assert is_problem(answer, 422)["errors"]

    def test_what_is_nested_too_deep_is_refused(self, world: World) -> None:
        headers = {"Content-Type": "application/json"}
        answer = world.zhangwei.call("POST", "/work-orders", content=b"[" * 60_000, headers=headers)
        assert is_problem(answer, 422)["errors"]


class TestAddress:
    """Only the connector may say for whom it asks."""

    @staticmethod
    def ask(world: World, forwarded: str) -> httpx.Response:
        return world.client.get("/metrics", headers={"X-Forwarded-For": forwarded})

    def test_numbers_of_the_machine_are_for_the_machine(self, world: World) -> None:
        assert world.client.get("/metrics").status_code == 200
        is_problem(self.ask(world, "203.0.113.7"), 403)

    def test_what_a_visitor_claims_before_the_connector_does_not_count(self, world: World) -> None:
        is_problem(self.ask(world, "127.0.0.1, 203.0.113.7"), 403)

    def test_a_token_opens_them_from_elsewhere(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        from pydantic import SecretStr

        monkeypatch.setattr(get_settings(), "metrics_token", SecretStr("tell me"))
        headers = {"X-Forwarded-For": "203.0.113.7", "Authorization": "Bearer tell me"}
        assert world.client.get("/metrics", headers=headers).status_code == 200
        headers["Authorization"] = "Bearer tell you"
        is_problem(world.client.get("/metrics", headers=headers), 403)

    def test_the_log_keeps_the_visitors_address(self, world: World, owner: User) -> None:
        from sqlalchemy import select

        from backend.kit.audit import AuditLine

        body = {"category": "hvac", "fault": "不制冷", "location": {"place": "会议室"}}
        answer = owner.call("POST", "/work-orders", json=body, headers={"X-Forwarded-For": "1.2.3.4, 203.0.113.9"})
        mine = select(AuditLine.ip).where(AuditLine.trace_id == answer.headers["x-request-id"])
        people = mine.where(AuditLine.actor_id == owner.id)
        assert set(world.rows(people)) == {"203.0.113.9"}


class TestDescription:
    def test_errors_are_described_as_they_are_sent(self, world: World) -> None:
        described = world.client.get("/openapi.json").json()
        answers = described["paths"]["/api/v1/work-orders"]["post"]["responses"]
        assert {"401", "403", "404", "409", "413", "422", "429"} <= set(answers)
        assert answers["422"] == {"$ref": "#/components/responses/InvalidInput"}
        shared = described["components"]["responses"]["InvalidInput"]
        assert set(shared["content"]) == {"application/problem+json"}
        assert "HTTPValidationError" not in described["components"]["schemas"]
