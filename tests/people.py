"""People at the public door: log in, say, look, wait until something is so (with a deadline, never a fixed sleep)."""

import time
import uuid
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx

T = TypeVar("T")
PATIENCE_S = 60.0
TO_THE_END = {"finished": ("accepted_by_owner", "closed"), "accepted_by_owner": ("closed",)}


def until(look: Callable[[], T | None], what: str, patience_s: float = PATIENCE_S) -> T:
    """Return the first thing that ``look`` finds; fail with ``what`` when the patience is over."""
    deadline = time.monotonic() + patience_s
    while time.monotonic() < deadline:
        found = look()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"never happened: {what}")


class Door:
    """A client of the public address."""

    def __init__(self, base_url: str) -> None:
        self.client = httpx.Client(base_url=f"{base_url}/api/v1", timeout=60, trust_env=False)
        self._tokens: dict[str, str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.client.close()

    def headers(self, username: str) -> dict[str, str]:
        """Return the person's authorization."""
        if username not in self._tokens:
            form = {"username": username, "password": "demo1234"}
            self._tokens[username] = (
                self.client.post("/auth/token", data=form).raise_for_status().json()["access_token"]
            )
        return {"Authorization": f"Bearer {self._tokens[username]}"}

    def get(self, username: str, path: str, **params: Any) -> Any:
        """Return what the person reads there."""
        return self.client.get(path, headers=self.headers(username), params=params).raise_for_status().json()

    def post(
        self, username: str, path: str, body: dict[str, Any] | None = None, key: str | None = None
    ) -> httpx.Response:
        """Send something as the person."""
        headers = self.headers(username) | ({"Idempotency-Key": key} if key else {})
        return self.client.post(path, headers=headers, json=body or {})

    def say(self, username: str, text: str, key: str | None = None) -> dict[str, Any]:
        """Say something in chat and return the answer."""
        answer = self.post(username, "/chat/messages", {"text": text}, key or uuid.uuid4().hex)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def text_of(self, username: str, text: str) -> str:
        """Say something and return the words of the replies."""
        return "\n".join(r["text"] for r in self.say(username, text)["replies"])

    def heard(self, username: str, words: str) -> dict[str, Any]:
        """Return the newest line of the person's chat that contains the words, once it is there."""

        def look() -> dict[str, Any] | None:
            lines = self.get(username, "/chat/messages", limit=30)["items"]
            return next((m for m in reversed(lines) if m["direction"] == "out" and words in m["text"]), None)

        return until(look, f"{username} hears {words!r}")

    def order_card(self, answer: dict[str, Any]) -> dict[str, Any]:
        """Return the one order card of an answer."""
        cards = [r["card"] for r in answer["replies"] if r["card"] and r["card"]["type"] == "work_order"]
        assert len(cards) == 1, answer
        return dict(cards[0])

    def with_bot(self, username: str) -> None:
        """Give the person's conversation back to the bot, and drop any half-asked question."""
        me = self.get(username, "/me")["id"]
        talk = next(
            (t for t in self.get("quyu", "/conversations", limit=200)["items"] if t["person"]["id"] == me), None
        )
        if talk is None:
            return
        self.post("quyu", f"/conversations/{talk['id']}/give-back")
        lines = self.get(username, "/chat/messages", limit=1)["items"]
        if lines and lines[0]["direction"] == "out" and lines[0]["buttons"]:
            self.say(username, "算了")

    def encoder_is_there(self) -> bool:
        """Tell whether the backend can find the same fault again."""
        orders = self.get("quyu", "/work-orders", limit=1)["items"]
        number = orders[0]["number"] if orders else self.order_card(self.say("zhangwei", "我家楼下的灯坏了"))["number"]
        found = bool(self.get("quyu", f"/work-orders/{number}/similar")["ready"])
        if not orders:
            self.empty_hands()
        return found

    def empty_hands(self) -> None:
        """End every open order, so that words such as 「到了」 can only mean the order of this test."""
        for order in self.get("quyu", "/work-orders", open=True, limit=200)["items"]:
            for to in TO_THE_END.get(order["status"], ("cancelled",)):
                moved = self.post("quyu", f"/work-orders/{order['number']}/transitions", {"to": to, "note": "测试收尾"})
                assert moved.status_code == 200, moved.text
