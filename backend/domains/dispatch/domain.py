"""The choice of a technician, and the arrival that is promised. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Candidate:
    """A technician who could take an order."""

    person_id: int
    skills: frozenset[str]


ARRIVAL_WITHIN: Mapping[str, timedelta] = {
    "emergency": timedelta(minutes=30),
    "high": timedelta(hours=2),
    "normal": timedelta(hours=24),
    "low": timedelta(hours=72),
}
"""Arrival promised by urgency, from the report."""


def choose(
    category: str,
    candidates: Sequence[Candidate],
    load: Mapping[int, int],
    avoid: frozenset[int] = frozenset(),
) -> int | None:
    """Return the technician with the skill who has the fewest open orders; ties go to the lower id. None: nobody fits."""
    fitting = [c for c in candidates if category in c.skills and c.person_id not in avoid]
    if not fitting:
        return None
    return min(fitting, key=lambda c: (load.get(c.person_id, 0), c.person_id)).person_id


def promised_arrival(urgency: str, reported_at: datetime) -> datetime:
    """Return the moment by which somebody is promised to be there."""
    return reported_at + ARRIVAL_WITHIN[urgency]
