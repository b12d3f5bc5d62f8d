"""A backend that remembers what it was asked, behind the real client, and a way to run real actions."""

import json
from collections.abc import AsyncIterator, Callable
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import _client
from actions._base import BackendAction

Json = dict[str, Any]

MOVES = {
    "dispatched": ["accepted", "triaged", "cancelled"],
    "accepted": ["on_site", "triaged", "suspended", "cancelled"],
    "on_site": ["finished", "suspended"],
    "suspended": ["accepted"],
    "finished": ["accepted_by_owner", "reopened"],
    "accepted_by_owner": ["closed", "reopened"],
    "closed": ["reopened"],
    "triaged": ["accepted", "cancelled"],
}


def order(number: str, status: str = "dispatched", **changes: Any) -> Json:
    """Return an order as the API gives it."""
    place = changes.pop("place", "楼下")
    made: Json = {
        "number": number,
        "status": status,
        "status_title": status,
        "category": "lighting",
        "urgency": "normal",
        "scope": "public",
        "location": {"building": "3", "unit": "2", "floor": None, "room": None, "place": place},
        "place_text": f"3号楼2单元 {place}",
        "fault": "灯不亮",
        "technician": {"id": 5, "name": "李强"},
        "preferred_time": None,
        "promised_at": "2026-11-26T06:30:00+00:00",
        "updated_at": "2026-11-26T02:00:00+00:00",
        "rating": None,
        "allowed": [],
    }
    return {**made, **changes}


def complaint(
    number: str, status: str = "answered", to: tuple[str, ...] = ("accepted", "refused"), **changes: Any
) -> Json:
    """Return a complaint as the API gives it; ``to`` are the moves that the speaker may make."""
    tomorrow = (datetime.now(UTC) + timedelta(hours=24)).isoformat()
    made: Json = {
        "number": number,
        "status": status,
        "status_title": status,
        "words": "保安态度太差",
        "reply_by": tomorrow,
        "answer_by": tomorrow,
        "level_title": "项目经理",
        "allowed": [{"to": one, "title": one, "needs_note": False, "primary": True} for one in to],
    }
    return {**made, **changes}


@dataclass
class FakeBackend:
    """Orders by number, and every call. ``asks`` are its questions to reports; ``fail`` maps a path's end to a problem,
    ``changes`` is what amendments change."""

    orders: dict[str, Json] = field(default_factory=dict)
    asks: list[Json] = field(default_factory=list)
    passages: list[Json] = field(default_factory=list)
    fail: dict[str, tuple[int, Json]] = field(default_factory=dict)
    changes: list[str] = field(default_factory=list)
    known: list[Json] = field(default_factory=list)
    """What the next report comes to, where its fault has an order already: {"order", "own"}."""
    open_items: list[Json] = field(default_factory=list)
    """Required items of the checklist without an answer: nobody finishes while there are any."""
    quotes: list[Json] = field(default_factory=list)
    complaints: dict[str, Json] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)
    """Orders of a colleague who asked the speaker to take them over: a move is the answer."""
    calls: list[tuple[str, str, Any]] = field(default_factory=list)
    headers: list[httpx.Headers] = field(default_factory=list)

    def add(self, *orders: Json) -> None:
        self.orders.update({o["number"]: o for o in orders})

    def made(self, method: str = "POST") -> list[tuple[str, Any]]:
        """Return (path, body) of the calls that change something."""
        return [(p.removeprefix("/api/v1"), b) for m, p, b in self.calls if m == method]

    def moves(self) -> list[str]:
        return [b["to"] for p, b in self.made() if p.endswith("/transitions")]

    def __call__(self, request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content) if request.content else dict(request.url.params)
        path = request.url.path
        self.calls.append((request.method, path, body))
        self.headers.append(request.headers)
        for end, (status, problem) in self.fail.items():
            if path.endswith(end):
                return httpx.Response(status, json=problem)
        return self._answer(request.method, path.removeprefix("/api/v1"), body)

    def _answer(self, method: str, path: str, body: Json) -> httpx.Response:
        if path == "/chat/hand-over":
            return httpx.Response(200, json={"staff_name": "周敏", "ahead": 2, "open": True})
        if path == "/knowledge/answer":
            return httpx.Response(200, json={"found": bool(self.passages), "passages": self.passages})
        if path == "/work-orders/quotes/waiting":
            return httpx.Response(200, json=[q for q in self.quotes if q["state"] == "open"])
        if path == "/work-orders/reports":
            return httpx.Response(200, json=self._reported(body))
        if path == "/work-orders":
            return httpx.Response(200, json={"items": self._listed(body), "next": None})
        if path.startswith("/complaints"):
            return self._complained(method, path.split("/")[2:], body)
        return self._one(path.split("/"), body)

    def _complained(self, method: str, parts: list[str], body: Json) -> httpx.Response:
        if not parts and method == "GET":
            found = [c for c in self.complaints.values() if c["status"] == body.get("status", c["status"])]
            return httpx.Response(200, json={"items": found, "next": None})
        if not parts:
            made = complaint(f"TS-SH2611-000{len(self.complaints) + 1}", "received", words=body["words"])
            self.complaints[made["number"]] = made
            return httpx.Response(201, json={**made, "joined": False})
        found_one = self.complaints[parts[0]]
        if parts[1:] == ["transitions"]:
            if body["to"] not in {m["to"] for m in found_one["allowed"]}:
                return httpx.Response(409, json={"type": "/problems/refused-twice", "detail": "可以打 12345 反映。"})
            found_one |= {"status": body["to"], "allowed": []}
        return httpx.Response(200, json=found_one)

    def _reported(self, body: Json) -> Json:
        if self.asks and body.get("answer") is None:
            return {"orders": [], "known": [], "question": self.asks.pop(0)}
        if body.get("separate_from"):
            body = {"items": [{"fault": "灯不亮", "category": "lighting"}]}
        elif self.known:
            return {"orders": [], "known": [self.known.pop(0)], "question": None}
        opened = []
        for item in body["items"]:
            number = f"SH2611-00{32 + len(self.orders)}"
            self.orders[number] = order(
                number, fault=item["fault"], category=item.get("category", "other"), answer=item.get("answer")
            )
            opened.append(self._shown(self.orders[number]))
        return {"orders": opened, "known": [], "question": None}

    def _listed(self, query: Json) -> list[Json]:
        found = [self._shown(o) for o in self.orders.values()]
        if "q" in query:
            return [o for o in found if query["q"] in o["number"]]
        if "can" in query:
            return [o for o in found if query["can"] in {m["to"] for m in o["allowed"]}]
        if "status" in query:
            return [o for o in found if o["status"] == query["status"]]
        return [o for o in found if "open" not in query or o["status"] not in {"closed", "cancelled"}]

    def _one(self, parts: list[str], body: Json) -> httpx.Response:
        found = self.orders.get(parts[2])
        if found is None:
            return httpx.Response(404, json={"type": "/problems/no-such-order", "detail": "没有找到这张工单。"})
        if parts[-1] == "transitions" and parts[2] not in self.asked:
            if body["to"] not in MOVES.get(found["status"], []):
                return httpx.Response(409, json={"type": "/problems/illegal-transition", "detail": "现在不能这样做。"})
            if body["to"] == "finished" and self.open_items:
                return httpx.Response(409, json=self._unfilled())
            found["status"] = body["to"]
        if parts[-1] == "checklist":
            self.open_items = [i for i in self.open_items if i["id"] != body["item_id"]]
        if parts[-1] == "rating":
            found |= {"status": "closed", "rating": body}
        if parts[-1] == "costs":
            mine = [q for q in self.quotes if q["number"] == parts[2]]
            return httpx.Response(200, json={"quote": mine[-1] if mine else None})
        changes = {"changes": self.changes} if parts[-1] == "amendments" else {}
        return httpx.Response(200, json={**self._shown(found), **changes})

    def _unfilled(self) -> Json:
        page = "http://home/?checklist=SH2611-0001"
        return {"type": "/problems/checklist-open", "detail": "检查单没填。", "items": self.open_items, "page": page}

    @staticmethod
    def _shown(found: Json) -> Json:
        moves = [{"to": to, "title": to, "needs_note": False, "primary": True} for to in MOVES.get(found["status"], [])]
        return {**deepcopy(found), "allowed": moves}


@pytest.fixture
async def backend() -> AsyncIterator[FakeBackend]:
    fake = FakeBackend()
    async with httpx.AsyncClient(base_url="http://backend", transport=httpx.MockTransport(fake)) as client:
        _client.use_client(client)
        yield fake
    _client.use_client(None)


def tracker(
    text: str,
    intent: str,
    *,
    entities: dict[str, str] | None = None,
    found: list[tuple[str, str, str]] | None = None,
    items: list[Json] | None = None,
    slots: Json | None = None,
    events: list[Json] | None = None,
    roles: tuple[str, ...] = ("owner",),
    meta: Json | None = None,
    lately: list[Json] | None = None,
    ranking: list[str] | None = None,
    confidence: float = 0.9,
    loop: str | None = None,
    tasks: list[Json] | None = None,
) -> Tracker:
    """Return a tracker whose latest message is as Rasa delivers it."""
    latest = {
        "text": text,
        "intent": {"name": intent, "confidence": confidence},
        "intent_ranking": [{"name": name, "confidence": 0.3} for name in ranking or [intent]],
        "entities": [
            *({"entity": k, "value": v} for k, v in (entities or {}).items()),
            *({"entity": k, "value": v, "start": (at := text.index(w)), "end": at + len(w)} for k, v, w in found or []),
        ],
        "items": items or [],
        "tasks": tasks or [],
        "metadata": {
            "token": "t0",
            "message_id": "m1",
            "name": "张伟",
            "roles": list(roles),
            "lately": lately or [],
            **(meta or {}),
        },
    }
    return Tracker(
        "c1", slots or {}, latest, events or [], False, None, {"name": loop} if loop else {}, "action_listen"
    )


def line(text: str, *buttons: tuple[str, str], order: str | None = None, turn: int = 0) -> Json:
    """Return a line that was said to the person; buttons are (title, payload)."""
    return {"text": text, "buttons": [{"title": t, "payload": p} for t, p in buttons], "order": order, "turn": turn}


def which(intent: str, *titles: str) -> Json:
    """Return the question which order is meant; a title begins with the order's number."""
    return line("哪一张？", *((t, f'/{intent}{{"order_number": "{t.split()[0]}"}}') for t in titles))


@dataclass
class Outcome:
    replies: list[Json]
    events: list[Json]

    @property
    def text(self) -> str:
        return "\n".join(r["text"] for r in self.replies if r.get("text"))

    @property
    def payloads(self) -> list[str]:
        return [b["payload"] for r in self.replies for b in r.get("buttons") or []]

    @property
    def cards(self) -> list[Json]:
        return [r["custom"]["card"] for r in self.replies if r.get("custom")]

    @property
    def slots(self) -> Json:
        return {e["name"]: e["value"] for e in self.events if e["event"] == "slot"}


Run = Callable[..., Any]


@pytest.fixture
def run(backend: FakeBackend) -> Run:
    async def ran(action: BackendAction, text: str, intent: str, **given: Any) -> Outcome:
        dispatcher = CollectingDispatcher()
        events = await action.run(dispatcher, tracker(text, intent, **given), {})
        return Outcome(dispatcher.messages, events)

    return ran
