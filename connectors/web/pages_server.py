"""Serves the built pages from memory: entries, hashed assets and what lies beside them.

A file is read once, kept with its gzip form and read again when it changes on disk, so a new build shows without a
restart. Only files below the pages folder are ever opened.
"""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from connectors.web.headers import PAGE_CSP

HASHED_DIR = "assets/"
CACHE_FOREVER = "public, max-age=31536000, immutable"
CACHE_ASK = "no-cache"
COMPRESSIBLE = ("text/", "application/javascript", "application/json", "image/svg")
NOT_BUILT = (
    "<!doctype html><html lang='zh-CN'><meta charset='utf-8'><title>管家</title>"
    "<p>网页还没有构建：请在项目根目录运行 <code>make run</code>（或在 connectors/web/pages 里运行 "
    "<code>npm ci &amp;&amp; npm run build</code>），然后刷新本页。</p></html>"
)


@dataclass(frozen=True, slots=True)
class Asset:
    """One built file in memory."""

    body: bytes
    packed: bytes | None
    content_type: str
    etag: str
    mtime_ns: int


class Pages:
    """The folder of built pages."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        self._assets: dict[str, Asset] = {}

    def entry(self, request: Request, name: str) -> Response:
        """An HTML entry, or one clear sentence when the pages are not built."""
        asset = self._load(name)
        if asset is None:
            return HTMLResponse(NOT_BUILT, status_code=503, headers={"Cache-Control": "no-store"})
        return self._respond(request, asset, CACHE_ASK, {"Content-Security-Policy": PAGE_CSP})

    def file(self, request: Request, path: str) -> Response | None:
        """A file of the build, None when there is none at this path."""
        asset = None if path.endswith(".html") else self._load(path)
        if asset is None:
            return None
        cache = CACHE_FOREVER if path.startswith(HASHED_DIR) else CACHE_ASK
        return self._respond(request, asset, cache, {})

    def _load(self, path: str) -> Asset | None:
        try:
            target = (self._folder / path).resolve()
            if not target.is_relative_to(self._folder):
                return None
            stat = target.stat()
            known = self._assets.get(path)
            if known is not None and known.mtime_ns == stat.st_mtime_ns:
                return known
            if not target.is_file():
                return None
            body = target.read_bytes()
        except (OSError, ValueError):
            return None
        asset = _asset(target.name, body, stat.st_mtime_ns)
        self._assets[path] = asset
        return asset

    @staticmethod
    def _respond(request: Request, asset: Asset, cache: str, extra: dict[str, str]) -> Response:
        headers = {"ETag": asset.etag, "Cache-Control": cache, "Vary": "Accept-Encoding", **extra}
        if request.headers.get("if-none-match") == asset.etag:
            return Response(status_code=304, headers=headers)
        body = asset.body
        if asset.packed is not None and "gzip" in request.headers.get("accept-encoding", ""):
            headers["Content-Encoding"] = "gzip"
            body = asset.packed
        return Response(body, media_type=asset.content_type, headers=headers)


def _asset(name: str, body: bytes, mtime_ns: int) -> Asset:
    guessed = mimetypes.guess_type(name)[0] or "application/octet-stream"
    content_type = "text/javascript" if name.endswith((".js", ".mjs")) else guessed
    packable = content_type.startswith(COMPRESSIBLE) and len(body) > 1024
    packed = gzip.compress(body, compresslevel=9, mtime=0) if packable else None
    etag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
    return Asset(body, packed, content_type, etag, mtime_ns)
