"""Call-backs for other domains and for the desk: open, take, say what came of it, and tell who must know when late."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy.orm import Session

from backend.domains.callbacks import repository
from backend.domains.callbacks.domain import (
    DEFAULT_TERMS,
    MOST_TRIES,
    OUTCOMES,
    REASONS,
    STATUS_TITLES,
    TRY_AGAIN_AFTER,
    CallbackView,
    NewCallback,
    Result,
    Status,
    Terms,
    is_sampled,
)
from backend.domains.callbacks.errors import CallbackOver, CallbackTaken, NoSuchCallback
from backend.domains.callbacks.models import Callback, CallbackTerms
from backend.domains.callbacks.repository import Filter
from backend.domains.estate import service as estate
from backend.domains.identity import service as identity
from backend.domains.notices import service as notices
from backend.kit import clock, db, live
from backend.kit.auth import Principal, Role
from backend.kit.paging import Page, page_of
from backend.kit.problems import InvalidInput
from backend.kit.scope import system_scope

__all__ = [
    "OUTCOMES",
    "CallbackView",
    "Filter",
    "NewCallback",
    "Result",
    "Status",
    "Terms",
    "count",
    "one",
    "open_callback",
    "open_sample",
    "report",
    "search",
    "set_terms",
    "sweep",
    "take",
    "terms_of",
]

LATE = "回访超时：{label}（{reason}）该在 {due} 前打，还没有结果，请安排。"
ABOVE: tuple[tuple[Role, ...], ...] = ((Role.MANAGER,), (Role.REGIONAL,))
"""Who hears of a late call-back: the first of these that the estate has."""
AT_ONCE = 200


def terms_of(session: Session, community_id: int) -> Terms:
    """Return an estate's numbers."""
    with system_scope(session):
        own = repository.terms(session, community_id)
    return Terms(own.due_h, own.sample_percent) if own else DEFAULT_TERMS


def set_terms(session: Session, community_id: int, wanted: Terms) -> Terms:
    """Give an estate numbers of its own, for what is opened from now on."""
    own = repository.terms(session, community_id) or CallbackTerms(community_id=community_id)
    own.due_h, own.sample_percent = wanted.due_h, wanted.sample_percent
    session.add(own)
    session.flush()
    return wanted


def open_callback(session: Session, new: NewCallback) -> None:
    """Ask the desk to call somebody; the same ``source_key`` asks once. System work in anybody's request."""
    with system_scope(session):
        if repository.by_key(session, new.source_key) is not None:
            return
        now = clock.now()
        session.add(
            Callback(
                community_id=new.community_id,
                source_key=new.source_key,
                subject_type=new.subject_type,
                subject_id=new.subject_id,
                label=new.label,
                person_id=new.person_id,
                reason=new.reason,
                words=new.words,
                status=Status.OPEN,
                created_at=now,
                due_at=now + timedelta(hours=terms_of(session, new.community_id).due_h),
            )
        )
        session.flush()
        _show_live(session, new.community_id)


def open_sample(session: Session, new: NewCallback) -> None:
    """Ask the desk to call, if the subject is in the estate's share and nobody is to call about it yet."""
    if not is_sampled(new.subject_id, terms_of(session, new.community_id).sample_percent):
        return
    with system_scope(session):
        known = repository.count(session, Filter(subject=(new.subject_type, new.subject_id), pending=True))
    if not known:
        open_callback(session, new)


def take(session: Session, callback_id: int, who: Principal) -> CallbackView:
    """Let somebody of the desk have a call-back. Raises NoSuchCallback, CallbackOver, CallbackTaken."""
    row = _pending(session, callback_id)
    if row.assigned_to_id not in (None, who.person_id):
        raise CallbackTaken()
    row.assigned_to_id = who.person_id
    return _changed(session, row)


def report(session: Session, callback_id: int, result: Result, who: Principal) -> CallbackView:
    """Say what came of a call. Who was not reached is tried again, at most ``MOST_TRIES`` times.

    Raises NoSuchCallback, CallbackOver, InvalidInput (somebody was reached, but no outcome).
    """
    row = _pending(session, callback_id)
    if result.reached and result.outcome is None:
        raise InvalidInput("请选一下业主怎么说。", errors=[{"field": "outcome", "message": "必填"}])
    now = clock.now()
    row.assigned_to_id = who.person_id
    row.tries += 1
    row.notes = result.notes or row.notes
    row.next_try_at = None
    if result.reached:
        row.status, row.outcome, row.done_at = Status.DONE, result.outcome, now
    elif row.tries >= MOST_TRIES:
        row.status, row.done_at = Status.UNREACHABLE, now
    else:
        due = now + timedelta(hours=terms_of(session, row.community_id).due_h)
        row.status, row.next_try_at, row.due_at = Status.UNREACHABLE, now + TRY_AGAIN_AFTER, due
    return _changed(session, row)


def _get(session: Session, callback_id: int) -> Callback:
    row = repository.by_id(session, callback_id)
    if row is None:
        raise NoSuchCallback()
    return row


def _pending(session: Session, callback_id: int) -> Callback:
    row = _get(session, callback_id)
    if row.done_at is not None:
        raise CallbackOver()
    return row


def _changed(session: Session, row: Callback) -> CallbackView:
    session.flush()
    _show_live(session, row.community_id)
    return _views(session, [row])[0]


def one(session: Session, callback_id: int) -> CallbackView:
    """Return a call-back that the session's principal may see. Raises NoSuchCallback."""
    return _views(session, [_get(session, callback_id)])[0]


def search(session: Session, wanted: Filter, before_id: int | None, limit: int) -> Page[CallbackView]:
    """Return a page of call-backs, newest first."""
    page = page_of(repository.search(session, wanted, before_id, limit + 1), limit, lambda row: row.id)
    return Page(_views(session, page.items), page.next)


def count(session: Session, wanted: Filter) -> int:
    """Count the call-backs of a filter."""
    return repository.count(session, wanted)


def _views(session: Session, rows: Sequence[Callback]) -> list[CallbackView]:
    ids = {i for row in rows for i in (row.person_id, row.assigned_to_id) if i is not None}
    people = identity.views(session, sorted(ids))
    codes = {c.id: c.code for c in estate.communities(session)}
    return [_view(row, people, codes[row.community_id]) for row in rows]


def _view(row: Callback, people: dict[int, identity.PersonView], community: str) -> CallbackView:
    person = people[row.person_id]
    colleague = people.get(row.assigned_to_id) if row.assigned_to_id is not None else None
    return CallbackView(
        id=row.id,
        community=community,
        status=row.status,
        status_title=STATUS_TITLES[Status(row.status)],
        subject_type=row.subject_type,
        subject_id=row.subject_id,
        subject=row.label,
        person_id=person.id,
        person_name=person.name,
        person_phone=person.phone,
        reason=row.reason,
        reason_title=REASONS[row.reason],
        words=row.words,
        created_at=row.created_at,
        due_at=row.due_at,
        overdue=row.done_at is None and row.due_at < clock.now(),
        escalated_at=row.escalated_at,
        assigned_to_id=row.assigned_to_id,
        assigned_to_name=colleague.name if colleague else None,
        tries=row.tries,
        next_try_at=row.next_try_at,
        outcome=row.outcome,
        outcome_title=OUTCOMES[row.outcome] if row.outcome else None,
        notes=row.notes,
        done_at=row.done_at,
    )


def _show_live(session: Session, community_id: int) -> None:
    live.publish(session, "callback", {}, community_id=community_id, permission="workorders.manage")


def sweep() -> int:
    """Tell those above what is late, each call-back once. Returns how many."""
    with db.transaction(read_only=True) as session, system_scope(session):
        ids = repository.to_escalate(session, clock.now(), AT_ONCE)
    return sum(_escalate(callback_id) for callback_id in ids)


def _escalate(callback_id: int) -> bool:
    with db.transaction() as session, system_scope(session):
        if not repository.mark_escalated(session, callback_id, clock.now()):
            return False
        row = repository.by_id(session, callback_id)
        assert row is not None
        words = LATE.format(label=row.label, reason=REASONS[row.reason], due=clock.in_words(row.due_at))
        told = next((ids for roles in ABOVE if (ids := identity.staff_ids(session, row.community_id, roles))), [])
        notices.tell(session, told, notices.Telling(row.community_id, words, f"callback:{row.id}:late"))
        _show_live(session, row.community_id)
    return True
