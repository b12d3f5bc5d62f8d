"""Tables of dispatch."""

from datetime import date, datetime

from sqlalchemy import ColumnElement, Date, Double, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.kit.auth import Principal
from backend.kit.db import Base, BigId, UtcDateTime, code_column, id_column
from backend.kit.scope import EstateScoped, Scoped


class _OfPerson(EstateScoped):
    """Rows about one technician: the desk of the estate reads them, and the technician."""

    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"), index=True)

    @classmethod
    def staff_rule(cls, who: Principal) -> ColumnElement[bool]:
        """The desk reads its estates'; a technician their own."""
        here = cls.community_id.in_(who.staff_community_ids)
        return here if who.is_desk else here & (cls.person_id == who.person_id)


class DispatchRule(EstateScoped, Base):
    """How orders of a category find their technician in an estate, and how long the work takes."""

    __tablename__ = "dispatch_rules"
    __table_args__ = (UniqueConstraint("community_id", "category"), Base.__table_args__)

    id: Mapped[int] = id_column()
    category: Mapped[str] = code_column(32)
    mode: Mapped[str] = code_column(16)
    grab_minutes: Mapped[int]
    service_minutes: Mapped[int]


class ShiftRow(_OfPerson, Base):
    """A shift of a technician: weekdays (bit 0 is Monday) or one day; minutes of the day in Shanghai."""

    __tablename__ = "shifts"

    id: Mapped[int] = id_column()
    weekdays: Mapped[int] = mapped_column(default=0)
    day: Mapped[date | None] = mapped_column(Date)
    starts_min: Mapped[int]
    ends_min: Mapped[int]
    on_call: Mapped[bool] = mapped_column(default=False)


class LeaveRow(_OfPerson, Base):
    """A technician is away."""

    __tablename__ = "leaves"

    id: Mapped[int] = id_column()
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = code_column(200)


class Position(Scoped, Base):
    """Where a technician's phone was last, one row a person; nobody else reads it, only dispatch."""

    __tablename__ = "positions"
    __audited__ = False  # a change every few minutes, and no trace of where people were is kept

    id: Mapped[int] = id_column()
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"), unique=True)
    lat: Mapped[float] = mapped_column(Double)
    lng: Mapped[float] = mapped_column(Double)
    accuracy_m: Mapped[float | None] = mapped_column(Double)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    source: Mapped[str] = code_column(16)

    @classmethod
    def readable_by(cls, who: Principal) -> ColumnElement[bool]:
        """Oneself only."""
        return cls.person_id == who.person_id

    def writable_by(self, who: Principal) -> bool:
        """Oneself only."""
        return self.person_id == who.person_id


class DispatchOffer(EstateScoped, Base):
    """An order offered to all who fit; ``closed_at`` ends it, taken by somebody or not. Each offer is a round."""

    __tablename__ = "dispatch_offers"
    __table_args__ = (
        UniqueConstraint("work_order_id", "round"),
        Index("ix_dispatch_offers_next_at", "closed_at", "next_at"),
        Base.__table_args__,
    )

    id: Mapped[int] = id_column()
    work_order_id: Mapped[int] = mapped_column(BigId, ForeignKey("work_orders.id"))
    round: Mapped[int]
    offered_to: Mapped[int]
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    next_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    taken_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"))


class DispatchChange(EstateScoped, Base):
    """Something changed that the plan of an estate hangs on. Only ever added, so that moves never wait for each other;
    the plan takes them away."""

    __tablename__ = "dispatch_changes"
    __audited__ = False

    id: Mapped[int] = id_column()


class DispatchPlan(EstateScoped, Base):
    """When an estate was planned last, one row an estate."""

    __tablename__ = "dispatch_plans"
    __table_args__ = (UniqueConstraint("community_id"), Base.__table_args__)
    __audited__ = False

    id: Mapped[int] = id_column()
    at: Mapped[datetime] = mapped_column(UtcDateTime)
