"""Tables of people and what they are."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ColumnElement, ForeignKey, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from backend.kit.auth import Principal
from backend.kit.db import Base, BigId, UtcDateTime, code_column, id_column
from backend.kit.scope import Open, Scoped


class Person(Scoped, Base):
    """Somebody who can log in."""

    __tablename__ = "people"

    id: Mapped[int] = id_column()
    username: Mapped[str] = code_column(64, unique=True)
    name: Mapped[str] = code_column(64)
    phone: Mapped[str | None] = code_column(32, index=True, info={"secret": True})
    password_hash: Mapped[str | None] = code_column(255, info={"secret": True})
    skills: Mapped[list[Any]] = mapped_column(JSON, default=list)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @classmethod
    def readable_by(cls, who: Principal) -> ColumnElement[bool]:
        """Oneself; for staff who may read people, everybody of their estates."""
        if "people.read" not in who.permissions:
            return cls.id == who.person_id
        theirs = select(Membership.person_id).where(
            or_(
                Membership.community_id.in_(who.staff_community_ids),
                Membership.community_id.is_(None),
            )
        )
        return or_(cls.id == who.person_id, cls.id.in_(theirs))

    def writable_by(self, who: Principal) -> bool:
        """Only oneself; administration of people comes through system work."""
        return self.id == who.person_id


class Membership(Scoped, Base):
    """What a person is: a role, in one estate (or in all of the company), with a home where it has one."""

    __tablename__ = "memberships"

    id: Mapped[int] = id_column()
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"), index=True)
    community_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("communities.id"), index=True)
    role: Mapped[str] = code_column(32, index=True)
    room_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("rooms.id"), index=True)

    @classmethod
    def readable_by(cls, who: Principal) -> ColumnElement[bool]:
        """Oneself; for staff who may read people, the memberships of their estates."""
        if "people.read" not in who.permissions:
            return cls.person_id == who.person_id
        return or_(
            cls.person_id == who.person_id,
            cls.community_id.in_(who.staff_community_ids),
            cls.community_id.is_(None),
        )

    def writable_by(self, who: Principal) -> bool:
        """Nobody changes what people are through a request yet."""
        return False


class LoginFailure(Open, Base):
    """A failed log-in, kept to slow down guessing. ``address`` is where it came from."""

    __tablename__ = "login_failures"
    __audited__ = False
    why_open = "holds no data of a person; read by the log-in only"

    id: Mapped[int] = id_column()
    username: Mapped[str] = code_column(64, index=True)
    address: Mapped[str | None] = code_column(64, index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
