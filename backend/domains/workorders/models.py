"""Tables of work orders."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    ForeignKey,
    Index,
    SmallInteger,
    Text,
    UniqueConstraint,
    and_,
    false,
    or_,
    select,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, validates

from backend.domains.workorders.domain import OPEN, URGENCIES, Confirmation, Status
from backend.kit.auth import Principal, Role
from backend.kit.db import Base, BigId, UtcDateTime, code_column, id_column
from backend.kit.scope import EstateScoped, Open

_OPEN = text("status IN ({})".format(", ".join(f"'{status}'" for status in sorted(OPEN))))
_RANKS = {urgency: rank for rank, urgency in enumerate(URGENCIES)}


def _of_open(name: str, *columns: str) -> Index:
    """Return an index of the few open orders among all that ever were; MariaDB has no such and indexes all."""
    return Index(name, *columns, postgresql_where=_OPEN, sqlite_where=_OPEN)


class NumberCounter(Open, Base):
    """The last number given under a prefix (SH2611)."""

    __tablename__ = "work_order_counters"
    __audited__ = False
    why_open = "a counter"

    prefix: Mapped[str] = code_column(16, primary_key=True)
    value: Mapped[int]


class WorkOrder(EstateScoped, Base):
    """A work order. ``version`` grows with each change, so that two people cannot both take one order.

    ``suspended_kind``, ``suspended_until`` and ``resume_told_at`` (the reminder) are of the last time it was suspended.
    ``incident_id`` is the incident it lies under, ``held_by`` the same while nobody is sent for this order itself.
    """

    __tablename__ = "work_orders"
    __table_args__ = (
        Index("ix_work_orders_community_status", "community_id", "status", "id"),
        Index("ix_work_orders_technician_status", "technician_id", "status"),
        Index("ix_work_orders_technician", "technician_id", "id"),
        Index("ix_work_orders_building", "community_id", "building", "id"),
        Index("ix_work_orders_kind", "community_id", "category", "urgency", "scope", "source", "id"),
        Index("ix_work_orders_updated", "updated_at", "id"),
        _of_open("ix_work_orders_open_state", "status", "urgency_rank", "promised_at", "id"),
        _of_open("ix_work_orders_open_urgent", "urgency_rank", "promised_at", "id"),
        _of_open("ix_work_orders_open_promised", "promised_at", "id"),
        Base.__table_args__,
    )

    id: Mapped[int] = id_column()
    number: Mapped[str] = code_column(24, unique=True)
    source_key: Mapped[str | None] = code_column(190, unique=True)
    status: Mapped[str] = code_column(24)
    category: Mapped[str] = code_column(32)
    urgency: Mapped[str] = code_column(16)
    urgency_rank: Mapped[int] = mapped_column(SmallInteger, server_default="2", info={"derived": True})
    scope: Mapped[str] = code_column(16)
    building: Mapped[str | None] = code_column(8)
    unit: Mapped[str | None] = code_column(8)
    floor: Mapped[str | None] = code_column(8)
    room: Mapped[str | None] = code_column(16)
    place: Mapped[str | None] = code_column(64)
    raw: Mapped[str | None] = mapped_column(Text)
    room_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("rooms.id"), index=True)
    confirmation: Mapped[str | None] = code_column(16)
    asset_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("assets.id"), index=True)
    fault: Mapped[str] = mapped_column(Text)
    reporter_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"), index=True)
    technician_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"))
    preferred_time: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    promised_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    promised_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    attachments: Mapped[list[Any]] = mapped_column(JSON, default=list)
    source: Mapped[str] = code_column(16)
    merged_into: Mapped[str | None] = code_column(24)
    suspended_kind: Mapped[str | None] = code_column(16)
    suspended_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    resume_told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    incident_id: Mapped[int | None] = mapped_column(BigId, index=True)
    held_by: Mapped[int | None] = mapped_column(BigId)
    rating_stars: Mapped[int | None]
    rating_words: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    @validates("urgency")
    def _rank(self, _key: str, urgency: str) -> str:
        """Keep beside the urgency the number that lists are sorted by."""
        self.urgency_rank = _RANKS[urgency]
        return urgency

    @classmethod
    def readable_by(cls, who: Principal) -> ColumnElement[bool]:
        """Return the condition under which ``who`` may read a row; a plain one for who reads all of all their estates."""
        if "workorders.read" in who.permissions and who.community_ids <= who.staff_community_ids:
            return cls.staff_rule(who)
        return super().readable_by(who)

    @classmethod
    def staff_rule(cls, who: Principal) -> ColumnElement[bool]:
        """The desk reads its estates' orders; a technician those they hold and those they could take."""
        here = cls.community_id.in_(who.staff_community_ids)
        if "workorders.read" in who.permissions:
            return here
        if Role.TECHNICIAN not in who.roles:
            return false()
        free = and_(
            cls.technician_id.is_(None),
            cls.status.in_([Status.TRIAGED, Status.REOPENED]),
            cls.category.in_(who.skills),
            cls.held_by.is_(None),
            or_(cls.confirmation.is_(None), cls.confirmation != Confirmation.PENDING),
        )
        shared = cls.id.in_(models_work.shared_with(who))
        return and_(here, or_(cls.technician_id == who.person_id, free, shared))

    @classmethod
    def resident_rule(cls, who: Principal) -> ColumnElement[bool]:
        """What the person reported, the public faults they follow, and what their household reported of their home."""
        mine = select(WorkOrderFollower.work_order_id).where(WorkOrderFollower.person_id == who.person_id)
        followed = and_(cls.id.in_(mine), cls.scope == "public")
        own_home = and_(cls.room_id.in_(who.room_ids), cls.scope == "private", cls.confirmation.is_(None))
        return or_(cls.reporter_id == who.person_id, own_home, followed)


class WorkOrderFollower(EstateScoped, Base):
    """Somebody else who is told about an order (a second reporter)."""

    __tablename__ = "work_order_followers"
    __table_args__ = (UniqueConstraint("work_order_id", "person_id"), Base.__table_args__)

    id: Mapped[int] = id_column()
    work_order_id: Mapped[int] = mapped_column(BigId, ForeignKey("work_orders.id"))
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"), index=True)

    @classmethod
    def resident_rule(cls, who: Principal) -> ColumnElement[bool]:
        """One's own following."""
        return cls.person_id == who.person_id


class WorkOrderRepeat(EstateScoped, Base):
    """A report of a fault that has an order already: who said what, and all that an order of its own would need.

    ``own`` when the same person said it again; ``opened_id`` is the order that was opened after all.
    """

    __tablename__ = "work_order_repeats"

    id: Mapped[int] = id_column()
    work_order_id: Mapped[int] = mapped_column(BigId, ForeignKey("work_orders.id"), index=True)
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"), index=True)
    source_key: Mapped[str | None] = code_column(190, unique=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    own: Mapped[bool]
    fault: Mapped[str] = mapped_column(Text)
    report: Mapped[dict[str, Any]] = mapped_column(JSON)
    attachments: Mapped[list[Any]] = mapped_column(JSON, default=list)
    score: Mapped[float | None]
    opened_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("work_orders.id"))

    @classmethod
    def resident_rule(cls, who: Principal) -> ColumnElement[bool]:
        """One's own words."""
        return cls.person_id == who.person_id


class WorkOrderEvent(EstateScoped, Base):
    """One line of an order's history: who, when, what was said. Never changed."""

    __tablename__ = "work_order_events"
    __table_args__ = (Index("ix_work_order_events_to_status", "to_status", "at"), Base.__table_args__)
    __audited__ = False
    __append_only__ = True

    id: Mapped[int] = id_column()
    work_order_id: Mapped[int] = mapped_column(BigId, ForeignKey("work_orders.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor_id: Mapped[int | None] = mapped_column(BigId)
    actor_name: Mapped[str] = code_column(64)
    actor_kind: Mapped[str] = code_column(16)
    kind: Mapped[str] = code_column(16)
    title: Mapped[str] = code_column(64)
    text: Mapped[str | None] = mapped_column(Text)
    from_status: Mapped[str | None] = code_column(24)
    to_status: Mapped[str | None] = code_column(24)

    @classmethod
    def readable_by(cls, who: Principal) -> ColumnElement[bool]:
        """The history of the orders one may read."""
        return cls.work_order_id.in_(select(WorkOrder.id).where(WorkOrder.readable_by(who)))


from backend.domains.workorders import models_work  # noqa: E402  # its rules are read from above
