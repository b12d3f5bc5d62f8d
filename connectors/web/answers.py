"""What every answer of the public port has: a trace id, and for an error words as problem+json."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from connectors.web.problems import HEADERS_TOO_LARGE, ProblemKind, kind_for, problem_response
from connectors.web.visitor import TRACE

MAX_HEAD_BYTES = 16 * 1024
WORDLESS = ("", "text/plain")
KEPT_WITH_WORDS = ("allow", "content-range", "retry-after", "www-authenticate")


def head_bytes(scope: Scope) -> int:
    """The size of the request line and headers."""
    sizes = (len(name) + len(value) for name, value in scope["headers"])
    return sum(sizes) + len(scope.get("raw_path") or b"") + len(scope["query_string"])


class Answers:
    """ASGI middleware: refuses headers without end, and gives words to errors that have none."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, and look at the start of the answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        reworded = False

        async def refuse(kind: ProblemKind, kept: dict[str, str]) -> None:
            await problem_response(kind, scope["path"], scope[TRACE], kept)(scope, receive, send)

        async def send_with_words(message: Message) -> None:
            nonlocal reworded
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=message["headers"])
                headers.setdefault("x-request-id", scope[TRACE])
                wordless = headers.get("content-type", "").partition(";")[0] in WORDLESS
                if message["status"] >= 400 and wordless and scope["method"] != "HEAD":
                    reworded = True
                    kept = {name: headers[name] for name in KEPT_WITH_WORDS if name in headers}
                    await refuse(kind_for(message["status"]), kept)
            if not reworded:
                await send(message)

        if head_bytes(scope) > MAX_HEAD_BYTES:
            await refuse(HEADERS_TOO_LARGE, {})
        else:
            await self.app(scope, receive, send_with_words)
