"""Tables of the work on site. The desk reads its estates' rows; everybody else is given their part by the service."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ColumnElement, ForeignKey, Index, Select, Text, UniqueConstraint, false, or_, select, union
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from backend.kit.auth import Principal
from backend.kit.db import Base, BigId, UtcDateTime, code_column, id_column
from backend.kit.scope import EstateScoped


class _OfOrder(EstateScoped):
    """What belongs to one order. ``at`` is the server's time, ``happened_at`` the phone's, if it was offline."""

    @declared_attr
    @classmethod
    def work_order_id(cls) -> Mapped[int]:
        """The order."""
        return mapped_column(BigId, ForeignKey("work_orders.id"), index=True)

    at: Mapped[datetime] = mapped_column(UtcDateTime)
    happened_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @classmethod
    def staff_rule(cls, who: Principal) -> ColumnElement[bool]:
        """The desk reads its estates'."""
        here = cls.community_id.in_(who.staff_community_ids)
        return here if "workorders.read" in who.permissions else false()


class WorkOrderArrival(_OfOrder, Base):
    """Somebody came: where their phone was, and how far that is from the order's building."""

    __tablename__ = "work_order_arrivals"
    __append_only__ = True

    id: Mapped[int] = id_column()
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"))
    lat: Mapped[float | None]
    lng: Mapped[float | None]
    accuracy_m: Mapped[float | None]
    distance_m: Mapped[float | None]


class WorkOrderPhoto(_OfOrder, Base):
    """A picture of the work."""

    __tablename__ = "work_order_photos"
    __table_args__ = (UniqueConstraint("work_order_id", "media_id"), Base.__table_args__)
    __append_only__ = True

    id: Mapped[int] = id_column()
    media_id: Mapped[str] = code_column(32, index=True)
    kind: Mapped[str] = code_column(16)
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"))


class WorkOrderSignature(_OfOrder, Base):
    """Somebody signed on the phone at the door."""

    __tablename__ = "work_order_signatures"
    __table_args__ = (UniqueConstraint("work_order_id", "media_id"), Base.__table_args__)
    __append_only__ = True

    id: Mapped[int] = id_column()
    media_id: Mapped[str] = code_column(32, index=True)
    name: Mapped[str] = code_column(64)
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"))


class WorkOrderMate(_OfOrder, Base):
    """Somebody who does the job together with its holder."""

    __tablename__ = "work_order_mates"
    __table_args__ = (UniqueConstraint("work_order_id", "person_id"), Base.__table_args__)

    id: Mapped[int] = id_column()
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"), index=True)
    added_by_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"))

    @classmethod
    def staff_rule(cls, who: Principal) -> ColumnElement[bool]:
        """One's own, too: they open the order."""
        return or_(super().staff_rule(who), cls.person_id == who.person_id)


class WorkOrderTransfer(_OfOrder, Base):
    """The holder wants a colleague to take over. ``pending_id`` is the order while it waits: one at a time."""

    __tablename__ = "work_order_transfers"
    __table_args__ = (Index("ix_work_order_transfers_to_status", "to_id", "status"), Base.__table_args__)

    id: Mapped[int] = id_column()
    from_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"))
    to_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"))
    reason: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = code_column(16)
    pending_id: Mapped[int | None] = mapped_column(BigId, unique=True)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(BigId)
    answer: Mapped[str | None] = mapped_column(Text)

    @classmethod
    def staff_rule(cls, who: Principal) -> ColumnElement[bool]:
        """One's own, too: what is offered opens the order."""
        return or_(super().staff_rule(who), cls.to_id == who.person_id)


class WorkOrderChecklist(_OfOrder, Base):
    """The list that an order got when it was accepted."""

    __tablename__ = "work_order_checklists"
    __table_args__ = (UniqueConstraint("work_order_id"), Base.__table_args__)

    id: Mapped[int] = id_column()
    category: Mapped[str] = code_column(32)
    title: Mapped[str] = code_column(64)


class WorkOrderChecklistItem(_OfOrder, Base):
    """One item of it and its answer. ``happened_at`` is when it was answered last."""

    __tablename__ = "work_order_checklist_items"
    __table_args__ = (UniqueConstraint("work_order_id", "position"), Base.__table_args__)

    id: Mapped[int] = id_column()
    position: Mapped[int]
    text: Mapped[str] = code_column(200)
    kind: Mapped[str] = code_column(16)
    required: Mapped[bool]
    ok: Mapped[bool | None]
    value: Mapped[float | None]
    media_id: Mapped[str | None] = code_column(32, index=True)
    note: Mapped[str | None] = mapped_column(Text)
    person_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"))


class ChecklistTemplate(EstateScoped, Base):
    """An estate's own list for a category."""

    __tablename__ = "checklist_templates"
    __table_args__ = (UniqueConstraint("community_id", "category"), Base.__table_args__)

    id: Mapped[int] = id_column()
    category: Mapped[str] = code_column(32)
    title: Mapped[str] = code_column(64)
    items: Mapped[list[Any]] = mapped_column(JSON)
    changed_by_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"))
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


PENDING = "pending"


def shared_with(who: Principal) -> Select[Any]:
    """Return the ids of the orders that a technician helps with or is asked to take over."""
    helped = select(WorkOrderMate.work_order_id.label("id")).where(WorkOrderMate.person_id == who.person_id)
    offered = select(WorkOrderTransfer.work_order_id).where(
        WorkOrderTransfer.to_id == who.person_id, WorkOrderTransfer.status == PENDING
    )
    return select(union(helped, offered).subquery().c.id)
