"""Who asks, and what is answered before anybody else is asked."""

from pathlib import Path

import httpx
import pytest
from starlette.types import ASGIApp

from connectors.settings import Settings
from connectors.web.app import create_app
from connectors.web.visitor import networks, visitor_address
from tests.connectors.web.conftest import Backend

PROXIES = "10.0.0.0/8, 192.0.2.1"


def behind(settings: Settings, backend: Backend, peer: str, trusted: str = PROXIES) -> httpx.AsyncClient:
    app = create_app(settings.model_copy(update={"trusted_proxies": trusted}), httpx.ASGITransport(app=backend.app))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app, client=(peer, 1000)), base_url="http://estate.test")


class TestVisitorAddress:
    @pytest.mark.parametrize(
        ("peer", "forwarded", "address"),
        [
            ("203.0.113.5", "1.1.1.1", "203.0.113.5"),
            ("10.0.0.1", "203.0.113.5", "203.0.113.5"),
            ("10.0.0.1", "1.1.1.1, 203.0.113.5", "203.0.113.5"),
            ("10.0.0.1", "203.0.113.5, 10.0.0.2", "203.0.113.5"),
            ("10.0.0.1", "203.0.113.5, 192.0.2.1, 10.0.0.2", "203.0.113.5"),
            ("10.0.0.1", "", "10.0.0.1"),
            ("10.0.0.1", "not an address", "10.0.0.1"),
            ("10.0.0.1", "10.0.0.9", "10.0.0.9"),
            ("10.0.0.1", "2001:db8::5", "2001:db8::5"),
            ("", "1.1.1.1", ""),
        ],
    )
    def test_only_trusted_proxies_are_believed(self, peer: str, forwarded: str, address: str) -> None:
        assert visitor_address(peer, forwarded, networks(PROXIES)) == address


class TestForwarded:
    async def test_a_trusted_proxy_says_for_whom_it_asks(self, settings: Settings, backend: Backend) -> None:
        headers = {"X-Forwarded-For": "203.0.113.5", "X-Forwarded-Proto": "https"}
        async with behind(settings, backend, "10.0.0.1") as client:
            answer = await client.get("/api/v1/echo", headers=headers)
        seen = answer.json()["headers"]
        assert (seen["x-forwarded-for"], seen["x-forwarded-proto"]) == ("203.0.113.5", "https")
        assert "max-age" in answer.headers["strict-transport-security"]

    @pytest.mark.parametrize("trusted", ["", PROXIES])
    async def test_nobody_else_does(self, settings: Settings, backend: Backend, trusted: str) -> None:
        headers = {"X-Forwarded-For": "127.0.0.1", "X-Forwarded-Proto": "https"}
        async with behind(settings, backend, "203.0.113.5", trusted) as client:
            seen = (await client.get("/api/v1/echo", headers=headers)).json()["headers"]
        assert (seen["x-forwarded-for"], seen["x-forwarded-proto"]) == ("203.0.113.5", "http")

    def test_a_network_that_is_none_is_told_at_the_start(self, settings: Settings) -> None:
        with pytest.raises(ValueError, match="nonsense"):
            create_app(settings.model_copy(update={"trusted_proxies": "nonsense"}))


class TestWords:
    @pytest.mark.parametrize("kind", ["header", "query", "path"])
    async def test_what_has_no_end_is_refused(self, front: ASGIApp, kind: str) -> None:
        long = "x" * 20_000
        path = {"header": "/api/v1/echo", "query": f"/api/v1/echo?q={long}", "path": f"/api/v1/{long}"}[kind]
        headers = {"X-Long": long} if kind == "header" else {}
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=front), base_url="http://estate.test") as client:
            answer = await client.get(path, headers=headers)
        problem = answer.json()
        assert (answer.status_code, problem["type"]) == (431, "/problems/headers-too-large")
        assert (problem["detail"], len(problem["trace_id"])) == ("请求的地址或请求头太长了，请缩短后再试", 32)

    @pytest.mark.parametrize(
        ("status", "type"),
        [
            (400, "/problems/bad-request"),
            (405, "/problems/method-not-allowed"),
            (416, "/problems/no-such-range"),
            (418, "/problems/bad-request"),
            (500, "/problems/unexpected"),
            (507, "/problems/unexpected"),
        ],
    )
    async def test_an_error_without_words_gets_some(self, settings: Settings, status: int, type: str) -> None:
        def bare(_: httpx.Request) -> httpx.Response:
            headers = {"Content-Type": "text/plain; charset=utf-8", "Allow": "GET"}
            return httpx.Response(status, headers=headers, stream=httpx.ByteStream(b"No"))

        app = create_app(settings, httpx.MockTransport(bare))
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://estate.test") as client:
            answer = await client.get("/api/v1/echo")
        problem = answer.json()
        assert (answer.status_code, problem["status"], problem["type"]) == (status, status, type)
        assert any("\u4e00" <= char <= "\u9fff" for char in problem["detail"])
        assert answer.headers["allow"] == "GET"

    async def test_the_words_of_the_backend_stay(self, settings: Settings) -> None:
        def own(_: httpx.Request) -> httpx.Response:
            headers = {"Content-Type": "application/problem+json"}
            return httpx.Response(409, headers=headers, stream=httpx.ByteStream(b'{"detail": "x"}'))

        app = create_app(settings, httpx.MockTransport(own))
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://estate.test") as client:
            assert (await client.get("/api/v1/echo")).json() == {"detail": "x"}

    async def test_pages_that_are_not_built_stay_a_page(self, tmp_path: Path) -> None:
        app = create_app(Settings(pages_dir=tmp_path))
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://estate.test") as client:
            assert "网页还没有构建" in (await client.get("/")).text
