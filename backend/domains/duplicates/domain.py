"""When two reports are the same fault: facts in, a verdict out. Pure: no I/O, no clock.

SURE is acted upon by itself (the second reporter joins the first order), LIKELY is only shown to staff. A wrong SURE hides
a fault that nobody will repair, a wrong NO costs one order too many, so SURE wants the place, the thing and the words.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import IntEnum

from backend.domains.duplicates import aspects, places
from backend.domains.duplicates.aspects import Words
from backend.domains.duplicates.places import Where

OPENED_WITHIN = timedelta(days=30)
ENDED_WITHIN = timedelta(days=2)

NEIGHBOURS: frozenset[frozenset[str]] = frozenset(
    frozenset(pair)
    for pair in (
        ("lighting", "electrical"),
        ("lighting", "elevator"),
        ("lighting", "fire_safety"),
        ("electrical", "low_voltage"),
        ("electrical", "fire_safety"),
        ("electrical", "elevator"),
        ("access_security", "civil"),
        ("access_security", "parking"),
        ("access_security", "low_voltage"),
        ("plumbing", "civil"),
        ("plumbing", "fire_safety"),
        ("plumbing", "hvac"),
        ("plumbing", "cleaning"),
        ("plumbing", "greening"),
        ("civil", "fire_safety"),
        ("civil", "elevator"),
        ("civil", "greening"),
        ("cleaning", "pest"),
        ("cleaning", "greening"),
        ("cleaning", "fire_safety"),
        ("cleaning", "elevator"),
        ("cleaning", "parking"),
        ("parking", "fire_safety"),
        ("hvac", "appliance"),
        ("gas", "fire_safety"),
        ("noise", "parking"),
        ("noise", "elevator"),
        ("noise", "hvac"),
        ("noise", "plumbing"),
    )
)
"""Categories that one fault is filed under by different people; ``other`` is beside every category."""
OTHER = "other"


class Verdict(IntEnum):
    """How sure it is that two reports are one fault."""

    NO = 0
    LIKELY = 1
    SURE = 2


@dataclass(frozen=True, slots=True)
class Fault:
    """A report as far as it matters here. ``home`` is the room id of a private fault, ``ended_at`` None while it is open."""

    community_id: int
    category: str
    scope: str
    words: str
    spot: places.Spot
    opened_at: datetime
    home: int | None = None
    finished: bool = False
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict and what it stands on. ``score`` is the cosine of the words."""

    verdict: Verdict
    where: Where
    words: Words
    score: float


NEVER = 2.0
"""More than any cosine."""
SURE_FROM: dict[tuple[Where, Words], float] = {
    (Where.SAME, Words.AGREE): 0.85,
    (Where.SAME, Words.SHARED): 0.91,
    (Where.SAME, Words.OPEN): 0.925,
    (Where.WIDE, Words.AGREE): 0.88,
    (Where.WIDE, Words.SHARED): 0.93,
    (Where.WIDE, Words.OPEN): 0.95,
    (Where.NEAR, Words.AGREE): 0.92,
}
"""Cosine from which a pair is SURE; what is not in the table never is."""
LIKELY_FROM: dict[Where, float] = {
    Where.SAME: 0.86,
    Where.WIDE: 0.87,
    Where.NEAR: 0.88,
    Where.PARTLY: 0.9,
    Where.UNKNOWN: 0.93,
}
"""Cosine from which a pair is shown to staff."""
LEAST = min(*SURE_FROM.values(), *LIKELY_FROM.values())
BY_CATEGORY: dict[str, float] = {"elevator": 0.02}
"""What is added to the thresholds in a category: all words about lifts lie close together."""
OTHER_CATEGORY = 0.01
"""What is added when the categories are only neighbours."""


def categories_fit(a: str, b: str) -> bool:
    """Tell whether one fault may be filed under both."""
    return a == b or OTHER in (a, b) or frozenset((a, b)) in NEIGHBOURS


def judge(first: Fault, second: Fault, score: float) -> Judged:
    """Return whether ``second``, reported now, is the fault of ``first``. ``score`` is the cosine of their words."""
    where = places.compare(first.spot, second.spot)
    found = Judged(Verdict.NO, where, Words.OPEN, score)
    if where is Where.APART or score < LEAST or not _may_be_one(first, second):
        return found
    words = aspects.compare(aspects.aspects(first.words), aspects.aspects(second.words))
    found = replace(found, words=words)
    extra = BY_CATEGORY.get(first.category, 0.0) + (OTHER_CATEGORY if first.category != second.category else 0.0)
    fits = categories_fit(first.category, second.category)
    if fits and not first.finished and score >= SURE_FROM.get((where, words), NEVER) + extra:
        return Judged(Verdict.SURE, where, words, score)
    if aspects.things_apart(aspects.aspects(first.words), aspects.aspects(second.words)):
        return found
    if (fits or words in (Words.AGREE, Words.SHARED)) and score >= LIKELY_FROM.get(where, NEVER) + extra:
        return Judged(Verdict.LIKELY, where, words, score)
    return found


def _may_be_one(first: Fault, second: Fault) -> bool:
    if first.community_id != second.community_id or first.scope != second.scope:
        return False
    if first.scope == "private" and (first.home is None or first.home != second.home):
        return False
    if second.opened_at - first.opened_at > OPENED_WITHIN:
        return False
    return first.ended_at is None or second.opened_at - first.ended_at <= ENDED_WITHIN
