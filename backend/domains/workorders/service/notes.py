"""What people add to an order: notes, parts, urging, ratings."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from backend.domains.workorders import repository
from backend.domains.workorders.domain import DESK, FOLLOWER, HOLDER, MATE, REPORTER, TECHNICIAN, Status, Step
from backend.domains.workorders.errors import AlreadyRated, IllegalTransition, NotYourMove
from backend.domains.workorders.models import WorkOrder
from backend.domains.workorders.service import materials, merging, ratings, record
from backend.domains.workorders.service.checks import require_open
from backend.domains.workorders.service.moves import get, move
from backend.domains.workorders.service.views import actors_of, parts_of
from backend.domains.workorders.terms import LOW_STARS
from backend.domains.workorders.wording import ADDED, LOW_RATING, RATED, URGED, URGED_JUST_NOW, Tell
from backend.domains.workorders.wording_work import REMARKED
from backend.kit import audit, clock, once
from backend.kit.auth import Principal
from backend.kit.problems import InvalidInput

URGE_EVERY = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class NoteKind:
    """A kind of note: its title in the history, who is told, who may add it, and what others hear."""

    title: str
    tells: tuple[Tell, ...]
    actors: frozenset[str]
    refusal: str = NotYourMove.default_detail


NOTE_KINDS: Mapping[str, NoteKind] = {
    "note": NoteKind("补充", ADDED, frozenset({REPORTER, FOLLOWER, HOLDER, MATE, TECHNICIAN, DESK})),
    "parts": NoteKind("用料", (), frozenset({HOLDER, MATE, DESK}), "用料要由接单师傅或客服来记。"),
    "urge": NoteKind("催单", URGED, frozenset({REPORTER, FOLLOWER, DESK}), "催单要由报修人或客服来催。"),
    "remark": NoteKind("内部备注", REMARKED, frozenset({HOLDER, MATE, DESK}), "内部备注由接单师傅或客服来写。"),
}


@dataclass(frozen=True, slots=True)
class Noted:
    """The order, and a word for who added to it where things went other than asked."""

    order: WorkOrder
    answer: str | None = None


def add_note(session: Session, number: str, kind: str, text: str, who: Principal, key: str | None = None) -> Noted:
    """Add words to an order that has not ended; the same ``key`` adds them once.

    Urging again within ``URGE_EVERY`` is kept as a note and alarms nobody. Raises InvalidInput, IllegalTransition,
    NotYourMove, KeyReused.
    """
    if kind not in NOTE_KINDS:
        raise InvalidInput(errors=[{"field": "kind", "message": "不在可选范围内"}])
    order = merging.standing_for(session, get(session, number))
    wanted = NOTE_KINDS[kind]
    if not wanted.actors & parts_of(session, order, who):
        raise NotYourMove(wanted.refusal)
    if not once.claim(session, who.person_id, f"note:{order.number}", key, [kind, text]):
        return Noted(order)
    require_open(order)
    answer = None
    if kind == "urge" and repository.noted_since(session, order.id, who.person_id, kind, clock.now() - URGE_EVERY):
        kind, wanted, answer = "note", _UNHEARD, URGED_JUST_NOW
    if kind == "parts":
        answer = materials.from_note(session, order, text, who)
    line = record.write(session, order, who, kind, wanted.title, text)
    record.tell(session, order, wanted.tells, f"order:{order.id}:{line.id}", text, [who.person_id])
    record.show_live(session, order)
    return Noted(order, answer)


_UNHEARD = NoteKind("补充", (), frozenset())


def rate(session: Session, number: str, given: ratings.Given, who: Principal, key: str | None = None) -> WorkOrder:
    """Rate an accepted order and close it, once for each time the work was finished; a finished one is accepted first.

    Raises IllegalTransition, NotYourMove, AlreadyRated, KeyReused.
    """
    order = get(session, number)
    if REPORTER not in actors_of(order, who):
        raise NotYourMove("评价要由报修人来做，自己做的活不能自己评价。")
    if not once.claim(
        session, who.person_id, f"rating:{order.number}", key, [given.stars, given.words, *given.reasons]
    ):
        return order
    if ratings.is_rated(session, order):
        raise AlreadyRated()
    if order.status == Status.FINISHED:
        order = move(session, number, Step(Status.ACCEPTED_BY_OWNER), who)
    if order.status not in (Status.ACCEPTED_BY_OWNER, Status.CLOSED):
        raise IllegalTransition("这张工单还没完工，修好后再评价。")
    ratings.keep(session, order, given, who)
    said = str(given)
    line = record.write(session, order, who, "rating", "评价", said)
    tells = RATED + (LOW_RATING if given.stars <= LOW_STARS else ())
    record.tell(session, order, tells, f"order:{order.id}:{line.id}", said, [who.person_id])
    if order.status == Status.ACCEPTED_BY_OWNER:
        with audit.by_system(session):
            record.write(session, order, None, "transition", "结单", None, record.moved(order, Status.CLOSED))
    record.show_live(session, order)
    return order
