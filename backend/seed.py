"""Puts the demo community into the database: ``python -m backend.seed [--bench N]``. Twice changes nothing.

``--bench N`` adds owners bench0001 … with a home each in the first estate, for load tests.
"""

import argparse
import sys
from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from backend.domains.dispatch import demo as demo_dispatch
from backend.domains.equipment import demo as demo_equipment
from backend.domains.estate import demo as demo_estate
from backend.domains.estate import service as estate
from backend.domains.identity import demo as demo_people
from backend.domains.identity import guard
from backend.domains.identity import service as identity
from backend.domains.identity.models import Membership, Person
from backend.domains.knowledge import demo as demo_knowledge
from backend.domains.stock import demo as demo_stock
from backend.kit import clock, db
from backend.kit.auth import Role
from backend.kit.scope import system_scope
from backend.settings import get_settings
from backend.wiring import load_tables

BENCH_ESTATE = "sunshine"


def seed(session: Session) -> None:
    """Add what is missing of the demo community. System work."""
    ids = demo_estate.seed(session)
    for here in demo_estate.ESTATES:
        gates = tuple(name for name, _, _ in here.places if name.endswith("门"))
        demo_equipment.seed(session, ids[here.code], here.buildings, here.units, gates)
        demo_knowledge.seed(session, ids[here.code], here.code)
        demo_stock.seed(session, ids[here.code])
    for person in demo_people.PEOPLE:
        _person(session, person, ids)


def _person(session: Session, person: demo_people.DemoPerson, ids: dict[str, int]) -> None:
    new = identity.NewPerson(person.username, person.name, person.phone, demo_people.PASSWORD, person.skills)
    person_id = identity.register(session, new)
    community_id = ids[person.community] if person.community else None
    room_id = None
    if community_id is not None and person.home:
        building, unit, room = person.home
        address = estate.Location(person.community, building, unit, None, room)
        room_id = estate.find_room_id(session, community_id, address)
    identity.add_membership(session, person_id, person.role, community_id, room_id)
    if person.role is Role.TECHNICIAN and community_id is not None:
        demo_dispatch.seed(session, community_id, person_id)


def seed_bench(session: Session, count: int) -> int:
    """Add the missing ones of ``count`` owners, each in another home while there are homes. Returns how many."""
    here = estate.community_by_code(session, BENCH_ESTATE)
    names = [f"{guard.BENCH_PREFIX}{number:04d}" for number in range(1, count + 1)]
    bench = Person.username.startswith(guard.BENCH_PREFIX)
    known = set(session.scalars(select(Person.username).where(bench)))
    missing = [name for name in names if name not in known]
    if not missing:
        return 0
    session.execute(insert(Person), _bench_people(session, missing))
    found = session.execute(select(Person.username, Person.id).where(bench))
    ids = {str(name): int(person_id) for name, person_id in found}
    taken = set(session.scalars(select(Membership.room_id)))
    rooms = demo_estate.room_ids(session, here.id)
    free = [room for room in rooms if room not in taken] or rooms
    homes = [
        {
            "person_id": ids[name],
            "community_id": here.id,
            "role": Role.OWNER.value,
            "room_id": free[number % len(free)],
        }
        for number, name in enumerate(missing)
    ]
    session.execute(insert(Membership), homes)
    return len(missing)


def _bench_people(session: Session, names: Sequence[str]) -> list[dict[str, Any]]:
    # One hash for all: hashing is slow on purpose, and everybody has the same demo password.
    known = select(Person.password_hash).where(Person.username == demo_people.PEOPLE[0].username)
    password_hash = session.scalars(known).one()
    return [
        {
            "username": name,
            "name": f"压测业主{name.removeprefix(guard.BENCH_PREFIX)}",
            "phone": None,
            "password_hash": password_hash,
            "skills": [],
            "created_at": clock.now(),
        }
        for name in names
    ]


def main(argv: Sequence[str] | None = None) -> int:
    """Seed the database of the settings; refuses outside demo mode."""
    parser = argparse.ArgumentParser(prog="backend.seed", description=__doc__)
    parser.add_argument("--bench", type=int, default=0, metavar="N", help="also add N owners for load tests")
    bench = parser.parse_args(argv).bench
    if not get_settings().demo:
        print(
            "✗ 演示数据只用于演示模式（GUANJIA_DEMO=true）· demo data is for demo mode only",
            file=sys.stderr,
        )
        return 2
    load_tables()
    with db.transaction() as session:
        session.info["unaudited"] = True
        with system_scope(session):
            seed(session)
            added = seed_bench(session, bench) if bench else 0
    print("✓ 演示小区已就绪 · demo community is ready" + (f"，+{added} bench" if bench else ""))
    return 0


if __name__ == "__main__":
    sys.exit(main())
