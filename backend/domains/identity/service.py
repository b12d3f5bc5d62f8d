"""Use cases around people: log in, load a principal, find staff."""

from collections.abc import Sequence
from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy.orm import Session

from backend.domains.estate import service as estate
from backend.domains.identity import repository
from backend.domains.identity.domain import Contact, NewPerson, PersonView, called, mask_phone, may_call, phone_for
from backend.domains.identity.errors import TooManyFailures, WrongCredentials
from backend.domains.identity.models import LoginFailure, Membership, Person
from backend.kit import auth, clock, context, db
from backend.kit.auth import STAFF_ROLES, Claims, Principal, Role
from backend.kit.problems import NotLoggedIn
from backend.kit.scope import system_scope
from backend.settings import get_settings

__all__ = [
    "Claims",
    "Contact",
    "NewPerson",
    "PersonView",
    "add_membership",
    "called",
    "contacts",
    "load_principal",
    "lock",
    "log_in",
    "mask_phone",
    "may_call",
    "names",
    "names_in",
    "phone_for",
    "register",
    "search",
    "staff_ids",
    "technicians",
    "views",
    "with_phone",
]

_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
_DUMMY = _hasher.hash("nobody has this password")


def log_in(session: Session, username: str, password: str) -> str:
    """Return a token. Raises WrongCredentials or TooManyFailures; takes the same time whether the name exists or not.

    Guessing is slowed down by account and address, by address over all accounts, and by account over all addresses:
    wrong passwords from one place do not lock an account for the others.
    """
    settings, address = get_settings(), context.origin().ip
    since = clock.now() - timedelta(seconds=settings.login_window_s)
    failed = repository.failures_since(session, username[:64], address, since)
    if (
        failed.here >= settings.login_failures_allowed
        or failed.address >= settings.login_failures_per_address
        or failed.account >= settings.login_failures_per_account
    ):
        raise TooManyFailures(retry_after_s=settings.login_window_s)
    with system_scope(session):
        person = repository.by_username(session, username)
    stored = person.password_hash if person else None
    try:
        _hasher.verify(stored or _DUMMY, password)
    except (VerifyMismatchError, InvalidHashError):
        stored = None
    if person is None or stored is None:
        _remember_failure(session, username, address)
        raise WrongCredentials()
    repository.forget_failures(session, username[:64], address)
    return auth.issue_token(Claims(person.id), settings.token_ttl_s)


def _remember_failure(session: Session, username: str, address: str | None) -> None:
    # Kept although the request fails. The request's own transaction ends first: SQLite has one writer at a time.
    session.rollback()
    with db.transaction() as own:
        own.add(LoginFailure(username=username[:64], address=address, at=clock.now()))


def forget_old_failures(session: Session) -> int:
    """Delete failed log-ins that count no more. Returns how many. System work."""
    return repository.prune_failures(session, clock.now() - timedelta(seconds=get_settings().login_window_s))


def load_principal(session: Session, claims: Claims) -> Principal:
    """Return the person of a token with the rights they have now. Raises NotLoggedIn when they are gone."""
    person = repository.person(session, claims.person_id)
    if person is None:
        raise NotLoggedIn()
    rows = repository.memberships(session, [person.id])
    roles = frozenset(Role(r.role) for r in rows)
    everywhere = frozenset(c.id for c in estate.communities(session))
    staff: frozenset[int] = frozenset()
    for row in rows:
        if row.role in STAFF_ROLES:
            staff |= everywhere if row.community_id is None else {row.community_id}
    own = frozenset(r.community_id for r in rows if r.community_id is not None)
    return Principal(
        person_id=person.id,
        name=person.name,
        roles=roles,
        community_ids=own | staff,
        staff_community_ids=staff,
        room_ids=frozenset(r.room_id for r in rows if r.room_id is not None),
        skills=frozenset(person.skills),
        via=claims.via,
        message_id=claims.message_id,
        channel=claims.channel,
        permissions=auth.permissions_of(roles),
    )


def _view(person: Person, rows: Sequence[Membership]) -> PersonView:
    mine = [r for r in rows if r.person_id == person.id]
    return PersonView(
        id=person.id,
        username=person.username,
        name=person.name,
        phone=person.phone,
        roles=tuple(dict.fromkeys(Role(r.role) for r in mine)),
        skills=tuple(person.skills),
        community_ids=tuple(dict.fromkeys(r.community_id for r in mine if r.community_id)),
        room_ids=tuple(dict.fromkeys(r.room_id for r in mine if r.room_id)),
    )


def views(session: Session, ids: Sequence[int]) -> dict[int, PersonView]:
    """Return people by id, whoever asks: for names on rows that the asker may already see."""
    if not ids:
        return {}
    with system_scope(session):
        rows = repository.memberships(session, ids)
        return {p.id: _view(p, rows) for p in repository.people(session, ids)}


def with_phone(session: Session, phone: str) -> list[PersonView]:
    """Return the people who are registered with a phone number. System work."""
    found = repository.with_phone(session, phone)
    rows = repository.memberships(session, [p.id for p in found])
    return [_view(p, rows) for p in found]


def names(session: Session, ids: Sequence[int]) -> dict[int, str]:
    """Return people's names by id, whoever asks; also while a session is being flushed."""
    return repository.names(session.connection(), ids) if ids else {}


def contacts(session: Session, ids: Sequence[int]) -> dict[int, Contact]:
    """Return people's names and numbers by id, whoever asks: for names on rows that the asker may already see."""
    found = repository.contacts(session.connection(), ids) if ids else []
    return {i: Contact(i, name, phone) for i, name, phone in found}


def lock(session: Session, person_id: int) -> None:
    """Let nobody else do what must happen once per person until the transaction ends. System work."""
    repository.lock(session, person_id)


def search(
    session: Session, q: str | None, roles: Sequence[Role], after_id: int | None, limit: int
) -> list[PersonView]:
    """Return people the session's principal may read, by name, username, whole phone number or address."""
    homes = [room.id for room in estate.find_rooms(session, q)] if q else []
    found = repository.search(session, q, list(roles), after_id, limit, homes)
    rows = repository.memberships(session, [p.id for p in found])
    return [_view(p, rows) for p in found]


def technicians(session: Session, community_id: int) -> list[PersonView]:
    """Return the technicians of an estate, whoever asks: dispatch needs them."""
    with system_scope(session):
        ids = repository.with_role(session, community_id, [Role.TECHNICIAN])
    return list(views(session, ids).values())


def staff_ids(session: Session, community_id: int | None, roles: Sequence[Role]) -> list[int]:
    """Return the people who hold one of the roles in an estate (None: in any), company-wide ones included."""
    with system_scope(session):
        return list(repository.with_role(session, community_id, list(roles)))


def living_in(session: Session, room_id: int) -> list[int]:
    """Return the people of a home. System work."""
    return list(repository.living_in(session, room_id))


def names_in(session: Session, community_id: int) -> list[str]:
    """Return the names of everybody of an estate. System work."""
    return list(repository.names_in(session, community_id))


def register(session: Session, new: NewPerson) -> int:
    """Add a person, or return the one with this username. System work."""
    existing = repository.by_username(session, new.username)
    if existing is not None:
        return existing.id
    person = Person(
        username=new.username,
        name=new.name,
        phone=new.phone,
        password_hash=_hasher.hash(new.password) if new.password else None,
        skills=list(new.skills),
        created_at=clock.now(),
    )
    session.add(person)
    session.flush()
    return person.id


def add_membership(
    session: Session, person_id: int, role: Role, community_id: int | None, room_id: int | None = None
) -> None:
    """Make a person something in an estate (or, without one, in the company); twice changes nothing. System work."""
    for row in repository.memberships(session, [person_id]):
        if (row.role, row.community_id, row.room_id) == (role, community_id, room_id):
            return
    session.add(Membership(person_id=person_id, role=role, community_id=community_id, room_id=room_id))
    session.flush()
