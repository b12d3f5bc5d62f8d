"""Routes of judging work: how it stands, ratings by round, the estate's terms."""

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Query

from backend.domains.estate import service as estate
from backend.domains.workorders import service
from backend.domains.workorders.schemas_acceptance import AroundOut, JudgingOut, ReasonOut, RoundRatingOut, TermsBody
from backend.domains.workorders.terms import REASONS
from backend.kit.http import PrincipalDep, SessionDep, requires

router = APIRouter()
Community = Annotated[str, Query(max_length=32)]


def _terms(terms: service.EstateTerms) -> TermsBody:
    return TermsBody(**asdict(terms.acceptance), warranty_days=terms.warranty_days)


@router.get("/rating-reasons", summary="The tags beside the stars")
def rating_reasons(_who: PrincipalDep) -> list[ReasonOut]:
    """Values and titles; ``good`` ones go with praise."""
    return [ReasonOut(value=value, title=r.title, good=r.good) for value, r in REASONS.items()]


@router.get("/terms", dependencies=[requires("workorders.manage")], summary="An estate's terms")
def get_terms(session: SessionDep, who: PrincipalDep, community: Community) -> TermsBody:
    """Hours until finished work is accepted, and days of warranty."""
    here = estate.community_by_code(session, community, who.staff_community_ids)
    return _terms(service.estate_terms(session, here.id))


@router.put("/terms", dependencies=[requires("terms.manage")], summary="Set an estate's terms")
def set_terms(body: TermsBody, session: SessionDep, who: PrincipalDep, community: Community) -> TermsBody:
    """Hours hold for work that is finished from now on."""
    here = estate.community_by_code(session, community, who.staff_community_ids)
    return _terms(service.set_estate_terms(session, here.id, body.to_terms()))


@router.get("/{number}/acceptance", summary="How the judging of a work order stands")
def acceptance(number: str, session: SessionDep, who: PrincipalDep) -> JudgingOut:
    """The latest round of work, when the system accepts it, and the warranty."""
    return JudgingOut.model_validate(service.judging(session, number, who))


@router.get("/{number}/ratings", summary="The ratings of a work order")
def ratings(number: str, session: SessionDep, who: PrincipalDep) -> list[RoundRatingOut]:
    """One for each round of work that was rated, the newest first."""
    return [
        RoundRatingOut(
            round=r.round,
            stars=r.stars,
            words=r.words,
            reasons=[ReasonOut(value=k, title=reason.title, good=reason.good) for k, reason in r.reasons],
            at=r.at,
        )
        for r in service.history(session, number, who)
    ]


@router.get("/{number}/after-warranty", summary="Orders for the same fault, before and after the warranty")
def after_warranty(number: str, session: SessionDep, _who: PrincipalDep) -> AroundOut:
    """Their numbers."""
    return AroundOut.model_validate(service.around(session, number))
