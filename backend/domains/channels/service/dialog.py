"""What is said about the binding itself, to accounts that are bound and that are not. One message, one transaction.

A phone number asks for a code; code and home together bind. What is answered never tells whether a number is registered.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy.orm import Session

from backend.domains.channels import domain, repository
from backend.domains.channels.domain import Kind, Sms, Spoken, Told
from backend.domains.channels.models import BindCode
from backend.domains.channels.service import binding, sms
from backend.domains.estate import service as estate
from backend.domains.identity import service as identity
from backend.kit import clock, counting
from backend.kit.scope import system_scope
from backend.settings import get_settings

FIRST_TEXT = 200


def to_stranger(session: Session, said: Spoken) -> Told:
    """Return the answer to an account that is not bound."""
    binding.set_follows(
        session, said.channel, said.channel_user, said.kind is not Kind.UNFOLLOW, said.at or clock.now()
    )
    if said.kind is Kind.UNFOLLOW:
        return Told(None)
    link = _scanned(said)
    if said.kind in (Kind.FOLLOW, Kind.SCAN):
        return Told("\n".join(filter(None, (link, domain.WELCOME))))
    text = said.text[:FIRST_TEXT].strip()
    if said.key == domain.BIND_TAP or text in domain.BIND_WORDS:
        return Told(domain.HOW_TO_BIND)
    phone = domain.PHONE.search(text)
    if phone is not None:
        return _send_code(session, said, phone.group())
    answered = domain.CODE_AND_HOME.match(text)
    if answered is not None:
        return _check_code(session, said, answered.group(1), answered.group(2))
    return Told(domain.NOT_BOUND)


def to_bound(session: Session, said: Spoken, who: binding.Bound) -> Told | None:
    """Return the answer to what a bound account says of its binding; None for everything else."""
    follows = said.kind is not Kind.UNFOLLOW
    if follows != who.follows:
        binding.set_follows(session, said.channel, said.channel_user, follows, said.at or clock.now())
    words = said.text.strip().rstrip("。.！!")
    if not follows:
        return Told(None)
    if said.kind in (Kind.FOLLOW, Kind.SCAN):
        welcome = domain.WELCOME_BACK.format(name=_name(session, who))
        return Told("\n".join(filter(None, (_scanned(said), welcome))))
    if said.key == domain.BIND_TAP or words in domain.BIND_WORDS:
        return Told(domain.ALREADY_BOUND.format(name=_name(session, who)))
    if words in domain.UNBIND_WORDS:
        return Told(domain.ASK_UNBIND)
    if words == domain.UNBIND_SURE:
        binding.unbind(session, said.channel, said.channel_user)
        return Told(domain.UNBOUND)
    return None


def _name(session: Session, who: binding.Bound) -> str:
    return identity.names(session, [who.person_id]).get(who.person_id, "您")


def _scanned(said: Spoken) -> str | None:
    if not domain.SCENE.fullmatch(said.key):
        return None
    return domain.SCANNED.format(url=f"{get_settings().public_url.rstrip('/')}/s/{said.key}")


def _digest(said: Spoken, code: str) -> str:
    secret = get_settings().secret_key.get_secret_value().encode()
    return hmac.new(secret, f"{said.channel}:{said.channel_user}:{code}".encode(), hashlib.sha256).hexdigest()


def _send_code(session: Session, said: Spoken, phone: str) -> Told:
    if not sms.is_open():
        return Told(domain.NO_SMS)
    account = f"{said.channel}:{said.channel_user}"
    for limit in domain.CODE_LIMITS:
        whose = account if limit.by == "account" else phone
        if counting.count_one(session, "bind-code", limit.by, whose, limit.window_s) > limit.most:
            return Told(domain.TOO_MANY_CODES)
    with system_scope(session):
        people = [p.id for p in identity.with_phone(session, phone) if p.room_ids]
    settings = get_settings()
    code = f"{secrets.randbelow(1_000_000):06d}"
    row = repository.code(session, said.channel, said.channel_user)
    if row is None:
        row = BindCode(channel=said.channel, channel_user=said.channel_user)
        session.add(row)
    row.person_ids, row.digest, row.tries = people, _digest(said, code), 0
    row.expires_at = clock.now() + timedelta(seconds=settings.bind_code_ttl_s)
    session.flush()
    minutes = settings.bind_code_ttl_s // 60
    told = domain.CODE_SENT.format(phone=identity.mask_phone(phone), minutes=minutes)
    return Told(told, Sms(phone, domain.SMS_TEXT.format(code=code, minutes=minutes)) if people else None)


def _check_code(session: Session, said: Spoken, code: str, home: str) -> Told:
    row = repository.code(session, said.channel, said.channel_user)
    if row is None or row.expires_at <= clock.now():
        return Told(domain.NO_CODE)
    if not home.strip():
        return Told(domain.HOME_WANTED)
    most = get_settings().bind_code_tries
    if row.tries >= most:
        return Told(domain.NO_TRIES_LEFT)
    row.tries += 1
    right = hmac.compare_digest(row.digest, _digest(said, code))
    found = _resident(session, row.person_ids, home) if right else None
    if found is None:
        left = most - row.tries
        return Told(domain.WRONG_CODE.format(left=left) if left else domain.NO_TRIES_LEFT)
    person_id, room = found
    session.delete(row)
    binding.bind(session, said.channel, said.channel_user, person_id, room.community_id)
    name = identity.names(session, [person_id])[person_id]
    return Told(domain.BOUND.format(name=name, home=room.label))


def _resident(session: Session, person_ids: Sequence[int], home: str) -> tuple[int, estate.RoomView] | None:
    """Return who of these lives in the home that the words name: whole, or without its unit."""
    address = estate.as_address(home)
    with system_scope(session):
        for person in identity.views(session, list(person_ids)).values():
            for room in estate.rooms(session, person.room_ids):
                whole, short = room.label, f"{room.home.building}号楼{room.home.room}"
                if re.search(rf"(?<!\d)(?:{whole}|{short})$", address):
                    return person.id, room
    return None
