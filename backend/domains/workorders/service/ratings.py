"""Stars for each round of work: the newest stand on the order, none is forgotten; low ones make somebody call."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from backend.domains.callbacks import service as callbacks
from backend.domains.workorders import repository_acceptance
from backend.domains.workorders.models import WorkOrder
from backend.domains.workorders.models_acceptance import WorkOrderRating
from backend.domains.workorders.service.moves import get
from backend.domains.workorders.service.views import is_neighbour
from backend.domains.workorders.terms import LOW_STARS, REASONS, Reason, in_words
from backend.kit import clock
from backend.kit.auth import Principal
from backend.kit.scope import system_scope


@dataclass(frozen=True, slots=True)
class Given:
    """Stars, words and reasons that were given."""

    stars: int
    words: str | None = None
    reasons: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return it as the history says it."""
        return in_words(self.stars, self.words, self.reasons)


@dataclass(frozen=True, slots=True)
class RatingView:
    """The rating of one round."""

    round: int
    stars: int
    words: str | None
    reasons: list[tuple[str, Reason]]
    at: datetime


def round_of(session: Session, order: WorkOrder) -> int:
    """Return which round of work an order's stars would be for."""
    with system_scope(session):
        return max(1, repository_acceptance.finished_times(session, order.id))


def is_rated(session: Session, order: WorkOrder) -> bool:
    """Tell whether the latest round of work has its stars."""
    with system_scope(session):
        return repository_acceptance.is_rated(session, order.id, round_of(session, order))


def keep(session: Session, order: WorkOrder, given: Given, who: Principal) -> None:
    """Keep a rating of the latest round, and ask the desk to call about a low one."""
    order.rating_stars, order.rating_words = given.stars, given.words
    round_ = round_of(session, order)
    with system_scope(session):
        session.add(
            WorkOrderRating(
                community_id=order.community_id,
                work_order_id=order.id,
                round=round_,
                stars=given.stars,
                words=given.words,
                reasons=list(given.reasons),
                person_id=who.person_id,
                technician_id=order.technician_id,
                at=clock.now(),
            )
        )
    if given.stars <= LOW_STARS:
        callbacks.open_callback(
            session,
            callbacks.NewCallback(
                community_id=order.community_id,
                subject_type="work_order",
                subject_id=order.id,
                label=order.number,
                person_id=who.person_id,
                reason="low_rating",
                words=str(given),
                source_key=f"rating:{order.id}:{round_}",
            ),
        )


def history(session: Session, number: str, who: Principal) -> list[RatingView]:
    """Return the ratings of an order, the newest first; a neighbour's are not for others. Raises NoSuchOrder."""
    order = get(session, number)
    if is_neighbour(order, who):
        return []
    with system_scope(session):
        rows = repository_acceptance.ratings(session, order.id)
    return [
        RatingView(r.round, r.stars, r.words, [(k, REASONS[k]) for k in r.reasons if k in REASONS], r.at) for r in rows
    ]
