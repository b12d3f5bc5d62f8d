"""Who an account of a channel is: bind, unbind, follow, and where to reach somebody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from backend.domains.channels import repository
from backend.domains.channels.domain import CHANNEL_TITLES, NO_LONGER_BOUND, NO_LONGER_FOLLOWS
from backend.domains.channels.errors import NoSuchBinding
from backend.domains.channels.models import ChannelBinding
from backend.domains.identity import service as identity
from backend.kit import clock
from backend.kit.auth import Principal
from backend.kit.scope import system_scope


@dataclass(frozen=True, slots=True)
class BindingView:
    """A binding as its person and the desk see it; the account itself is nobody's business."""

    id: int
    channel: str
    channel_title: str
    person_id: int
    person_name: str
    bound_at: datetime
    follows: bool


@dataclass(frozen=True, slots=True)
class Bound:
    """Whose an account is."""

    person_id: int
    follows: bool


def who_is(session: Session, channel: str, channel_user: str) -> Bound | None:
    """Return the person that an account is, None for one that is not bound."""
    with system_scope(session):
        row = repository.binding(session, channel, channel_user)
    return Bound(row.person_id, row.follows) if row is not None and row.unbound_at is None else None


def bind(session: Session, channel: str, channel_user: str, person_id: int, community_id: int) -> None:
    """Make an account a person's."""
    with system_scope(session):
        row = repository.binding(session, channel, channel_user)
        if row is None:
            row = ChannelBinding(channel=channel, channel_user=channel_user, follow_changed_at=clock.now())
            session.add(row)
        row.person_id, row.community_id = person_id, community_id
        row.bound_at, row.unbound_at, row.follows = clock.now(), None, True


def unbind(session: Session, channel: str, channel_user: str) -> None:
    """Make an account nobody's again."""
    with system_scope(session):
        row = repository.binding(session, channel, channel_user)
        if row is not None and row.unbound_at is None:
            row.unbound_at = clock.now()


def unbind_by_id(session: Session, binding_id: int, who: Principal) -> None:
    """End one's own binding, or as the desk one of one's estates. Raises NoSuchBinding, Forbidden."""
    row = repository.binding_by_id(session, binding_id)
    if row is None:
        raise NoSuchBinding()
    if row.person_id != who.person_id:
        who.require("conversations.answer")
    row.unbound_at = clock.now()
    session.flush()


def set_follows(session: Session, channel: str, channel_user: str, follows: bool, at: datetime) -> None:
    """Remember whether an account follows. Events may come late: an older one changes nothing."""
    with system_scope(session):
        row = repository.binding(session, channel, channel_user)
        if row is not None and row.follows != follows and at >= row.follow_changed_at.replace(microsecond=0):
            row.follows, row.follow_changed_at = follows, at


def accounts_of(session: Session, person_id: int, channel: str) -> list[str]:
    """Return the accounts that a person can be reached at. System work."""
    return [row.channel_user for row in repository.in_force(session, [person_id], channel) if row.follows]


def why_unreachable(session: Session, channel: str, channel_user: str, person_id: int) -> str | None:
    """Return why nothing may be sent to an account any more, None when it may. System work."""
    row = repository.binding(session, channel, channel_user)
    if row is None or row.unbound_at is not None or row.person_id != person_id:
        return NO_LONGER_BOUND
    return None if row.follows else NO_LONGER_FOLLOWS


def bindings(session: Session, person_ids: Sequence[int]) -> list[BindingView]:
    """Return the bindings of people, those that the session's principal may see."""
    rows = repository.in_force(session, person_ids)
    names = identity.names(session, [row.person_id for row in rows])
    return [
        BindingView(
            row.id, row.channel, CHANNEL_TITLES.get(row.channel, row.channel), row.person_id,
            names.get(row.person_id, ""), row.bound_at, row.follows,
        )
        for row in rows
    ]  # fmt: skip
