"""How the judging of one order stands, and what it has to do with other orders, for those who may read it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from backend.domains.workorders import repository_acceptance
from backend.domains.workorders.domain import CATEGORIES, JUDGED, Status
from backend.domains.workorders.service import acceptance, ratings, warranty
from backend.domains.workorders.service.moves import get
from backend.domains.workorders.terms import AcceptanceTerms, all_warranty_days
from backend.kit import clock
from backend.kit.auth import Principal
from backend.kit.scope import system_scope


@dataclass(frozen=True, slots=True)
class Judging:
    """``round`` counts how often the work was finished; ``accept_at`` is when the system accepts it without a word."""

    round: int
    stage: str | None
    finished_at: datetime | None
    remind_at: datetime | None
    last_call_at: datetime | None
    accept_at: datetime | None
    accepted_at: datetime | None
    by_system: bool
    close_at: datetime | None
    can_rate: bool
    warranty_days: int
    warranty_until: datetime | None
    in_warranty: bool


def judging(session: Session, number: str, who: Principal) -> Judging:
    """Return how the judging of an order stands. Raises NoSuchOrder."""
    order = get(session, number)
    with system_scope(session):
        timer = repository_acceptance.latest(session, order.id)
    judged = order.status in JUDGED
    until = warranty.ends(session, order) if judged else None
    own = order.reporter_id == who.person_id
    return Judging(
        round=timer.round if timer else 0,
        stage=timer.stage if timer else None,
        finished_at=timer.finished_at if timer else None,
        remind_at=timer.remind_at if timer else None,
        last_call_at=timer.last_call_at if timer else None,
        accept_at=timer.accept_at if timer else None,
        accepted_at=timer.accepted_at if timer else None,
        by_system=timer.by_system if timer else False,
        close_at=timer.close_at if timer else None,
        can_rate=judged and own and not ratings.is_rated(session, order),
        warranty_days=warranty.days_of(session, order),
        warranty_until=until,
        in_warranty=until is not None and (order.status != Status.CLOSED or clock.now() <= until),
    )


@dataclass(frozen=True, slots=True)
class Around:
    """The order that one follows after its warranty, and those that followed it, as far as the viewer may read them."""

    earlier: str | None
    later: list[str]


def around(session: Session, number: str) -> Around:
    """Return what an order has to do with others. Raises NoSuchOrder."""
    order = get(session, number)
    with system_scope(session):
        link = repository_acceptance.after_warranty(session, order.id)
        later = [o.id for o in repository_acceptance.later(session, order.id)]
    before = repository_acceptance.seen(session, [link.earlier_id]) if link else []
    after = repository_acceptance.seen(session, later)
    return Around(next((o.number for o in before), None), [o.number for o in after])


@dataclass(frozen=True, slots=True)
class EstateTerms:
    """An estate's hours and its days of warranty by category."""

    acceptance: AcceptanceTerms
    warranty_days: dict[str, int]


def estate_terms(session: Session, community_id: int) -> EstateTerms:
    """Return what holds in an estate."""
    own = repository_acceptance.warranty(session, community_id)
    return EstateTerms(acceptance.terms_of(session, community_id), all_warranty_days(own))


def set_estate_terms(session: Session, community_id: int, wanted: EstateTerms) -> EstateTerms:
    """Set them: hours for work that is finished from now on, days for all."""
    acceptance.set_terms(session, community_id, wanted.acceptance)
    plain = all_warranty_days({})
    own = {c: d for c, d in wanted.warranty_days.items() if c in CATEGORIES and d != plain[c]}
    repository_acceptance.replace_warranty(session, community_id, own)
    session.flush()
    return estate_terms(session, community_id)
