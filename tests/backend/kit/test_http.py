"""Every refusal is problem+json that names what is wrong, in Chinese, with a trace."""

from typing import Any

import httpx
import pytest

from tests.backend.conftest import sqlite_only
from tests.backend.support import World, is_problem

GOOD: dict[str, Any] = {"category": "hvac", "fault": "不制冷", "location": {"place": "会议室"}}

WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "unknown field": ({"colour": "red"}, "colour"),
    "unknown field inside": ({"location": {"planet": "火星"}}, "location.planet"),
    "number for text": ({"fault": 5}, "fault"),
    "empty text": ({"fault": "  "}, "fault"),
    "too long": ({"fault": "灯" * 2001}, "fault"),
    "unknown category": ({"category": "magic"}, "category"),
    "unknown urgency": ({"urgency": "yesterday"}, "urgency"),
    "unknown scope": ({"scope": "secret"}, "scope"),
    "unknown source": ({"source": "telepathy"}, "source"),
    "letters for a floor": ({"location": {"floor": "十二"}}, "location.floor"),
    "a place of nothing": ({"location": {"place": "\u200b"}}, "location.place"),
    "neither words nor a place": ({"location": 5}, "location"),
    "naive time": ({"preferred_time": "2026-11-28T09:00:00"}, "preferred_time"),
    "a number for a time": ({"preferred_time": 1764291600}, "preferred_time"),
    "a number in a text for a time": ({"preferred_time": "1764291600"}, "preferred_time"),
    "a time that is past": ({"preferred_time": "2020-01-01T09:00:00+08:00"}, "preferred_time"),
    "a time far ahead": ({"preferred_time": "2099-01-01T09:00:00+08:00"}, "preferred_time"),
    "the last moment of the calendar": ({"preferred_time": "9999-12-31T23:59:59-14:00"}, "preferred_time"),
    "the first moment of the calendar": ({"preferred_time": "0001-01-01T00:00:00+14:00"}, "preferred_time"),
    "no time": ({"preferred_time": "tomorrow"}, "preferred_time"),
    "yes for a number": ({"asset_id": True}, "asset_id"),
    "a number in a text": ({"asset_id": "1"}, "asset_id"),
    "a number beyond the column": ({"asset_id": 10**30}, "asset_id"),
    "nothing visible": ({"fault": "\u200b\u2800\u202e"}, "fault"),
    "text for number": ({"asset_id": "abc"}, "asset_id"),
    "too many pictures": ({"attachments": ["a"] * 10}, "attachments"),
    "unknown estate": ({"location": {"community": "atlantis"}}, "community"),
}


@sqlite_only
class TestWrongBodies:
    @pytest.mark.parametrize("kind", WRONG)
    def test_the_field_is_named(self, world: World, kind: str) -> None:
        change, field = WRONG[kind]
        answer = world.zhangwei.post("/work-orders", {**GOOD, **change})
        assert field in [e["field"] for e in is_problem(answer, 422)["errors"]]

    @pytest.mark.parametrize("missing", GOOD)
    def test_a_missing_field_is_named(self, world: World, missing: str) -> None:
        body = {k: v for k, v in GOOD.items() if k != missing}
        errors = is_problem(world.zhangwei.post("/work-orders", body), 422)["errors"]
        assert {"field": missing, "message": "必填"} in errors

    @pytest.mark.parametrize("content", [b"{", b"", b"[]", b"null", b"\xff\xfe", b'"text"', b"{'a': 1}"])
    def test_what_is_no_object_is_refused(self, world: World, content: bytes) -> None:
        headers = {"Content-Type": "application/json"}
        answer = world.zhangwei.call("POST", "/work-orders", content=content, headers=headers)
        assert answer.status_code in (400, 422)
        is_problem(answer, answer.status_code)

    @pytest.mark.parametrize(
        "query",
        [
            {"limit": 0},
            {"limit": 201},
            {"limit": "x"},
            {"cursor": "!!"},
            {"cursor": "!NTA"},
            {"cursor": "LTU"},
            {"can": "flown"},
            {"status": "gone"},
            {"category": "magic"},
            {"urgency": "yesterday"},
            {"technician": 10**30},
            {"reporter": 0},
            {"community": "atlantis"},
        ],
    )
    def test_a_wrong_query_is_named(self, world: World, query: dict[str, Any]) -> None:
        errors = is_problem(world.zhangwei.get("/work-orders", **query), 422)["errors"]
        assert errors[0]["field"] == next(iter(query))


class TestNumbersBeyondTheColumn:
    @pytest.mark.parametrize("technician", [10**30, -(10**30), 2**63])
    def test_in_a_query(self, world: World, technician: int) -> None:
        answer = world.kefu.get("/work-orders", technician=technician)
        assert answer.status_code in (200, 422), answer.text

    def test_in_a_body(self, world: World) -> None:
        answer = world.zhangwei.post("/work-orders", {**GOOD, "asset_id": 10**30})
        assert answer.status_code in (201, 422), answer.text

    @pytest.mark.parametrize("field", ["place", "building", "room"])
    def test_a_nul_in_a_text(self, world: World, field: str) -> None:
        answer = world.zhangwei.post("/work-orders", {**GOOD, "location": {field: "a\x00b"}})
        assert answer.status_code in (201, 422), answer.text


@sqlite_only
class TestRefusals:
    def test_no_such_address(self, world: World) -> None:
        is_problem(world.zhangwei.get("/nowhere"), 404)

    def test_no_such_method(self, world: World) -> None:
        is_problem(world.zhangwei.call("DELETE", "/work-orders"), 405)

    def test_a_body_over_the_limit(self, world: World) -> None:
        is_problem(world.zhangwei.post("/work-orders", {"fault": "灯" * 300_000}), 413)

    def test_a_body_over_the_limit_that_hides_its_length(self, world: World) -> None:
        def pieces() -> Any:
            for _ in range(40):
                yield b"x" * 10_000

        headers = {"Content-Type": "application/json"}
        is_problem(world.zhangwei.call("POST", "/work-orders", content=pieces(), headers=headers), 413)

    def test_the_trace_of_the_caller_is_kept(self, world: World) -> None:
        answer = world.zhangwei.call("GET", "/nowhere", headers={"X-Request-ID": "my-trace-0001"})
        assert is_problem(answer, 404)["trace_id"] == "my-trace-0001"

    @pytest.mark.parametrize("bad", ["short", "x" * 65, "with space", "<script>"])
    def test_a_trace_that_is_none_is_replaced(self, world: World, bad: str) -> None:
        answer = world.zhangwei.call("GET", "/nowhere", headers={"X-Request-ID": bad})
        assert is_problem(answer, 404)["trace_id"] != bad

    def test_a_bug_tells_nothing_but_its_trace(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        from backend.domains.workorders import service

        def broken(*_: object) -> None:
            raise RuntimeError("secret inside")

        monkeypatch.setattr(service, "one", broken)
        answer = world.zhangwei.get("/work-orders/SH1")
        is_problem(answer, 500)
        assert "secret" not in answer.text


class TestPages:
    def test_pages_hold_every_order_once(self, world: World) -> None:
        person = world.new(home=("6", "1", "1101"))
        numbers = [person.open_order(category="hvac")["number"] for _ in range(5)]
        seen: list[str] = []
        cursor: str | None = None
        while True:
            params = {"limit": 2, **({"cursor": cursor} if cursor else {})}
            page: httpx.Response = person.get("/work-orders", **params)
            seen += [o["number"] for o in page.json()["items"]]
            cursor = page.json()["next"]
            if cursor is None:
                break
        assert seen == numbers[::-1]

    def test_a_search_takes_signs_as_signs(self, world: World) -> None:
        person = world.new()
        person.open_order(category="hvac", fault="漏水")
        assert person.get("/work-orders", q="%").json()["items"] == []
