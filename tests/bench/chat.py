"""`make bench-chat`: what a chat turn costs, end to end, beside bare Rasa in the same run.

A turn is a report in one message (「我家厨房水龙头漏水」) through the public port; it counts only when its answer carries
the new work order. Interleaved with it, on the same server and model: a greeting through Rasa's own REST channel
with one custom action that calls nobody (bare), and the same kind of report straight into Rasa's `guanjia` channel.
Then 1, 4 and 16 people talk at once, each waiting for the answer before speaking again. The last line is JSON.
"""

import argparse
import asyncio
import itertools
import json
import statistics
import sys
import time
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import jwt
import psutil

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.bench.system import System

PASSWORD = "demo1234"
PEOPLE = 48
TALKERS = (1, 4, 16)
IDLE_PERCENT, QUIET_S, REST_S = 15.0, 6, 120.0
FAULTS = (
    "我家厨房水龙头漏水",
    "我家客厅的灯不亮了",
    "我家卫生间马桶堵了",
    "我家卧室插座没电",
    "我家阳台门锁坏了",
    "我家空调不制冷",
)


@dataclass
class Person:
    """Somebody who talks, and the faults that are left to report."""

    id: int
    name: str
    home: str
    token: str
    community: str
    faults: "itertools.cycle[str]"


class Talk:
    """The three ways of a message into the same system."""

    def __init__(self, system: System, client: httpx.AsyncClient) -> None:
        self._system = system
        self._client = client
        self._service = {"Authorization": f"Bearer {system.secret('service.token')}"}
        self._key = system.secret("secret.key")
        self.orders = 0

    async def login(self, username: str, offset: int) -> Person:
        """Log in and learn who this is."""
        form = {"username": username, "password": PASSWORD}
        answer = await self._client.post(f"{self._system.public_url}/api/v1/auth/token", data=form)
        answer.raise_for_status()
        token = answer.json()["access_token"]
        answer = await self._client.get(f"{self._system.public_url}/api/v1/me", headers=_bearer(token))
        answer.raise_for_status()
        me = answer.json()
        home = me["homes"][0]
        faults = itertools.cycle(FAULTS[offset % len(FAULTS) :] + FAULTS[: offset % len(FAULTS)])
        return Person(int(me["id"]), me["name"], home["label"], token, home["community"], faults)

    async def turn(self, who: Person) -> None:
        """Report a fault through the public port; the answer must carry its order."""
        url = f"{self._system.public_url}/api/v1/chat/messages"
        answer = await self._client.post(url, json={"text": next(who.faults)}, headers=_bearer(who.token))
        answer.raise_for_status()
        self._expect_order(answer.json()["replies"])

    async def straight(self, who: Person) -> None:
        """Report a fault straight into Rasa's channel; the actions still call the backend."""
        body = {
            "sender": f"bench-{who.id}",
            "message_id": str(uuid.uuid4()),
            "text": next(who.faults),
            "speaker": {
                "token": self._speaker_token(who),
                "name": who.name,
                "roles": ["owner"],
                "community": who.community,
                "home": who.home,
                "open_orders": 0,
            },
        }
        url = f"{self._system.rasa_url}/webhooks/guanjia/turn"
        answer = await self._client.post(url, json=body, headers=self._service)
        answer.raise_for_status()
        self._expect_order(answer.json()["replies"])

    async def bare(self) -> None:
        """Greet through Rasa's own REST channel: one custom action, no backend."""
        body = {"sender": f"bare-{uuid.uuid4()}", "message": "你好"}
        answer = await self._client.post(f"{self._system.rasa_url}/webhooks/rest/webhook", json=body)
        answer.raise_for_status()
        if not answer.json():
            raise SystemExit("bare Rasa did not answer a greeting")

    def _speaker_token(self, who: Person) -> str:
        claims = {"sub": str(who.id), "via": "bot", "exp": int(time.time()) + 120}
        return jwt.encode(claims, self._key, algorithm="HS256")

    def _expect_order(self, replies: list[dict[str, Any]]) -> None:
        if not any((reply.get("card") or {}).get("type") == "work_order" for reply in replies):
            raise SystemExit(f"a report made no order: {json.dumps(replies, ensure_ascii=False)[:600]}")
        self.orders += 1


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def rest() -> None:
    """Wait until the machine is idle: models loaded, handbooks indexed. Gives up, and says so, after ``REST_S``."""
    began, quiet = time.monotonic(), 0
    while quiet < QUIET_S:
        quiet = quiet + 1 if psutil.cpu_percent(interval=1.0) < IDLE_PERCENT else 0
        if time.monotonic() - began > REST_S:
            print(f"  the machine is not idle after {REST_S:.0f} s; talking nevertheless", flush=True)
            return
    print(f"  idle after another {time.monotonic() - began:.0f} s; talking", flush=True)


async def timed_ms(work: Callable[[], Awaitable[None]]) -> float:
    """Return how long one turn took."""
    began = time.perf_counter()
    await work()
    return (time.perf_counter() - began) * 1000


def percentile(values: list[float], percent: int) -> float:
    """Return a percentile; with few values the nearest that was seen."""
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


async def interleaved(talk: Talk, people: list[Person], turns: int) -> dict[str, list[float]]:
    """Measure the three ways one after another, again and again."""
    seen: dict[str, list[float]] = {"turn": [], "bare": [], "straight": []}
    speakers = itertools.cycle(people)
    for _ in range(turns):
        seen["turn"].append(await timed_ms(lambda: talk.turn(next(speakers))))
        seen["bare"].append(await timed_ms(talk.bare))
        seen["straight"].append(await timed_ms(lambda: talk.straight(next(speakers))))
    return seen


async def together(talk: Talk, people: list[Person], talkers: int, turns: int) -> float:
    """Return turns a second while so many people talk at once."""

    async def talker(mine: list[Person]) -> None:
        speakers = itertools.cycle(mine)
        for _ in range(max(1, turns // talkers)):
            await talk.turn(next(speakers))

    began = time.perf_counter()
    await asyncio.gather(*(talker(people[number::talkers]) for number in range(talkers)))
    return talkers * max(1, turns // talkers) / (time.perf_counter() - began)


async def measure(system: System, turns: int) -> tuple[dict[str, list[float]], dict[int, float]]:
    """Talk to a running system."""
    limits = httpx.Limits(max_connections=32, max_keepalive_connections=32)
    async with httpx.AsyncClient(timeout=60, limits=limits, trust_env=False) as client:
        talk = Talk(system, client)
        people = [await talk.login(f"bench{number:04d}", number) for number in range(1, PEOPLE + 1)]
        for who in people[:3]:
            await talk.turn(who)
            await talk.bare()
        seen = await interleaved(talk, people, turns)
        rates = {talkers: await together(talk, people, talkers, turns) for talkers in TALKERS}
    return seen, rates


def report(
    seen: dict[str, list[float]], rates: dict[int, float], start_s: float, memory: dict[str, float]
) -> dict[str, float]:
    """Print the table; return what the last line says."""
    print(f"\n{'way (interleaved)':<40}{'n':>5}{'p50 ms':>10}{'p95 ms':>10}")
    titles = {
        "turn": "report through the public port",
        "straight": "report straight into Rasa's channel",
        "bare": "bare Rasa REST, one action",
    }
    for key, title in titles.items():
        values = seen[key]
        print(f"{title:<40}{len(values):>5}{percentile(values, 50):>10.0f}{percentile(values, 95):>10.0f}")
    print("\ntalkers  turns/s")
    for talkers, rate in rates.items():
        print(f"{talkers:>7}{rate:>9.1f}")
    print("\nprocess         RSS MB")
    for name, size in memory.items():
        print(f"{name:<12}{size:>10.0f}")
    print(f"\nsecond start {start_s:.1f} s")
    turn_p95, bare_p95 = percentile(seen["turn"], 95), percentile(seen["bare"], 95)
    return {
        "turn_p50_ms": round(percentile(seen["turn"], 50), 1),
        "turn_p95_ms": round(turn_p95, 1),
        "bare_rasa_p95_ms": round(bare_p95, 1),
        "ratio_p95": round(turn_p95 / bare_p95, 2),
        **{f"turns_per_s_{talkers}": round(rate, 2) for talkers, rate in rates.items()},
        "second_start_s": round(start_s, 1),
        "rss_total_mb": round(sum(memory.values())),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="make bench-chat", description=__doc__)
    parser.add_argument("--database-url", help="an empty database; default: SQLite in a temporary folder")
    parser.add_argument("--turns", type=int, default=96, help="turns of each kind (default 96)")
    options = parser.parse_args()
    system = System(options.database_url)
    try:
        print("first start (schema, demo data) ...", flush=True)
        print(f"  {system.start():.1f} s; making {PEOPLE} owners", flush=True)
        system.task("backend.seed", "--bench", str(PEOPLE))
        system.stop()
        print("second start ...", flush=True)
        start_s = system.start()
        print(f"  {start_s:.1f} s; waiting for the machine to be idle", flush=True)
        rest()
        seen, rates = asyncio.run(measure(system, options.turns))
        result = report(seen, rates, start_s, system.memory_mb())
    finally:
        system.remove()
    print(json.dumps(result))


if __name__ == "__main__":
    main()
