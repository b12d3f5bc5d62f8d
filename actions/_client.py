"""The backend as the speaker sees it: typed calls over one shared connection pool.

Raises BackendError: a problem of the backend, or ``UNREACHABLE`` when it does not answer. Times out after
``GUANJIA_BACKEND_TIMEOUT_S``. A broken connection is tried once more where a second call does no harm.
"""

from typing import Any, NotRequired, TypedDict, cast

import httpx

from actions.settings import load_settings

UNREACHABLE = "/problems/unreachable"
_NOTHING_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_OF_EVERY_PROBLEM = frozenset({"type", "title", "status", "detail", "instance", "trace_id"})
_CUT_OFF = (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError)


class OpenItem(TypedDict):
    """A required item of a checklist without an answer; ``kind``: check, number or photo."""

    id: int
    text: str
    kind: str


class Person(TypedDict):
    """Somebody on an order."""

    id: int
    name: str
    phone: NotRequired[str | None]


class Allowed(TypedDict):
    """A move that the speaker may make."""

    to: str
    title: str
    needs_note: bool
    primary: bool


class TimelineEntry(TypedDict):
    """A line of an order's history."""

    at: str
    to_status: str | None


class Order(TypedDict):
    """A work order; more fields than these go into the card untouched."""

    number: str
    status: str
    status_title: str
    category: str
    category_title: NotRequired[str]
    urgency: str
    location: dict[str, str | None]
    place_text: str
    asset_name: NotRequired[str | None]
    fault: str
    technician: Person | None
    preferred_time: str | None
    promised_from: NotRequired[str | None]
    promised_at: str | None
    updated_at: str
    merged_into: NotRequired[str | None]
    confirmation: NotRequired[str | None]
    answer: NotRequired[str | None]
    following: NotRequired[bool]
    rating: dict[str, Any] | None
    timeline: NotRequired[list[TimelineEntry]]
    allowed: list[Allowed]


class Suspended(TypedDict):
    """What a suspended order waits for, and until when."""

    kind: str
    kind_title: str
    until: str | None


class Amended(Order):
    """An order after words were added; ``changes`` say in words what is other now."""

    changes: list[str]


class Question(TypedDict):
    """The one thing to ask first."""

    item: int
    about: str
    text: str
    options: list[str]


class Known(TypedDict):
    """An order that was there before the message; ``own`` when the speaker had told it themselves."""

    order: Order
    own: bool


class Reported(TypedDict):
    """The orders that a message opened and those that were there already, or the question that comes first."""

    orders: list[Order]
    known: list[Known]
    question: Question | None


class HandedOver(TypedDict):
    """Who has been told, and how many are served before. Not ``open``: the speaker answers conversations themselves."""

    staff_name: str | None
    ahead: int
    open: bool


class Passage(TypedDict):
    """What a document of the speaker's estate says, and where it stands."""

    text: str
    document: str
    section: str
    score: float
    updated_at: str
    community: str
    community_name: str


class QuoteLine(TypedDict):
    """A line of a quote. ``custom``: its price stands in no list."""

    what: str
    kind_title: str
    custom: bool
    quantity: str
    unit: str
    amount_fen: int


class Quote(TypedDict):
    """What paid work will cost; ``yours`` when the speaker may answer it now."""

    id: int
    number: str
    state: str
    total_fen: int
    lines: list[QuoteLine]
    yours: bool


class Complaint(TypedDict):
    """A complaint. ``joined`` when the words were added to the one that the speaker had just filed."""

    number: str
    status: str
    status_title: str
    words: str
    reply_by: str
    answer_by: str
    level_title: str
    allowed: list[Allowed]
    joined: NotRequired[bool]


class BackendError(Exception):
    """The backend refused or failed; ``detail`` is Chinese and meant for people, ``extras`` are the problem's own."""

    def __init__(
        self, type: str, status: int, detail: str | None = None, trace_id: str | None = None, **extras: Any
    ) -> None:
        self.type, self.status, self.detail, self.trace_id, self.extras = type, status, detail, trace_id, extras
        super().__init__(f"{status} {type}")


_shared: httpx.AsyncClient | None = None


def shared_client() -> httpx.AsyncClient:
    """Return the pool of this process; connections are dropped before the backend closes them."""
    global _shared
    if _shared is None:
        settings = load_settings()
        _shared = httpx.AsyncClient(
            base_url=settings.backend_url,
            timeout=settings.backend_timeout_s,
            limits=httpx.Limits(keepalive_expiry=3.0),
            trust_env=False,
        )
    return _shared


def use_client(client: httpx.AsyncClient | None) -> None:
    """Replace the pool (tests)."""
    global _shared
    _shared = client


class Backend:
    """Calls on behalf of the bearer of a token. What one message adds to an order is added once, however often sent."""

    def __init__(self, token: str, message_id: str = "") -> None:
        self._token, self._message_id = token, message_id

    async def orders(self, **query: str | bool) -> list[Order]:
        """Return a page of orders, newest first."""
        body = await self._call("GET", "/work-orders", params=query)
        return cast(list[Order], body["items"])

    async def movable(self, to: str, *, mine: bool = True) -> list[Order]:
        """Return the orders that the speaker may move to a state."""
        return await self.orders(can=to, mine=mine)

    async def mine_open(self) -> list[Order]:
        """Return the speaker's own open orders: those they hold, or those they reported."""
        return await self.orders(mine=True, open=True)

    async def order(self, number: str) -> Order:
        """Return one order."""
        return cast(Order, await self._call("GET", f"/work-orders/{number}"))

    async def report(self, items: list[dict[str, Any]], key: str, answer: str | None = None, **sent: Any) -> Reported:
        """Open an order for each item, or learn what to ask first; the same key opens nothing twice.

        With an ``answer``, even an empty one, nothing is asked. ``sent``: source, attachments.
        """
        body = {"items": items, "answer": answer, **sent}
        return cast(Reported, await self._call("POST", "/work-orders/reports", body, again=True, key=key))

    async def report_separately(self, number: str, key: str) -> Reported:
        """Open an order of the speaker's own, because what they told is not the fault of the order they joined."""
        body = {"separate_from": number}
        return cast(Reported, await self._call("POST", "/work-orders/reports", body, again=True, key=key))

    async def suspended(self, number: str) -> Suspended | None:
        """Return what an order waits for, None when it is not suspended or that is not the speaker's to see."""
        body = await self._call("GET", f"/work-orders/{number}/work")
        return cast(Suspended | None, body.get("suspended"))

    async def move(
        self, number: str, to: str, note: str | None = None, *, quiet: bool = False, reason_kind: str | None = None
    ) -> Order:
        """Move an order; the same move twice changes nothing. ``quiet``: a step made up for, of which nobody hears;
        ``reason_kind``: what is waited for."""
        given: dict[str, Any] = {"note": note, "quiet": quiet, "reason_kind": reason_kind}
        body = {"to": to, **{name: value for name, value in given.items() if value}}
        return cast(Order, await self._call("POST", f"/work-orders/{number}/transitions", body, again=True))

    async def note(self, number: str, text: str, kind: str = "note") -> Order:
        """Add words to an order: ``note``, ``parts`` or ``urge``."""
        body = {"text": text, "kind": kind}
        return cast(Order, await self._once(f"/work-orders/{number}/notes", body, kind))

    async def transfer(self, number: str, to: str, reason: str) -> None:
        """Ask a colleague, as they are called, to take an order over."""
        await self._once(f"/work-orders/{number}/transfers", {"to_name": to, "reason": reason}, "transfer")

    async def fill(self, number: str, item_id: int, ok: bool) -> None:
        """Answer an item of the checklist; the same answer twice is one."""
        body = {"item_id": item_id, "ok": ok}
        await self._call("PUT", f"/work-orders/{number}/checklist", body, again=True)

    async def amend(self, number: str, text: str) -> Amended:
        """Add words to an order; a time or a correction in them changes it."""
        return cast(Amended, await self._once(f"/work-orders/{number}/amendments", {"text": text}, "amend"))

    async def rate(self, number: str, stars: int, words: str | None = None) -> Order:
        """Rate an order."""
        body = {"stars": stars, "words": words}
        return cast(Order, await self._once(f"/work-orders/{number}/rating", body, "rating"))

    async def quote(self, number: str) -> Quote | None:
        """Return the quote that counts for an order, None when there is none."""
        body = await self._call("GET", f"/work-orders/{number}/costs")
        return cast(Quote | None, body["quote"])

    async def waiting_quotes(self) -> list[Quote]:
        """Return the quotes that wait for the speaker's answer."""
        return cast(list[Quote], await self._call("GET", "/work-orders/quotes/waiting"))

    async def decide(self, quote: Quote, accept: bool, words: str | None) -> None:
        """Agree to a quote or not; the same answer twice is one."""
        path = f"/work-orders/{quote['number']}/quotes/{quote['id']}/decision"
        await self._call("POST", path, {"accept": accept, "words": words}, again=True)

    async def _once(self, path: str, body: dict[str, Any], what: str) -> Any:
        key = f"{self._message_id}:{what}" if self._message_id else None
        return await self._call("POST", path, body, again=key is not None, key=key)

    async def look_up(self, question: str) -> list[Passage]:
        """Return the passages that answer a question, best first; none when the documents do not say."""
        body = await self._call("POST", "/knowledge/answer", {"question": question}, again=True)
        return cast(list[Passage], body["passages"])

    async def complain(self, words: str, kind: str, order_number: str | None) -> Complaint:
        """File a complaint; the same message files it once."""
        body = {"words": words, "kind": kind, "order_number": order_number}
        return cast(Complaint, await self._once("/complaints", body, "complaint"))

    async def complaints(self, **query: str | bool) -> list[Complaint]:
        """Return a page of complaints, newest first."""
        body = await self._call("GET", "/complaints", params=query)
        return cast(list[Complaint], body["items"])

    async def complaint(self, number: str) -> Complaint:
        """Return one complaint."""
        return cast(Complaint, await self._call("GET", f"/complaints/{number}"))

    async def move_complaint(self, number: str, to: str, note: str | None = None) -> Complaint:
        """Move a complaint; the same move twice changes nothing."""
        body = {"to": to, **({"note": note} if note else {})}
        return cast(Complaint, await self._call("POST", f"/complaints/{number}/transitions", body, again=True))

    async def hand_over(self, reason: str, topic: str | None = None, *, take: bool = False) -> HandedOver:
        """Tell customer service; with ``take`` the bot falls silent until it is given back."""
        body = {"reason": reason, "topic": topic, "take": take}
        return cast(HandedOver, await self._call("POST", "/chat/hand-over", body, again=True))

    async def _call(
        self,
        method: str,
        path: str,
        body: dict[str, Any] | None = None,
        *,
        params: dict[str, str | bool] | None = None,
        again: bool = False,
        key: str | None = None,
    ) -> Any:
        headers = {"Authorization": f"Bearer {self._token}"}
        if key:
            headers["Idempotency-Key"] = key
        harmless = _NOTHING_SENT + (_CUT_OFF if again or method == "GET" else ())
        for attempt in (1, 2):
            try:
                answer = await shared_client().request(
                    method, f"/api/v1{path}", json=body, params=params, headers=headers
                )
                return _read(answer)
            except httpx.TransportError as error:
                if attempt == 2 or not isinstance(error, harmless):
                    raise BackendError(UNREACHABLE, 503) from error
        raise AssertionError("unreachable")


def _read(answer: httpx.Response) -> Any:
    try:
        body = answer.json()
    except ValueError as error:
        raise BackendError(UNREACHABLE, answer.status_code) from error
    if answer.is_success:
        return body
    problem = body if isinstance(body, dict) else {}
    own = {k: v for k, v in problem.items() if k not in _OF_EVERY_PROBLEM}
    raise BackendError(
        str(problem.get("type", "about:blank")),
        answer.status_code,
        problem.get("detail"),
        problem.get("trace_id"),
        **own,
    )
