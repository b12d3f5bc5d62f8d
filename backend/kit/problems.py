"""Problems: every error that may leave the backend, as RFC 9457 problem+json.

Problem
 ├─ BadRequest 400 · NotLoggedIn 401 · Forbidden 403 · NotFound 404 · Conflict 409
 ├─ TooLarge 413 · UnsupportedMedia 415 · InvalidInput 422 · TooManyRequests 429
 └─ Unavailable 503
Domains subclass these in their ``errors.py`` with a type of their own. ``detail`` is Chinese and meant for people;
4xx are expected and logged at info, anything that is not a Problem is a bug and answers 500 without a traceback.
"""

from typing import Any, ClassVar


class Problem(Exception):
    """An expected error. ``status``, ``type`` and ``title`` belong to the class, ``detail`` to the case."""

    status: ClassVar[int] = 400
    type: ClassVar[str] = "/problems/bad-request"
    title: ClassVar[str] = "Bad request"
    default_detail: ClassVar[str] = "这个请求没法处理，请检查后再试。"

    def __init__(self, detail: str | None = None, **extras: Any) -> None:
        self.detail = detail or self.default_detail
        self.extras = extras
        super().__init__(self.detail)

    def body(self) -> dict[str, Any]:
        """Return the members of problem+json except ``instance`` and ``trace_id``."""
        return {
            "type": self.type,
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            **self.extras,
        }


class BadRequest(Problem):
    """The request as a whole makes no sense."""


class NotLoggedIn(Problem):
    """No token, or one that is no longer good."""

    status, type, title = 401, "/problems/not-logged-in", "Not logged in"
    default_detail = "登录已过期，请重新登录。"


class Forbidden(Problem):
    """Known, but without the right."""

    status, type, title = 403, "/problems/forbidden", "Forbidden"
    default_detail = "您没有权限做这件事。"


class NotFound(Problem):
    """It does not exist, or not for this person: the two look the same from outside."""

    status, type, title = 404, "/problems/not-found", "Not found"
    default_detail = "没有找到，可能已经删除，或者不在您的范围内。"


class Conflict(Problem):
    """Somebody else was faster, or the version is stale."""

    status, type, title = 409, "/problems/conflict", "Conflict"
    default_detail = "刚刚有人改过，请刷新后再试。"


class TooLarge(Problem):
    """The body or file is over the limit."""

    status, type, title = 413, "/problems/too-large", "Content too large"
    default_detail = "内容太大了，请缩小后再试。"


class UnsupportedMedia(Problem):
    """A file of a kind that we do not take, or that is not what it claims to be."""

    status, type, title = 415, "/problems/unsupported-media", "Unsupported media type"
    default_detail = "只支持 JPG、PNG、WebP、GIF 图片。"


class InvalidInput(Problem):
    """A field is missing or wrong; ``errors`` names each field."""

    status, type, title = 422, "/problems/invalid-input", "Invalid input"
    default_detail = "有内容填得不对，请检查标出的地方。"


class TooManyRequests(Problem):
    """Too often; try again after ``retry_after_s``."""

    status, type, title = 429, "/problems/too-many-requests", "Too many requests"
    default_detail = "操作太频繁了，请稍后再试。"


class Unavailable(Problem):
    """A neighbour that we need does not answer."""

    status, type, title = 503, "/problems/unavailable", "Service unavailable"
    default_detail = "暂时连不上，请稍后再试。"
