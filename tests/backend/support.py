"""What the tests of the backend stand on: real databases, the app on a real port, a scripted bot, people."""

import asyncio
import json
import os
import socket
import threading
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pymysql
import pytest
import uvicorn
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend import migrate, seed
from backend.domains.conversations import bot_client
from backend.domains.identity import service as identity
from backend.domains.identity.models import Membership, Person
from backend.domains.workorders import repository as orders
from backend.domains.workorders.domain import Status
from backend.kit import db, live, outbox, scope
from backend.kit.auth import Claims, Principal, Role, issue_token
from backend.kit.scope import system_scope
from backend.settings import get_settings

API = "/api/v1"
SECRET = "a-secret-key-for-tests-that-is-long-enough"


def forget_settings() -> None:
    """Read the environment afresh at the next use."""
    if db.get_engine.cache_info().currsize:
        db.get_engine().dispose()
    for cached in (get_settings, db.get_engine, db._factory):
        cached.cache_clear()


def _absent(why: str) -> None:
    if os.environ.get("CI") == "true":
        pytest.fail(why)
    pytest.skip(why)


@contextmanager
def fresh_database(kind: str, folder: Path) -> Iterator[str]:
    """Give the URL of an empty database of a kind and drop it afterwards."""
    name = f"guanjia_test_{uuid.uuid4().hex[:12]}"
    if kind == "sqlite":
        yield f"sqlite:///{folder / name}.db"
    elif kind == "postgresql":
        try:
            admin = psycopg.connect("postgresql://postgres@127.0.0.1:5432", autocommit=True, connect_timeout=3)
        except psycopg.OperationalError as error:
            _absent(f"PostgreSQL does not answer on 127.0.0.1:5432: {error}")
        with admin:
            admin.execute(f"CREATE DATABASE {name}")
            try:
                yield f"postgresql://postgres@127.0.0.1:5432/{name}"
            finally:
                forget_settings()
                admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
    else:
        try:
            mysql = pymysql.connect(host="127.0.0.1", port=3306, user="root", autocommit=True, connect_timeout=3)
        except pymysql.err.OperationalError as error:
            _absent(f"MariaDB does not answer on 127.0.0.1:3306: {error}")
        with mysql, mysql.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name} CHARACTER SET utf8mb4")
            try:
                yield f"mysql://root@127.0.0.1:3306/{name}"
            finally:
                forget_settings()
                cursor.execute(f"DROP DATABASE {name}")


class Served:
    """An ASGI app in a thread of its own on a free port."""

    def __init__(self, app: Any) -> None:
        self.loop: asyncio.AbstractEventLoop | None = None

        async def outer(scope: Any, receive: Any, send: Any) -> None:
            self.loop = asyncio.get_running_loop()
            await app(scope, receive, send)

        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self._socket.listen(128)
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        config = uvicorn.Config(
            outer,
            log_config=None,
            ws="none",
            lifespan="on",
            timeout_graceful_shutdown=2,
            timeout_keep_alive=60,  # the client lets go first: else it may write into a connection that is being closed
            proxy_headers=False,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._socket]}, daemon=True)

    def __enter__(self) -> "Served":
        self._thread.start()
        httpx.get(self.url + "/healthz", timeout=30, trust_env=False)
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(20)
        self._socket.close()
        assert not self._thread.is_alive()

    def run(self, coroutine: Any) -> Any:
        """Run a coroutine in the app's loop."""
        assert self.loop is not None
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(20)


class FakeRasa:
    """A bot that says what the test wants. ``answer`` gets the body; it returns (status, JSON or bytes)."""

    url = ""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self.turns: list[dict[str, Any]] = []
        self.answer: Callable[[dict[str, Any]], tuple[int, Any]] = self.usual
        self.nlu: dict[str, Any] = {"intent": {"name": "greet", "confidence": 0.97}, "entities": [], "items": []}
        self.model = ""
        self.load: Callable[[str], int] = lambda _path: 204
        self.lock = threading.Lock()

    def usual(self, body: dict[str, Any]) -> tuple[int, Any]:
        return 200, {"replies": [{"text": f"收到：{body['text']}"}], "nlu": self.nlu}

    def say(self, *replies: dict[str, Any]) -> None:
        self.answer = lambda _body: (200, {"replies": list(replies), "nlu": self.nlu})

    def _handle(self, path: str, body: dict[str, Any]) -> tuple[int, Any]:
        if path.endswith("/parse"):
            return 200, {"nlu": self.nlu}
        with self.lock:
            self.turns.append(body)
        return self.answer(body)

    def _load(self, path: str) -> int:
        status = self.load(path)
        if status == 204:
            self.model = Path(path).name.removesuffix(".tar.gz")
        return status

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            for kind in ("startup", "shutdown"):
                await receive()
                await send({"type": f"lifespan.{kind}.complete"})
            return
        raw, more = b"", True
        while more:
            message = await receive()
            raw += message.get("body", b"")
            more = message.get("more_body", False)
        status, answer = 200, {}
        if scope["path"].startswith("/webhooks/guanjia/"):
            status, answer = await asyncio.to_thread(self._handle, scope["path"], json.loads(raw))
        elif scope["path"] == "/model":
            status = await asyncio.to_thread(self._load, json.loads(raw)["model_file"])
        elif scope["path"] == "/status":
            answer = {"model_file": f"{self.model}.tar.gz"}
        out = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(out)).encode())]
        with suppress(Exception):
            await send({"type": "http.response.start", "status": status, "headers": headers})
            await send({"type": "http.response.body", "body": out})


@dataclass
class User:
    """Somebody who is logged in."""

    id: int
    username: str
    client: httpx.Client
    token: str

    def call(self, method: str, path: str, **kwargs: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}", **kwargs.pop("headers", {})}
        return self.client.request(method, API + path, headers=headers, **kwargs)

    def get(self, path: str, **params: Any) -> httpx.Response:
        return self.call("GET", path, params=params)

    def post(self, path: str, body: Any = None, key: str | None = None) -> httpx.Response:
        return self.call("POST", path, json=body, headers={"Idempotency-Key": key} if key else {})

    def patch(self, path: str, body: Any) -> httpx.Response:
        return self.call("PATCH", path, json=body)

    def say(self, text: str, key: str | None = None, attachments: Sequence[str] = ()) -> httpx.Response:
        pictures = {"attachments": [{"media_id": a} for a in attachments]} if attachments else {}
        return self.post("/chat/messages", {"text": text, **pictures}, key)

    def move(self, number: str, to: str, **more: Any) -> httpx.Response:
        return self.post(f"/work-orders/{number}/transitions", {"to": to, **more})

    def open_order(self, key: str | None = None, **fields: Any) -> dict[str, Any]:
        body = {
            "category": "plumbing",
            "fault": "厨房水龙头滴水",
            "location": {"community": "sunshine", "building": "3", "unit": "2", "floor": "12", "room": "1201"},
            **fields,
        }
        answer = self.post("/work-orders", body, key)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def history(self) -> list[dict[str, Any]]:
        return self.get("/chat/messages", limit=100).json()["items"]

    @property
    def principal(self) -> Principal:
        with db.transaction(read_only=True) as session, system_scope(session):
            return identity.load_principal(session, Claims(self.id))


@dataclass
class World:
    """The running backend over one database, with the demo community in it."""

    kind: str
    url: str
    served: Served
    rasa: FakeRasa
    client: httpx.Client
    people: dict[str, User] = field(default_factory=dict)

    def __post_init__(self) -> None:
        with db.transaction(read_only=True) as session, system_scope(session):
            found = session.execute(select(Person.username, Person.id)).all()
        self.people = {name: self.user(person_id, name) for name, person_id in found}

    def __getattr__(self, name: str) -> User:
        try:
            return self.__dict__["people"][name]
        except KeyError:
            raise AttributeError(name) from None

    def user(self, person_id: int, username: str, **claims: Any) -> User:
        token = issue_token(Claims(person_id, **claims), 3600)
        return User(person_id, username, self.client, token)

    def new(
        self,
        role: Role = Role.OWNER,
        community: str = "sunshine",
        home: tuple[str, str, str] | None = None,
        skills: tuple[str, ...] = (),
    ) -> User:
        """Register somebody new, so that tests do not meet in one person."""
        from backend.domains.estate import service as estate

        username = f"t{uuid.uuid4().hex[:12]}"
        with db.transaction() as session, system_scope(session):
            here = estate.community_by_code(session, community)
            room = None
            if role in (Role.OWNER, Role.TENANT):
                building, unit, number = home or ("7", "1", "901")
                place = estate.Location(community, building, unit, None, number)
                room = estate.find_room_id(session, here.id, place)
            phone = f"139{uuid.uuid4().int % 10**8:08d}"
            person = identity.register(session, identity.NewPerson(username, "新人", phone, None, skills))
            identity.add_membership(session, person, role, here.id, room)
        return self.user(person, username)

    @contextmanager
    def retired(self, user: User) -> Iterator[None]:
        """Take somebody's role away afterwards, so that dispatch does not choose them in other tests."""
        try:
            yield
        finally:
            with db.transaction() as session, system_scope(session):
                for row in session.scalars(select(Membership).where(Membership.person_id == user.id)):
                    session.delete(row)

    def put(self, number: str, status: str, technician: User | None = None) -> None:
        """Place an order in a state."""
        with db.transaction() as session, system_scope(session):
            order = orders.by_number(session, number)
            assert order is not None
            order.status, order.technician_id = Status(status), technician.id if technician else None

    def rows(self, query: Any) -> list[Any]:
        with db.transaction(read_only=True) as session, system_scope(session):
            return list(session.scalars(query))

    def forget_bot(self) -> None:
        """Close the connections to the bot; the next turn reads the settings again."""
        self.served.run(bot_client.close())

    def session_for(self, user: User) -> Session:
        session = db.open_session()
        scope.bind(session, user.principal)
        return session


@contextmanager
def environment(url: str, rasa_url: str, var_dir: Path) -> Iterator[pytest.MonkeyPatch]:
    """Set the settings of a run."""
    with pytest.MonkeyPatch.context() as patch:
        values = {
            "DATABASE_URL": url,
            "GUANJIA_SECRET_KEY": SECRET,
            "GUANJIA_SERVICE_TOKEN": "service-token-for-tests",
            "GUANJIA_DEMO": "true",
            "GUANJIA_VAR_DIR": str(var_dir),
            "GUANJIA_RASA_URL": rasa_url,
            "GUANJIA_LIVE_POLL_S": "0.1",
            "GUANJIA_WARM_ENCODER": "false",
        }
        for name, value in values.items():
            patch.setenv(name, value)
        patch.delenv("REDIS_URL", raising=False)
        forget_settings()
        try:
            yield patch
        finally:
            forget_settings()


@contextmanager
def running(kind: str, url: str, rasa: FakeRasa) -> Iterator[World]:
    """Migrate, seed and serve."""
    migrate.upgrade()
    assert seed.main([]) == 0
    from backend import main

    with Served(main.create_app()) as served, httpx.Client(base_url=served.url, timeout=60, trust_env=False) as client:
        outbox.set_wake(lambda: None)
        try:
            yield World(kind, url, served, rasa, client)
        finally:
            live._wakers.clear()


def together(calls: Sequence[Callable[[], Any]]) -> list[Any]:
    """Make the calls at once, each in a thread; return what they return, in order."""
    barrier = threading.Barrier(len(calls))
    results: list[Any] = [None] * len(calls)

    def run(at: int) -> None:
        barrier.wait(20)
        try:
            results[at] = calls[at]()
        except Exception as error:
            results[at] = error

    threads = [threading.Thread(target=run, args=(i,)) for i in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def is_problem(answer: httpx.Response, status: int) -> dict[str, Any]:
    """Check that an answer is problem+json as it must be, and return it."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body["status"] == status
    assert body["trace_id"] == answer.headers["x-request-id"]
    assert any("\u4e00" <= c <= "\u9fff" for c in body["detail"])
    return body
