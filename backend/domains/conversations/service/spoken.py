"""A message of a channel: who it is from, what it says, and who answers it. One short transaction."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from backend.domains.channels import service as channels
from backend.domains.channels.service import Spoken, Told
from backend.domains.conversations import repository
from backend.domains.conversations.domain import Incoming
from backend.domains.conversations.service import guests, inbox
from backend.domains.conversations.service.inbox import Job
from backend.domains.media import service as media
from backend.kit import once, scope
from backend.kit.auth import Claims, Principal
from backend.kit.http import PrincipalLoader
from backend.kit.once import KeyReused
from backend.kit.problems import NotLoggedIn, Problem
from backend.kit.scope import system_scope


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a message before anything is done. ``job``: it came before; ``bound``: from somebody we know."""

    bound: bool
    job: Job | None = None


def look(session: Session, said: Spoken) -> Known:
    """Return what is known of a message."""
    with system_scope(session):
        there = repository.by_external_id(session, said.channel, said.external_id)
        job = inbox.settled(session, there) if there is not None else None
    return Known(channels.who_is(session, said.channel, said.channel_user) is not None, job)


def hear(session: Session, said: Spoken, picture: bytes | None, load: PrincipalLoader) -> Job | Told:
    """Store a message of somebody we know; answer everything else at once. The same message again changes nothing."""
    if once.is_used(session, 0, _what(said), said.external_id):
        return Told(None)
    bound = channels.who_is(session, said.channel, said.channel_user)
    who = _speaker(session, said, bound, load)
    if bound is None or who is None:
        return guests.answer(session, said) if _first_time(session, said) else Told(None)
    scope.bind(session, who)
    told = channels.to_bound(session, said, bound)
    if told is not None:
        return told if _first_time(session, said) else Told(None)
    words = channels.words_of(session, said, who.community_ids, picture is not None)
    if isinstance(words, Told):
        return words
    try:
        attachments = _kept(session, picture, who)
    except Problem as problem:
        return Told(problem.detail)
    incoming = Incoming(words, said.external_id, said.channel, attachments, said.channel_user)
    try:
        return inbox.receive(session, incoming, who)
    except KeyReused:  # the id was used before: whatever it says now, the first time counts
        return look(session, said).job or Told(None)
    except Problem as problem:
        return Told(problem.detail)


def _speaker(session: Session, said: Spoken, bound: channels.Bound | None, load: PrincipalLoader) -> Principal | None:
    """Return who speaks, None for somebody we do not know or who belongs to no estate any more."""
    if bound is None:
        return None
    with system_scope(session):
        try:
            who = load(session, Claims(bound.person_id, channel=said.channel))
        except NotLoggedIn:
            return None
    return who if who.community_ids else None


def _kept(session: Session, picture: bytes | None, who: Principal) -> tuple[str, ...]:
    return (media.store(session, who, picture).id,) if picture is not None else ()


def _first_time(session: Session, said: Spoken) -> bool:
    try:
        return once.claim(session, 0, _what(said), said.external_id, [said.kind, said.text, said.key])
    except KeyReused:
        return False


def _what(said: Spoken) -> str:
    return f"channel:{said.channel}"
