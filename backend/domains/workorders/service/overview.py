"""What is open where, when and with whom: the buildings, the calendar, the technicians."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from backend.domains.estate import service as estate
from backend.domains.identity import service as identity
from backend.domains.workorders import repository_overview
from backend.domains.workorders.domain import IN_HAND, Status
from backend.domains.workorders.domain_lists import Card, House, Load, Tally, houses
from backend.domains.workorders.service.listing import cards
from backend.kit import clock
from backend.kit.auth import Principal

SHOWN_AT_MOST = 1000


@dataclass(frozen=True, slots=True)
class Calendar:
    """Orders by the time that is promised; ``more`` when not all of them are here."""

    items: list[Card]
    more: bool


def map_of(session: Session, community_id: int) -> tuple[list[House], Tally]:
    """Return the buildings of an estate with what is open in each, and what is open outside of them."""
    shape = [(b.number, b.units, b.floors) for b in estate.buildings(session, community_id)]
    return houses(shape, repository_overview.open_spots(session, community_id, clock.now()))


def calendar(
    session: Session, start: datetime, end: datetime, community_id: int | None, technician_id: int | None
) -> Calendar:
    """Return the orders that are promised or wished for between two moments."""
    rows = repository_overview.between(session, start, end, community_id, technician_id, SHOWN_AT_MOST + 1)
    return Calendar(cards(session, rows[:SHOWN_AT_MOST]), len(rows) > SHOWN_AT_MOST)


def loads(session: Session, community_ids: Sequence[int], who: Principal) -> list[Load]:
    """Return the technicians of the estates, those with most in hand first."""
    people = {p.id: p for community_id in community_ids for p in identity.technicians(session, community_id)}
    ids = sorted(people)
    moment = clock.now()
    held: dict[int, dict[str, int]] = {}
    late: dict[int, int] = {}
    for person, status, n, overdue in repository_overview.in_hand(session, ids, moment):
        held.setdefault(person, {})[status] = int(n)
        late[person] = late.get(person, 0) + int(overdue)
    done = repository_overview.finished_by(session, ids, *clock.day_of(clock.local_day(moment)))
    doing, coming = _at_work(session, ids)
    found = [
        Load(
            id=p.id,
            name=p.name,
            phone=identity.phone_for(p, who),
            skills=list(p.skills),
            in_hand=held.get(p.id, {}),
            late=late.get(p.id, 0),
            finished_today=done.get(p.id, 0),
            current=doing.get(p.id),
            next=coming.get(p.id),
        )
        for p in people.values()
    ]
    return sorted(found, key=lambda load: (-sum(load.in_hand.get(s, 0) for s in IN_HAND), load.id))


def _at_work(session: Session, ids: Sequence[int]) -> tuple[dict[int, Card], dict[int, Card]]:
    """Return what each is at, and what each goes to next."""
    doing: dict[int, Card] = {}
    coming: dict[int, Card] = {}
    for card in cards(session, repository_overview.at_work(session, ids)):
        if card.technician is not None:
            into = doing if card.status == Status.ON_SITE else coming
            into.setdefault(card.technician.id, card)
    return doing, coming
