"""What passes between the public port and the backend."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from starlette.types import ASGIApp

from connectors.settings import Settings
from connectors.web.app import create_app
from tests.connectors.web.conftest import Backend, serve


def visitor(app: ASGIApp) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=app, client=("10.1.2.3", 1000))
    return httpx.AsyncClient(transport=transport, base_url="http://estate.test")


class TestForward:
    async def test_method_query_and_body_arrive(self, front: ASGIApp) -> None:
        async with visitor(front) as client:
            answer = await client.post("/api/v1/echo?q=%E7%81%AF&a=1", content=b"x" * 10)
        assert answer.status_code == 200
        seen = answer.json()
        assert (seen["method"], seen["query"], seen["size"]) == ("POST", "q=%E7%81%AF&a=1", 10)

    async def test_says_who_asked_and_never_believes_the_visitor(self, front: ASGIApp) -> None:
        forged = {"X-Forwarded-For": "1.1.1.1", "X-Real-IP": "1.1.1.1", "Forwarded": "for=1.1.1.1"}
        async with visitor(front) as client:
            seen = (await client.get("/api/v1/echo", headers=forged)).json()["headers"]
        assert seen["x-forwarded-for"] == "10.1.2.3"
        assert seen["x-forwarded-proto"] == "http"
        assert seen["host"] == seen["x-forwarded-host"] == "estate.test"
        assert "x-real-ip" not in seen
        assert "forwarded" not in seen

    async def test_request_id_is_passed_on_or_made(self, front: ASGIApp) -> None:
        async with visitor(front) as client:
            given = (await client.get("/api/v1/echo", headers={"X-Request-ID": "my-trace-1"})).json()["headers"]
            made = (await client.get("/api/v1/echo", headers={"X-Request-ID": "<script>"})).json()["headers"]
        assert given["x-request-id"] == "my-trace-1"
        assert len(made["x-request-id"]) == 32

    async def test_hop_by_hop_headers_stop_here(self, front: ASGIApp) -> None:
        hop = {"Connection": "close, X-Only-Here", "X-Only-Here": "1", "TE": "trailers", "Upgrade": "h2c"}
        async with visitor(front) as client:
            answer = await client.get("/api/v1/echo", headers=hop)
        seen = answer.json()["headers"]
        assert not {"x-only-here", "te", "upgrade"} & set(seen)
        assert "keep-alive" not in answer.headers

    async def test_one_visitors_cookie_never_reaches_another(self, front: ASGIApp) -> None:
        async with visitor(front) as first:
            assert (await first.get("/api/v1/echo")).headers["set-cookie"] == "a=b"
        async with visitor(front) as second:
            assert "cookie" not in (await second.get("/api/v1/echo")).json()["headers"]

    async def test_own_policy_of_an_answer_stays(self, front: ASGIApp) -> None:
        async with visitor(front) as client:
            assert (await client.get("/healthz")).headers["content-security-policy"] == "sandbox"
            other = await client.get("/api/v1/echo")
        assert other.headers["content-security-policy"].startswith("default-src 'none'")
        assert other.headers["x-content-type-options"] == "nosniff"

    async def test_path_that_only_looks_like_a_prefix_is_a_page(self, front: ASGIApp) -> None:
        async with visitor(front) as client:
            assert (await client.get("/apix")).status_code == 404


class TestLimit:
    async def test_declared_length_over_the_limit(self, front: ASGIApp) -> None:
        async with visitor(front) as client:
            answer = await client.post("/api/v1/echo", content=b"x" * 1001)
        assert answer.status_code == 413
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["type"] == "/problems/too-large"
        assert answer.json()["detail"] == "发送的内容太大了，单次最多 12 MB，请压缩或分开发送"

    async def test_body_without_length_is_counted(self, front: ASGIApp) -> None:
        async def endless() -> AsyncIterator[bytes]:
            for _ in range(3):
                yield b"x" * 400

        async with visitor(front) as client:
            answer = await client.post("/api/v1/echo", content=endless(), headers={"Transfer-Encoding": "chunked"})
        assert answer.status_code == 413

    async def test_body_at_the_limit_passes(self, front: ASGIApp) -> None:
        async with visitor(front) as client:
            answer = await client.post("/api/v1/echo", content=b"x" * 1000)
        assert answer.json()["size"] == 1000


class TestFailure:
    @pytest.mark.parametrize(
        ("error", "status"), [(httpx.ConnectError, 503), (httpx.ReadError, 503), (httpx.ReadTimeout, 504)]
    )
    async def test_becomes_words(self, settings: Settings, error: type[httpx.TransportError], status: int) -> None:
        def fail(_: httpx.Request) -> httpx.Response:
            raise error("no")

        async with visitor(create_app(settings, httpx.MockTransport(fail))) as client:
            answer = await client.post("/api/v1/echo", content=b"x", headers={"X-Request-ID": "my-trace-2"})
        problem = answer.json()
        assert (answer.status_code, problem["status"], problem["trace_id"]) == (status, status, "my-trace-2")
        assert problem["instance"] == "/api/v1/echo"
        assert problem["detail"].startswith("服务正在启动" if status == 503 else "等了很久")

    @pytest.mark.parametrize(("method", "status", "tries"), [("GET", 200, 2), ("POST", 503, 1)])
    async def test_only_harmless_requests_are_repeated(
        self, settings: Settings, method: str, status: int, tries: int
    ) -> None:
        asked: list[str] = []

        def fail_once(request: httpx.Request) -> httpx.Response:
            asked.append(request.method)
            if len(asked) == 1:
                raise httpx.RemoteProtocolError("closed")
            return httpx.Response(200, stream=httpx.ByteStream(b"ok"))

        async with visitor(create_app(settings, httpx.MockTransport(fail_once))) as client:
            answer = await client.request(method, "/api/v1/echo")
        assert (answer.status_code, len(asked)) == (status, tries)


class TestStream:
    @pytest.fixture
    async def client(self, backend: Backend, pages_dir: Path) -> AsyncIterator[httpx.AsyncClient]:
        async with serve(backend.app) as backend_url:
            front = create_app(Settings(pages_dir=pages_dir, backend_url=backend_url))
            async with (
                serve(front) as front_url,
                httpx.AsyncClient(base_url=front_url, timeout=10, trust_env=False) as client,
            ):
                yield client

    async def test_events_arrive_as_they_are_written(self, client: httpx.AsyncClient, backend: Backend) -> None:
        async with client.stream("GET", "/api/v1/events") as answer:
            lines = answer.aiter_lines()
            assert [await anext(lines) for _ in range(3)] == ["id: 1", "data: first", ""]
            backend.release.set()
            assert await anext(lines) == "id: 2"
            assert answer.headers["x-accel-buffering"] == "no"

    async def test_a_client_that_leaves_ends_the_stream_behind(
        self, client: httpx.AsyncClient, backend: Backend
    ) -> None:
        async with client.stream("GET", "/api/v1/events") as answer:
            await anext(answer.aiter_raw())
        await asyncio.wait_for(backend.stream_closed.wait(), 5)

    async def test_large_upload_streams_through(self, client: httpx.AsyncClient) -> None:
        answer = await client.post("/api/v1/echo", content=b"x" * 5_000_000)
        assert json.loads(answer.text)["size"] == 5_000_000
