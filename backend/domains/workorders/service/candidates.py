"""Who could do an order, for staff who choose: everybody of the estate, the best first, and why."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from backend.domains.dispatch import service as dispatch
from backend.domains.workorders.service.errands import errand_of, situation
from backend.domains.workorders.service.moves import get
from backend.domains.workorders.wording_dispatch import reasons
from backend.kit.auth import Principal
from backend.kit.scope import system_scope


@dataclass(frozen=True, slots=True)
class CandidateView:
    """A technician as staff see them beside an order. ``score`` is 100 for the best, 0 for who cannot be sent."""

    person_id: int
    name: str
    phone: str | None
    fits: bool
    score: int
    reasons: list[str]
    distance_m: int | None
    load: int
    on_duty: bool
    duty: str
    arrives_at: datetime | None


@dataclass(frozen=True, slots=True)
class Candidates:
    """How the order finds its technician, and who they could be."""

    mode: str
    mode_title: str
    offer: dispatch.OfferView | None
    items: list[CandidateView]


def candidates(session: Session, number: str, who: Principal) -> Candidates:
    """Return the technicians of an order's estate, the best first. Raises NoSuchOrder, Forbidden."""
    who.require("workorders.manage")
    order = get(session, number)
    errand, here = errand_of(session, order), situation(session, order.community_id)
    ranked = dispatch.rank(here, errand, anybody=True)
    with system_scope(session):
        rule = dispatch.rules(session, order.community_id)[order.category]
    offer = dispatch.last_offer(session, order.id)
    items = [_view(here, errand, c, score) for c, score in zip(ranked, dispatch.scores(ranked, errand), strict=True)]
    return Candidates(rule.mode, dispatch.MODE_TITLES[rule.mode], offer, items)


def _view(
    here: dispatch.Situation, errand: dispatch.Errand, candidate: dispatch.Candidate, score: int
) -> CandidateView:
    who = candidate.technician
    comes = candidate.fits and who.duty is not dispatch.Duty.LEAVE
    return CandidateView(
        person_id=who.person_id,
        name=who.name,
        phone=who.phone,
        fits=candidate.fits,
        score=score,
        reasons=reasons(candidate, errand),
        distance_m=candidate.distance_m,
        load=who.load,
        on_duty=who.duty is dispatch.Duty.ON,
        duty=who.duty,
        arrives_at=here.moment + timedelta(seconds=candidate.arrives_s) if comes else None,
    )
