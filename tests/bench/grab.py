"""`make bench-grab`: a thousand technicians take one order at the same moment; one gets it, the others hear who.

``bench_grab(url)`` takes the URL of an empty database (PostgreSQL) and returns how many won and how many got anything but
the polite refusal.
"""

import argparse
import asyncio
import json
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

import httpx
from sqlalchemy import insert, select

from backend.domains.estate import service as estate
from backend.domains.identity.models import Membership, Person
from backend.domains.workorders.errors import TakenByAnother
from backend.kit import clock, db
from backend.kit.auth import Claims, Role, issue_token
from backend.kit.scope import system_scope
from tests.backend.support import FakeRasa, Served, World, environment, fresh_database, running

CATEGORY = "greening"
TIMEOUT_S = 300.0


def _crowd(count: int) -> list[int]:
    """Register technicians of one trade, and return their ids."""
    with db.transaction() as session, system_scope(session):
        session.info["unaudited"] = True
        here = estate.community_by_code(session, "sunshine").id
        names = [f"grab{n:05d}" for n in range(count)]
        people = [{"username": n, "name": "抢手", "skills": [CATEGORY], "created_at": clock.now()} for n in names]
        session.execute(insert(Person), people)
        ids = list(session.scalars(select(Person.id).where(Person.username.in_(names)).order_by(Person.id)))
        rows = [{"person_id": i, "community_id": here, "role": Role.TECHNICIAN.value} for i in ids]
        session.execute(insert(Membership), rows)
        return ids


async def _take(url: str, number: str, tokens: list[str]) -> list[httpx.Response | Exception]:
    limits = httpx.Limits(max_connections=len(tokens))
    async with httpx.AsyncClient(base_url=url, limits=limits, timeout=TIMEOUT_S, trust_env=False) as client:
        path, body = f"/api/v1/work-orders/{number}/transitions", {"to": "accepted"}
        calls = [client.post(path, json=body, headers={"Authorization": f"Bearer {t}"}) for t in tokens]
        return await asyncio.gather(*calls, return_exceptions=True)  # type: ignore[return-value]


def take_at_once(world: World, count: int) -> tuple[int, int]:
    """Offer an order, and let so many technicians take it at once."""
    first = world.new(Role.TECHNICIAN, skills=(CATEGORY,))
    rule = {"category": CATEGORY, "mode": "grab", "grab_minutes": 60, "service_minutes": 60}
    assert world.jingli.call("PUT", "/dispatch/rules", json={"community": "sunshine", "rules": [rule]}).is_success
    number = world.zhangwei.open_order(category=CATEGORY)["number"]
    people = [first.id, *_crowd(count - 1)]
    tokens = [issue_token(Claims(person), 3600) for person in people]
    answers = asyncio.run(_take(world.served.url, number, tokens))
    winners = sum(isinstance(a, httpx.Response) and a.status_code == 200 for a in answers)
    refused = sum(isinstance(a, httpx.Response) and _is_polite(a) for a in answers)
    return winners, len(answers) - winners - refused


def _is_polite(answer: httpx.Response) -> bool:
    return answer.status_code == 409 and answer.json()["type"] == TakenByAnother.type


def bench_grab(url: str, n: int = 1000) -> tuple[int, int]:
    """Return (winners, errors) of ``n`` technicians who take one order at once over HTTP."""
    fake = FakeRasa()
    with tempfile.TemporaryDirectory() as folder, Served(fake) as rasa:
        fake.url = rasa.url
        kind = url.split(":", 1)[0]
        with environment(url, fake.url, Path(folder)), running(kind, url, fake) as world:
            return take_at_once(world, n)


def main() -> int:
    """Measure on a database of its own and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=1000)
    parser.add_argument("--database", choices=("postgresql", "mariadb", "sqlite"), default="postgresql")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, fresh_database(args.database, Path(folder)) as url:
        began = time.monotonic()
        winners, errors = bench_grab(url, args.people)
    print(f"{args.people} at once on {args.database}, {time.monotonic() - began:.0f} s with set-up")
    print(json.dumps({"winners": winners, "errors": errors}))
    return 0 if (winners, errors) == (1, 0) else 1


if __name__ == "__main__":
    sys.exit(main())
