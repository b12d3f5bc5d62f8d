"""`python tests/bench/clocks.py`: how long a sweep takes over 100,000 running clocks of orders, on PostgreSQL.

Once when few of them are due, which is what happens every few seconds, and once when every one is, as after a long
outage: each step then moves its clock, tells a person, and writes a line of history, in batches. The last line is JSON.
"""

import argparse
import json
import os
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

import psycopg
from sqlalchemy import func, insert, select, update

SERVER = "postgresql://postgres@127.0.0.1:5432"
CLOCKS = 100_000
FEW = 20
ENVIRONMENT = {
    "GUANJIA_SECRET_KEY": "a-secret-key-for-a-benchmark-that-is-long-enough",
    "GUANJIA_SERVICE_TOKEN": "unused by a benchmark",
    "GUANJIA_DEMO": "true",
}


@contextmanager
def _database() -> Iterator[str]:
    name = f"guanjia_bench_clocks_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(SERVER, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
        try:
            yield f"{SERVER}/{name}"
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _prepare(url: str) -> None:
    for name, value in ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    os.environ["DATABASE_URL"] = url
    os.environ["GUANJIA_VAR_DIR"] = tempfile.mkdtemp()
    from backend import migrate, seed
    from backend.kit import db
    from backend.settings import get_settings

    for cached in (get_settings, db.get_engine, db._factory):
        cached.cache_clear()
    migrate.upgrade()
    assert seed.main([]) == 0


def _fill(n: int) -> None:
    """Put ``n`` running clocks of arrivals into the database, one of an order each, none due for hours."""
    from backend.domains.clocks.models import Clock
    from backend.domains.identity.models import Membership
    from backend.domains.workorders.models import WorkOrder
    from backend.kit import clock, db
    from backend.kit.scope import system_scope

    now = clock.now()
    start, due = now - timedelta(minutes=30), now + timedelta(hours=6)
    order: dict[str, Any] = {
        **{"status": "accepted", "category": "plumbing", "urgency": "high", "scope": "public", "place": "大堂"},
        **{"building": "3", "unit": "2", "fault": "水管漏水", "source": "web", "attachments": [], "version": 1},
        **{"created_at": start, "updated_at": start, "promised_at": due},
    }
    running: dict[str, Any] = {
        **{"subject_type": "work_order", "kind": "arrival", "round": 1, "round_the_clock": True, "level": 0},
        **{"span_s": 23400, "interval_s": 900, "remaining_s": 23400, "paused_s": 0, "revision": 0},
        **{"started_at": start, "running_since": start, "due_at": due, "warn_at": due, "next_step_at": due},
    }
    with db.transaction() as session, system_scope(session):
        technician = session.scalars(select(Membership).where(Membership.role == "technician")).first()
        assert technician is not None
        owner = session.scalars(select(Membership.person_id).where(Membership.role == "owner")).first()
        here = {"community_id": technician.community_id}
        people = {"technician_id": technician.person_id, "reporter_id": owner}
        rows = [{**order, **here, **people, "number": f"BENCH-{i:07d}"} for i in range(n)]
        session.execute(insert(WorkOrder), rows)
        ids = session.scalars(select(WorkOrder.id).where(WorkOrder.number.startswith("BENCH-"))).all()
        session.execute(insert(Clock), [{**running, **here, "subject_id": i} for i in ids])
    with db.get_engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")


def _make_due(count: int) -> None:
    from backend.domains.clocks.models import Clock
    from backend.kit import clock, db
    from backend.kit.scope import system_scope

    moment = clock.now() - timedelta(seconds=1)
    with db.transaction() as session, system_scope(session):
        last = session.scalars(select(func.max(Clock.id))).one()
        session.execute(update(Clock).where(Clock.id > last - count).values(next_step_at=moment))


def _sweep() -> tuple[float, int]:
    from backend.domains.clocks import service as clocks
    from backend.domains.workorders import service as _workorders  # it says what a step brings about

    assert _workorders
    start = time.perf_counter()
    made = clocks.sweep()
    return time.perf_counter() - start, made


def bench_sweep(url: str, n: int = CLOCKS) -> float:
    """Return the seconds that a sweep over ``n`` running clocks takes of which few are due."""
    _prepare(url)
    _fill(n)
    _make_due(FEW)
    seconds, made = _sweep()
    assert made == min(FEW, n), made
    return seconds


def bench_all_due(n: int) -> float:
    """Return the seconds that a sweep takes when all of the clocks of ``bench_sweep`` are due."""
    from backend.domains.workorders.models import WorkOrderEvent
    from backend.kit import db
    from backend.kit.outbox import OutboxRow
    from backend.kit.scope import system_scope

    _make_due(n)
    seconds, made = _sweep()
    with db.transaction(read_only=True) as session, system_scope(session):
        lines = session.scalars(select(func.count(WorkOrderEvent.id))).one()
        told = session.scalars(select(func.count(OutboxRow.id))).one()
    assert (made, lines, told) == (n, n + min(FEW, n), n + min(FEW, n)), (made, lines, told)
    db.get_engine().dispose()
    return seconds


def main() -> int:
    """Print the table and the JSON line."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--clocks", type=int, default=CLOCKS)
    n = options.parse_args().clocks
    with _database() as url:
        few, everything = bench_sweep(url, n), bench_all_due(n)
    print(f"{'sweep over running clocks':40}{'seconds':>10}{'a second':>12}")
    print(f"{f'{n:,} running, {FEW} due':40}{few:10.3f}{'':>12}")
    print(f"{f'{n:,} running, all due':40}{everything:10.1f}{n / everything:12,.0f}")
    print(json.dumps({"sweep_100k_s": round(few, 4), "sweep_100k_due_s": round(everything, 2), "clocks": n}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
