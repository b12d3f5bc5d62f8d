"""How the built pages are served."""

import os
from pathlib import Path

import httpx
import pytest
from starlette.types import ASGIApp

from connectors.settings import Settings
from connectors.web.app import create_app


def visitor(app: ASGIApp) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="https://estate.test")


class TestEntries:
    @pytest.mark.parametrize(
        ("path", "page"),
        [
            ("/", "chat"),
            ("/console", "console"),
            ("/console/", "console"),
            ("/console/orders/SH2611-0032", "console"),
            ("/s/AbCdEfGhIjKlMnOpQrStUv", "scan"),
        ],
    )
    async def test_each_address_has_its_page(self, front: ASGIApp, path: str, page: str) -> None:
        async with visitor(front) as client:
            answer = await client.get(path)
        assert (answer.status_code, answer.text) == (200, f"<p>{page}</p>")
        assert answer.headers["cache-control"] == "no-cache"

    async def test_headers_that_protect(self, front: ASGIApp) -> None:
        async with visitor(front) as client:
            headers = (await client.get("/")).headers
        assert "script-src 'self';" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-frame-options"] == "DENY"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "strict-origin-when-cross-origin"
        assert "max-age" in headers["strict-transport-security"]

    async def test_unbuilt_pages_say_so(self, tmp_path: Path) -> None:
        async with visitor(create_app(Settings(pages_dir=tmp_path))) as client:
            answer = await client.get("/")
        assert answer.status_code == 503
        assert "网页还没有构建" in answer.text

    async def test_a_new_build_shows_without_restart(self, front: ASGIApp, pages_dir: Path) -> None:
        async with visitor(front) as client:
            await client.get("/")
            (pages_dir / "index.html").write_text("<p>new</p>")
            os.utime(pages_dir / "index.html", ns=(1, 1))
            assert (await client.get("/")).text == "<p>new</p>"


class TestFiles:
    async def test_hashed_asset_is_kept_for_a_year_and_packed(self, front: ASGIApp) -> None:
        async with visitor(front) as client:
            answer = await client.get("/assets/app-1a2b.js")
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["content-encoding"] == "gzip"
        assert answer.headers["content-type"].startswith("text/javascript")
        assert answer.text.startswith("let a = 1;")

    async def test_unchanged_file_is_not_sent_again(self, front: ASGIApp) -> None:
        async with visitor(front) as client:
            etag = (await client.get("/")).headers["etag"]
            assert (await client.get("/", headers={"If-None-Match": etag})).status_code == 304

    @pytest.mark.parametrize(
        "path",
        ["/assets/none.js", "/..%2fsecret.txt", "/assets/..%2f..%2fsecret.txt", "/assets", "/%00"],
    )
    async def test_nothing_outside_the_build(self, front: ASGIApp, path: str) -> None:
        async with visitor(front) as client:
            answer = await client.get(path)
        assert answer.status_code == 404
        assert answer.json()["detail"] == "没有这个页面，请检查地址"

    async def test_pages_take_no_posts(self, front: ASGIApp) -> None:
        async with visitor(front) as client:
            answer = await client.post("/")
        assert (answer.status_code, answer.headers["content-type"]) == (405, "application/problem+json")
        assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD"}
        assert answer.json()["detail"] == "这个地址不支持这种操作"

    async def test_what_is_missing_has_a_trace(self, front: ASGIApp) -> None:
        async with visitor(front) as client:
            answer = await client.get("/assets/none.js")
        assert len(answer.json()["trace_id"]) == 32
        assert answer.headers["x-request-id"] == answer.json()["trace_id"]

    @pytest.mark.parametrize("path", ["/", "/console", "/assets/app-1a2b.js"])
    async def test_head_is_get_without_the_body(self, front: ASGIApp, path: str) -> None:
        async with visitor(front) as client:
            assert (await client.head(path)).status_code == 200

    @pytest.mark.parametrize("path", ["/console//", "/assets/app-1a2b.js/"])
    async def test_a_slash_at_the_end_leads_nowhere_else(self, front: ASGIApp, path: str) -> None:
        async with visitor(front) as client:
            assert "location" not in (await client.get(path)).headers
