"""Every SQL statement about people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, case, delete, func, or_, select
from sqlalchemy.orm import Session

from backend.domains.identity.models import LoginFailure, Membership, Person
from backend.kit.memo import remembered


def person(session: Session, person_id: int) -> Person | None:
    """Return a person by id."""
    query = select(Person).where(Person.id == person_id)
    return remembered(session, (Person,), ("person", person_id), lambda: session.scalar(query))


def lock(session: Session, person_id: int) -> None:
    """Lock a person's row, for writers that ask for it; rows that point to the person may still be added."""
    session.execute(select(Person.id).where(Person.id == person_id).with_for_update(key_share=True))


def by_username(session: Session, username: str) -> Person | None:
    """Return a person by username."""
    return session.scalar(select(Person).where(Person.username == username))


def with_phone(session: Session, phone: str) -> Sequence[Person]:
    """Return the people who are registered with a phone number."""
    return session.scalars(select(Person).where(Person.phone == phone).order_by(Person.id)).all()


def people(session: Session, ids: Sequence[int]) -> Sequence[Person]:
    """Return people by id."""
    return session.scalars(select(Person).where(Person.id.in_(ids)).order_by(Person.id)).all()


def contacts(connection: Connection, ids: Sequence[int]) -> list[tuple[int, str, str | None]]:
    """Return (id, name, phone) of people."""
    people = Person.__table__.c
    rows = connection.execute(select(people.id, people.name, people.phone).where(people.id.in_(ids)))
    return [(int(i), str(name), phone) for i, name, phone in rows]


def names(connection: Connection, ids: Sequence[int]) -> dict[int, str]:
    """Return people's names by id."""
    return {i: name for i, name, _ in contacts(connection, ids)}


def memberships(session: Session, person_ids: Sequence[int]) -> Sequence[Membership]:
    """Return what these people are."""
    query = select(Membership).where(Membership.person_id.in_(person_ids)).order_by(Membership.id)
    key = ("memberships", *person_ids)
    return remembered(session, (Membership,), key, lambda: session.scalars(query).all())


def with_role(session: Session, community_id: int | None, roles: Sequence[str]) -> Sequence[int]:
    """Return the ids of people who hold one of the roles in the estate (or company-wide)."""
    query = select(Membership.person_id).where(Membership.role.in_(roles)).distinct()
    if community_id is not None:
        query = query.where(or_(Membership.community_id == community_id, Membership.community_id.is_(None)))
    return session.scalars(query.order_by(Membership.person_id)).all()


def living_in(session: Session, room_id: int) -> Sequence[int]:
    """Return the ids of those who live in a room."""
    query = select(Membership.person_id).where(Membership.room_id == room_id).distinct()
    return session.scalars(query.order_by(Membership.person_id)).all()


def names_in(session: Session, community_id: int) -> Sequence[str]:
    """Return the names of everybody of an estate, company-wide staff included, each once."""
    here = or_(Membership.community_id == community_id, Membership.community_id.is_(None))
    members = select(Membership.person_id).where(here)
    return session.scalars(select(Person.name).where(Person.id.in_(members)).distinct()).all()


def search(
    session: Session,
    q: str | None,
    roles: Sequence[str],
    after_id: int | None,
    limit: int,
    room_ids: Sequence[int] = (),
) -> Sequence[Person]:
    """Return people by role, and by name, username, phone or one of these homes, ordered by id."""
    query = select(Person).order_by(Person.id).limit(limit)
    if roles:
        query = query.where(Person.id.in_(select(Membership.person_id).where(Membership.role.in_(roles))))
    if q:
        query = query.where(
            or_(
                Person.name.contains(q, autoescape=True),
                Person.username.contains(q, autoescape=True),
                Person.phone == q,
                Person.id.in_(select(Membership.person_id).where(Membership.room_id.in_(room_ids))),
            )
        )
    if after_id is not None:
        query = query.where(Person.id > after_id)
    return session.scalars(query).all()


@dataclass(frozen=True, slots=True)
class Failures:
    """How often log-in failed lately: for this account from here, for this account at all, and from here at all."""

    here: int
    account: int
    address: int


def failures_since(session: Session, username: str, address: str | None, moment: datetime) -> Failures:
    """Count the failed log-ins since a moment."""
    name, place = LoginFailure.username == username, LoginFailure.address.is_not_distinct_from(address)
    counts = [func.coalesce(func.sum(case((rule, 1), else_=0)), 0) for rule in (and_(name, place), name, place)]
    row = session.execute(select(*counts).where(LoginFailure.at >= moment, or_(name, place))).one()
    return Failures(*(int(n) for n in row))


def forget_failures(session: Session, username: str, address: str | None) -> None:
    """Forget the failed log-ins of an account from an address."""
    place = LoginFailure.address.is_not_distinct_from(address)
    session.execute(delete(LoginFailure).where(LoginFailure.username == username, place))


def prune_failures(session: Session, moment: datetime) -> int:
    """Forget the failed log-ins before a moment. Returns how many."""
    done = session.execute(delete(LoginFailure).where(LoginFailure.at < moment))
    return int(done.rowcount)  # type: ignore[attr-defined]
