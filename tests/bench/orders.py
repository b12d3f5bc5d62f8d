"""`make bench-orders`: lists, search and new orders of a company with a million orders, on PostgreSQL.

1. A database of its own is made, filled (``orders_data``) and dropped afterwards; the API runs in processes of its own.
2. What the desk of one estate and the manager of all of them read, one request after another: p50 and p95 of each kind.
3. New orders a second: owners report through as many connections as the desk of a large company would see, against
   several API processes; each order is triaged, dispatched, audited and tells people, as always.
4. The sweep of the clocks and the race for one order, where those are there.

The last line is one JSON object. Goals: each p95 at most 50 ms.
"""

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import httpx
import psutil
import psycopg

from tests.bench import orders_data
from tests.bench.system import _free_ports, _surroundings

ROOT = Path(__file__).parents[2]
ADMIN = "postgresql://postgres@127.0.0.1:5432"
MILLION = 1_000_000
SWEPT = 100_000
GRABBING = 500
CORES = 2
"""Those of the goal."""
GOAL_MS = 50.0
BESIDE = ("count", "other")
"""Kinds without a goal: what fills in after the rows are there."""
SECRET = "a-secret-of-the-benchmark-that-is-long-enough"
FAULTS = (
    "厨房水龙头漏水",
    "楼道灯不亮",
    "电梯有异响",
    "门禁打不开",
    "下水道堵了",
    "车库积水",
    "对讲机失灵",
    "路灯一直闪",
)


@dataclass(frozen=True)
class Api:
    """Running API processes over one database."""

    url: str
    urls: tuple[str, ...]
    pids: tuple[int, ...]

    def cpu_s(self) -> float:
        """Return the processor seconds that these processes and their connections have used until now.

        On a busy machine they say more than the time that went by.
        """
        used = 0.0
        for pid in (*self.pids, *_connections(self.url)):
            with suppress(psutil.Error):
                times = psutil.Process(pid).cpu_times()
                used += times.user + times.system
        return used


@lru_cache(maxsize=4)
def _connections(url: str) -> tuple[int, ...]:
    """Return the processes of PostgreSQL that serve this database; after everybody has connected."""
    with psycopg.connect(url) as own:
        query = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        return tuple(int(pid) for (pid,) in own.execute(query))


@contextmanager
def database(keep: str | None) -> Iterator[tuple[str, bool]]:
    """Give the URL of a database and whether it is to be filled; ``keep`` names one that is used and left."""
    name = keep or f"guanjia_bench_{uuid.uuid4().hex[:10]}"
    with psycopg.connect(ADMIN, autocommit=True) as admin:
        known = admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if not known:
            admin.execute(f"CREATE DATABASE {name}")
        try:
            yield f"{ADMIN}/{name}", not known
        finally:
            if not keep:
                admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def environment(url: str, var: str) -> dict[str, str]:
    """Return the settings of every process of this benchmark."""
    return {
        **_surroundings(),
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "ignore",
        "DATABASE_URL": url,
        "GUANJIA_SECRET_KEY": SECRET,
        "GUANJIA_SERVICE_TOKEN": "unused by a benchmark",
        "GUANJIA_DEMO": "true",
        "GUANJIA_VAR_DIR": var,
        "GUANJIA_WARM_ENCODER": "false",  # the laid orders have no vectors, and making them is not what is measured
    }


def prepare(url: str, var: str, orders: int) -> None:
    """Migrate, seed and fill a database."""
    settings = environment(url, var)
    for module in ("backend.migrate", "backend.seed"):
        subprocess.run([sys.executable, "-m", module], env=settings, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    began = time.monotonic()
    with psycopg.connect(url, autocommit=True) as connection:
        orders_data.lay(connection, orders)
        connection.execute("VACUUM ANALYZE")
    print(f"{orders:,} orders laid in {time.monotonic() - began:.0f} s")


@contextmanager
def serving(url: str, var: str, processes: int) -> Iterator[Api]:
    """Run the API."""
    running: list[subprocess.Popen[bytes]] = []
    urls = []
    try:
        for port in _free_ports(processes):
            command = [sys.executable, "-m", "uvicorn", "--no-access-log", "--port", str(port), "backend.main:app"]
            with (Path(var) / "api.log").open("ab") as log:
                running.append(subprocess.Popen(command, env=environment(url, var), cwd=ROOT, stdout=log, stderr=log))
            urls.append(f"http://127.0.0.1:{port}")
        for base in urls:
            _await(base)
        yield Api(url, tuple(urls), tuple(process.pid for process in running))
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait(30)


def _await(base: str) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        try:
            if httpx.get(base + "/healthz", trust_env=False, timeout=10).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    raise SystemExit("the API did not start")


class Reader:
    """Somebody who reads lists."""

    def __init__(self, base: str, person_id: int) -> None:
        from backend.kit.auth import Claims, issue_token

        headers = {"Authorization": f"Bearer {issue_token(Claims(person_id), 6 * 3600)}"}
        self._client = httpx.Client(base_url=f"{base}/api/v1", headers=headers, trust_env=False, timeout=120)

    def get(self, path: str, **params: Any) -> float:
        """Return how many milliseconds the answer took."""
        began = time.perf_counter()
        answer = self._client.get(path, params=params)
        took = (time.perf_counter() - began) * 1000
        answer.raise_for_status()
        return took

    def json(self, path: str, **params: Any) -> Any:
        """Return an answer."""
        return self._client.get(path, params=params).raise_for_status().json()


LISTS: tuple[dict[str, Any], ...] = (
    {},
    {"open": True},
    {"status": "triaged"},
    {"status": "closed"},
    {"status": ["suspended", "reopened"]},
    {"late": True},
    {"open": True, "sort": "urgency"},
    {"open": True, "sort": "promised"},
    {"sort": "updated"},
    {"category": "pest", "urgency": "emergency"},
    {"building": "17", "unit": "2"},
    {"building": "9", "open": True},
    {"scope": "public", "source": "voice", "category": ["elevator", "gas"]},
    {"created_from": "2024-03-01", "created_to": "2024-03-07"},
    {"unassigned": True, "open": True},
)
"""Filters as the desk uses them. The page asks for the count beside the rows; so does this (``count``)."""
WORDS = (
    "漏水", "异响", "电梯", "消防", "打不开", "水龙头", "楼道灯", "下水道堵", "电梯按键", "灭火器", "漏水 厨房", "张伟",
    "3号楼2单元", "17-2-1201", "十二号楼1单元1502", "1801", "9号楼漏水", "井盖松动", "热水器冒烟", "阳台渗水",
)  # fmt: skip
NEVER = ("鳄鱼爬", "潜水艇")
"""Words that are in no order."""


KINDS = ("board", "list", "search", "one", "count", "other")
Took = dict[str, dict[str, list[float]]]


def reads(api: Api, laid: orders_data.Laid, rounds: int) -> tuple[Took, dict[str, float]]:
    """Time what is read, everything of each kind in turn, by the desk of one estate and the manager of all."""
    cpu_s: dict[str, float] = dict.fromkeys(KINDS, 0.0)
    took: Took = {kind: {} for kind in KINDS}
    people = {"desk": Reader(api.urls[0], laid.desk_id), "region": Reader(api.urls[0], laid.region_id)}
    technician = {"technician": laid.technician_id}
    for reader in people.values():
        for path in ("/work-orders/board", "/work-orders"):
            reader.get(path)
    for number in range(rounds):
        for name, reader in people.items():
            for kind, what, path, params in _asked(laid, technician, number):
                began = api.cpu_s()
                took[kind].setdefault(f"{name} {what}", []).append(reader.get(path, **params))
                cpu_s[kind] += api.cpu_s() - began
            found = reader.json("/work-orders", limit=20, building=str(number % 30 + 1))["items"]
            began = api.cpu_s()
            for order in found:
                took["one"].setdefault(name, []).append(reader.get(f"/work-orders/{order['number']}"))
            cpu_s["one"] += api.cpu_s() - began
    return took, cpu_s


def _asked(
    laid: orders_data.Laid, technician: dict[str, Any], number: int
) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    here = laid.codes[0]
    yield "board", "whole", "/work-orders/board", {}
    yield "board", "one estate", "/work-orders/board", {"community": here}
    yield "board", "a building, urgent", "/work-orders/board", {"building": "4", "urgency": ["emergency", "high"]}
    yield "board", "a technician", "/work-orders/board", technician
    yield "board", "late", "/work-orders/board", {"late": True}
    yield "other", "what is over, too", "/work-orders/board", {"ended": True}
    yield "board", "a word", "/work-orders/board", {"q": "漏水"}
    for params in (*LISTS, technician, {**technician, "open": True}):
        yield "list", json.dumps(params, ensure_ascii=False), "/work-orders", params
    for params in LISTS:
        yield "count", json.dumps(params, ensure_ascii=False), "/work-orders/count", params
    for q in (*WORDS, *NEVER):
        yield "search", q, "/work-orders", {"q": q}
        yield "count", q, "/work-orders/count", {"q": q}
    yield "search", "open, a word", "/work-orders", {"q": "漏水", "open": True, "sort": "urgency"}
    yield "search", "a number", "/work-orders", {"q": f"BA2611-{number * 977 + MILLION // 2:07d}"}
    yield "search", "the end of a number", "/work-orders", {"q": f"-{number * 977 + MILLION // 2:07d}"}
    yield "other", "map", "/work-orders/map", {"community": here}
    yield "other", "technicians", "/work-orders/technicians", {"community": here}


def p95(values: list[float]) -> float:
    """Return the 95th percentile."""
    return statistics.quantiles(values, n=20, method="inclusive")[18] if len(values) > 1 else values[0]


def show(took: Took, cpu_s: dict[str, float], slowest: int) -> dict[str, float]:
    """Print the figures of each kind and its slowest questions; return the line's."""
    line = {}
    for kind, questions in took.items():
        every = [ms for values in questions.values() for ms in values]
        line[f"{kind}_p50_ms"], line[f"{kind}_p95_ms"] = round(statistics.median(every), 1), round(p95(every), 1)
        line[f"{kind}_cpu_ms"] = round(cpu_s[kind] * 1000 / len(every), 1)
        mark = "" if kind in BESIDE or p95(every) <= GOAL_MS else "  ← over the goal"
        print(
            f"{kind:8} n={len(every):5}  p50 {statistics.median(every):7.1f} ms  p95 {p95(every):7.1f} ms"
            f"  processor {line[f'{kind}_cpu_ms']:6.1f} ms each{mark}"
        )
        for what, values in sorted(questions.items(), key=lambda q: -statistics.median(q[1]))[:slowest]:
            print(f"    {statistics.median(values):7.1f} … {max(values):7.1f}  {what}")
    return line


def _settled(api: Api) -> None:
    """Wait until the processes rest: after a start each learns the model of danger, which has nothing to do with orders."""
    used = -1.0
    for _ in range(60):
        before, used = used, api.cpu_s()
        if used - before < 0.2:
            return
        time.sleep(1)


def creates(api: Api, url: str, seconds: float, connections: int) -> float:
    """Return how many new orders a second are opened by owners of all estates."""
    from backend.kit.auth import Claims, issue_token

    with psycopg.connect(url) as connection:
        homes = connection.execute(
            "SELECT m.person_id, c.code, r.building, r.unit, r.floor, r.number FROM memberships m"
            " JOIN rooms r ON r.id = m.room_id JOIN communities c ON c.id = m.community_id"
            " WHERE c.code LIKE 'bench%%' ORDER BY random() LIMIT 2000"
        ).fetchall()
    tokens = [issue_token(Claims(row[0]), 6 * 3600) for row in homes]
    stop_at = time.monotonic() + seconds
    opened = [0] * connections

    def report(place: int) -> None:
        chance = random.Random(place)
        with httpx.Client(base_url=f"{api.urls[place % len(api.urls)]}/api/v1", trust_env=False, timeout=60) as client:
            while time.monotonic() < stop_at:
                n = chance.randrange(len(homes))
                _, code, building, unit, floor, room = homes[n]
                where = {"community": code, "building": building, "unit": unit, "floor": floor, "room": room}
                body = {"category": "plumbing", "fault": chance.choice(FAULTS), "location": where}
                headers = {"Authorization": f"Bearer {tokens[n]}", "Idempotency-Key": uuid.uuid4().hex}
                client.post("/work-orders", json=body, headers=headers).raise_for_status()
                opened[place] += 1

    threads = [threading.Thread(target=report, args=(place,)) for place in range(connections)]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(opened) / (time.monotonic() - began)


def _others(url: str) -> dict[str, Any]:
    """Return the figures of the clocks and of the race for one order, where those benchmarks are there."""
    found: dict[str, Any] = {}
    try:
        from tests.bench.clocks import bench_sweep  # type: ignore[import-not-found,unused-ignore]

        found["sweep_100k_s"] = round(bench_sweep(url, SWEPT), 2)
    except ImportError:
        print("clocks: not there")
    try:
        from tests.bench.grab import bench_grab  # type: ignore[import-not-found,unused-ignore]

        found["grab_winners"], found["grab_errors"] = bench_grab(url, GRABBING)
    except ImportError:
        print("the race for one order: not there")
    return found


def _alone(measure: Callable[[str], dict[str, Any]], var: str) -> dict[str, Any]:
    """Return what is measured on a small database of its own, so that a million orders stand not in its way."""
    with database(None) as (url, _):
        prepare(url, var, 1000)
        return measure(url)


def main() -> int:
    """Print the table and the JSON line."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--orders", type=int, default=MILLION)
    options.add_argument("--rounds", type=int, default=20, help="how often each question is asked")
    options.add_argument("--seconds", type=float, default=20.0, help="how long orders are opened; 0 leaves it out")
    options.add_argument("--processes", type=int, default=2, help="API processes while orders are opened")
    options.add_argument("--connections", type=int, default=16)
    options.add_argument("--slowest", type=int, default=3, help="questions shown of each kind")
    options.add_argument("--keep", help="name of a database to use and to leave; it is filled when it is not there")
    wanted = options.parse_args()
    with ExitStack() as stack:
        var = stack.enter_context(tempfile.TemporaryDirectory(prefix="guanjia-bench-"))
        url, empty = stack.enter_context(database(wanted.keep))
        os.environ.update(environment(url, var))
        if empty:
            prepare(url, var, wanted.orders)
        with psycopg.connect(url) as connection:
            laid = orders_data.known(connection)
        line: dict[str, Any] = {"orders": wanted.orders}
        with serving(url, var, 1) as api:
            line |= show(*reads(api, laid, wanted.rounds), wanted.slowest)
            line["load_average"] = round(os.getloadavg()[0], 1)
        if wanted.seconds:
            with serving(url, var, wanted.processes) as api:
                _settled(api)
                creates(api, url, 3, wanted.connections)
                began = api.cpu_s()
                line["create_per_s"] = round(creates(api, url, wanted.seconds, wanted.connections), 1)
                each_s = (api.cpu_s() - began) / (line["create_per_s"] * wanted.seconds)
            line["create_cpu_ms"], line["create_ceiling_per_s"] = round(each_s * 1000, 1), round(CORES / each_s, 1)
            print(
                f"new orders: {line['create_per_s']} a second through {wanted.processes} API processes;"
                f" processor {line['create_cpu_ms']} ms each, so at most {line['create_ceiling_per_s']} a second"
                f" on {CORES} cores, if nobody else uses them"
            )
        line |= _alone(_others, var)
    print(json.dumps(line))
    return 0


if __name__ == "__main__":
    sys.exit(main())
