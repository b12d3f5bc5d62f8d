"""`make bench-wechat`: a crowd writes to the WeChat account while the bot is slow; what WeChat sees, and what comes back.

Backend, connectors and worker are processes of their own over an empty database; this one is WeChat, the crowd and a bot
that takes its time, one message of a person after the other. Ends with one line of JSON.
"""

import argparse
import asyncio
import itertools
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

import httpx
import psutil
from sqlalchemy import func, select
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from backend import migrate, seed
from backend.domains.channels import service as channels
from backend.domains.conversations.models import Message
from backend.domains.estate import service as estate
from backend.domains.identity.models import Person
from backend.kit import db
from backend.kit.scope import system_scope
from connectors.wechat.emulator.api import Api
from connectors.wechat.emulator.platform import Platform
from connectors.wechat.emulator.sending import Callback, Sending
from tests.backend.support import Served, environment, fresh_database

ROOT = Path(__file__).parents[2]
KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
CUT_S = 5.0
PATIENCE_S = 180.0
QUIET_S = 8.0


class SlowBot:
    """Answers each message after a while; the messages of a person wait for each other."""

    def __init__(self, turn_s: float) -> None:
        self._turn_s = turn_s
        self._locks: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self.app = Starlette(routes=[Route("/{rest:path}", self._answer, methods=["GET", "POST"])])

    async def _answer(self, request: Request) -> Response:
        if request.method == "GET":
            return JSONResponse({})
        body = await request.json()
        if request.url.path.endswith("/turn"):
            async with self._locks[body["sender"]]:
                await asyncio.sleep(self._turn_s)
        return JSONResponse({"replies": [{"text": body.get("text", "")}], "nlu": {}})


@dataclass
class Crowd:
    """Who writes, and what came of it."""

    platform: Platform
    sending: Sending
    acks: list[float] = field(default_factory=list)
    cut: int = 0
    answers: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def forget(self) -> None:
        """Count from here."""
        self.acks.clear()
        self.answers.clear()
        self.cut = 0

    async def one(self, openid: str, text: str, number: int, twice: bool) -> None:
        """Send a message as WeChat does, perhaps twice at once."""
        self.platform.spoke(openid)
        fields = {"ToUserName": "gh", "FromUserName": openid, "CreateTime": str(int(time.time())), "MsgType": "text",
                  "Content": text, "MsgId": str(10**15 + number + (text == "你好") * 10**6)}  # fmt: skip
        xml = "<xml>" + "".join(f"<{k}>{v}</{k}>" for k, v in fields.items()) + "</xml>"
        told = await asyncio.gather(*(self._tried(xml) for _ in range(2 if twice else 1)))
        shown = next((one for one in told if one), None)  # the same message twice: WeChat shows one answer
        if shown:
            self.answers[openid].append(shown)

    async def _tried(self, xml: str) -> str | None:
        for _ in range(3):
            query, body = self.sending._sealed(xml, ())
            began = time.monotonic()
            try:
                answer = await self.sending._client.post(
                    self.sending._callback.url, params=query, content=body.encode(), timeout=CUT_S
                )
            except httpx.HTTPError:
                self.cut += 1
                continue
            self.acks.append(time.monotonic() - began)
            if answer.status_code == 200:
                return None if answer.text in ("", "success") else self.sending._opened(answer.text)
            self.cut += 1
        return None


class Following(Platform):
    """A platform whose messages to followers are answers to the crowd."""

    crowd: Crowd | None = None

    def write(self, openid: str, side: str, text: str, **more: str) -> None:
        """Keep the order in which answers reach a follower."""
        if self.crowd is not None and side == "them":
            self.crowd.answers[openid].extend(text.split("\n\n"))


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def _processes(backend_port: int, public_port: int, log: Path) -> Iterator[None]:
    uvicorn = [sys.executable, "-W", "ignore", "-m", "uvicorn", "--no-access-log", "--host", "127.0.0.1"]
    commands = (
        [*uvicorn, "backend.main:app", "--port", str(backend_port)],
        [*uvicorn, "connectors.web.app:app", "--port", str(public_port)],
        [sys.executable, "-W", "ignore", "-m", "backend.worker"],
    )
    with log.open("wb") as out:
        started = [
            subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=out, start_new_session=True) for command in commands
        ]
        try:
            for port in (backend_port, public_port):
                _wait(f"http://127.0.0.1:{port}/healthz")
            _rest([psutil.Process(process.pid) for process in started])
            yield
        finally:
            for process in started:
                process.terminate()
            for process in started:
                try:
                    process.wait(30)
                except subprocess.TimeoutExpired:  # what it and its children still do is of no interest
                    os.killpg(process.pid, signal.SIGKILL)
                    process.wait()


def _wait(url: str) -> None:
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        try:
            if httpx.get(url, trust_env=False).status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.2)
    raise SystemExit(f"{url} does not answer")


def _rest(processes: Sequence[psutil.Process]) -> None:
    """Wait until what a first start does beside (models, the index of documents) is done."""
    end, quiet = time.monotonic() + PATIENCE_S, 0
    while quiet < 3 and time.monotonic() < end:
        before = [sum(p.cpu_times()[:2]) for p in processes]
        time.sleep(1.0)
        busy = max(sum(p.cpu_times()[:2]) - b for p, b in zip(processes, before, strict=True))
        quiet = quiet + 1 if busy < 0.2 else 0


def _bound(count: int) -> list[str]:
    """Seed owners and bind an account to each."""
    assert seed.main(["--bench", str(count)]) == 0
    with db.transaction() as session, system_scope(session):
        here = estate.community_by_code(session, "sunshine").id
        ids = session.scalars(select(Person.id).where(Person.username.startswith("bench")).order_by(Person.id)).all()
        openids = [f"o-bench-{n:04d}" for n in range(count)]
        for openid, person_id in zip(openids, ids, strict=False):
            channels.bind(session, channels.WECHAT, openid, person_id, here)
    return openids


async def _storm(crowd: Crowd, openids: Sequence[str], messages: int, over_s: float) -> int:
    """Send everything, a tenth of it twice; wait until answers stop coming. Returns how many were sent."""
    chance = random.Random(7)
    began, sent = time.monotonic(), []
    for number in range(messages):
        openid = openids[number % len(openids)]
        await asyncio.sleep(max(0.0, began + over_s * number / messages - time.monotonic()))
        sent.append(asyncio.create_task(crowd.one(openid, f"第{number}条", number, chance.random() < 0.1)))
    await asyncio.gather(*sent)
    end, seen, changed = time.monotonic() + PATIENCE_S, -1, time.monotonic()
    while time.monotonic() < end and seen < messages and time.monotonic() - changed < QUIET_S + CUT_S * 3:
        now = sum(map(len, crowd.answers.values()))
        if now != seen:
            seen, changed = now, time.monotonic()
        await asyncio.sleep(0.2)
    return len(sent)


def _figures(crowd: Crowd, sent: int) -> dict[str, Any]:
    flat = [text for texts in crowd.answers.values() for text in texts]
    numbers = {
        who: [int(text[1:-1]) for text in texts if text.startswith("第")] for who, texts in crowd.answers.items()
    }
    with db.transaction(read_only=True) as session, system_scope(session):
        stored = session.scalars(select(func.count(Message.seq)).where(Message.direction == "in")).one()
    acks = sorted(crowd.acks)
    return {
        "sent": sent,
        "acked_in_5s": sum(a < CUT_S for a in acks),
        "cut": crowd.cut,
        "ack_p50_s": round(acks[len(acks) // 2], 2),
        "ack_p99_s": round(acks[int(len(acks) * 0.99)], 2),
        "answered": len(set(flat)),
        "double_effects": sum(n - 1 for n in Counter(flat).values()) + abs(stored - sent - 1),
        "out_of_order": sum(a > b for texts in numbers.values() for a, b in itertools.pairwise(texts)),
    }


def bench_wechat(url: str, messages: int, people: int, over_s: float, turn_s: float) -> dict[str, Any]:
    """Return the figures of one storm over an empty database."""
    platform = Following("wx-bench", "secret")
    bot = SlowBot(turn_s)
    backend_port, public_port = _free_port(), _free_port()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, Served(bot.app) as rasa, \
            Served(Starlette(routes=Api(platform).routes())) as weixin, \
            environment(url, rasa.url, Path(folder)) as patch:  # fmt: skip
        for name, value in {
            "GUANJIA_BACKEND_URL": f"http://127.0.0.1:{backend_port}",
            "GUANJIA_WECHAT_APP_ID": platform.app_id,
            "GUANJIA_WECHAT_SECRET": platform.secret,
            "GUANJIA_WECHAT_TOKEN": "token",
            "GUANJIA_WECHAT_AES_KEY": KEY,
            "GUANJIA_WECHAT_API_URL": weixin.url,
        }.items():
            patch.setenv(name, os.environ.get(f"BENCH_{name}", value))
        migrate.upgrade()
        openids = _bound(people)
        for openid in openids:
            platform.follower(openid).follows = True
        with _processes(backend_port, public_port, Path(os.environ.get("BENCH_LOG", f"{folder}/log"))):

            async def run() -> dict[str, Any]:
                limits = httpx.Limits(max_connections=None)
                async with httpx.AsyncClient(trust_env=False, limits=limits) as client:
                    callback = Callback(f"http://127.0.0.1:{public_port}/wechat", "token", KEY)
                    crowd = Crowd(platform, Sending(platform, callback, client))
                    platform.crowd = crowd
                    await crowd.one(openids[0], "你好", 0, False)  # models are read with the first message
                    await asyncio.sleep(turn_s + CUT_S)
                    crowd.forget()
                    return _figures(crowd, await _storm(crowd, openids, messages, over_s))

            return asyncio.run(run())


def main() -> None:
    """Run both storms on PostgreSQL (or SQLite) and print their figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kind", choices=("postgresql", "sqlite"), default="postgresql")
    parser.add_argument("--messages", type=int, default=1000)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--over-s", type=float, default=10.0)
    parser.add_argument("--turn-s", type=float, default=3.0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, fresh_database(options.kind, Path(folder)) as url:
        figures = bench_wechat(url, options.messages, options.people, options.over_s, options.turn_s)
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
