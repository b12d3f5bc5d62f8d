"""Tables beside work orders: relations, merges that can be taken back, incidents and what was said of them."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ColumnElement, ForeignKey, Index, Text, UniqueConstraint, false, select, true
from sqlalchemy.orm import Mapped, mapped_column

from backend.kit.auth import Principal
from backend.kit.db import Base, BigId, UtcDateTime, code_column, id_column
from backend.kit.scope import EstateScoped


class WorkOrderRelation(EstateScoped, Base):
    """Two orders that belong together: ``second`` came from or after ``first``.

    A row is two ids; whoever reads it still needs the right to read the orders.
    """

    __tablename__ = "work_order_relations"
    __table_args__ = (UniqueConstraint("first_id", "second_id", "kind"), Base.__table_args__)

    id: Mapped[int] = id_column()
    first_id: Mapped[int] = mapped_column(BigId, ForeignKey("work_orders.id"))
    second_id: Mapped[int] = mapped_column(BigId, ForeignKey("work_orders.id"), index=True)
    kind: Mapped[str] = code_column(16)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    said_by_id: Mapped[int | None] = mapped_column(BigId)

    @classmethod
    def resident_rule(cls, who: Principal) -> ColumnElement[bool]:
        """Residents of the estate: what they see are those of the orders that they may read."""
        return true()


class WorkOrderMerge(EstateScoped, Base):
    """What one merge changed, so that it can be taken back whole."""

    __tablename__ = "work_order_merges"

    id: Mapped[int] = id_column()
    work_order_id: Mapped[int] = mapped_column(BigId, ForeignKey("work_orders.id"), index=True)
    master_id: Mapped[int] = mapped_column(BigId, ForeignKey("work_orders.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    followers: Mapped[list[Any]] = mapped_column(JSON, default=list)
    repeats: Mapped[list[Any]] = mapped_column(JSON, default=list)
    urgency_before: Mapped[str] = code_column(16)
    promised_before: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @classmethod
    def staff_rule(cls, who: Principal) -> ColumnElement[bool]:
        """The desk of the estate."""
        here = cls.community_id.in_(who.staff_community_ids)
        return here if "workorders.read" in who.permissions else false()


class Incident(EstateScoped, Base):
    """One thing that many report at once (停电). ``open_key`` names estate, category and area while it is open."""

    __tablename__ = "incidents"
    __table_args__ = (Index("ix_incidents_community_state", "community_id", "state", "id"), Base.__table_args__)

    id: Mapped[int] = id_column()
    number: Mapped[str] = code_column(24, unique=True)
    open_key: Mapped[str | None] = code_column(190, unique=True)
    category: Mapped[str] = code_column(32)
    building: Mapped[str | None] = code_column(8)
    unit: Mapped[str | None] = code_column(8)
    zone: Mapped[str | None] = code_column(64)
    title: Mapped[str] = code_column(64)
    state: Mapped[str] = code_column(16)
    master_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("work_orders.id"))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    resolved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    expected_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    message: Mapped[str | None] = mapped_column(Text)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    @classmethod
    def staff_rule(cls, who: Principal) -> ColumnElement[bool]:
        """The desk of the estate. Residents hear of an incident through their own order."""
        here = cls.community_id.in_(who.staff_community_ids)
        return here if "workorders.read" in who.permissions else false()


class IncidentUpdate(EstateScoped, Base):
    """One line of an incident's history. Never changed."""

    __tablename__ = "incident_updates"
    __audited__ = False
    __append_only__ = True

    id: Mapped[int] = id_column()
    incident_id: Mapped[int] = mapped_column(BigId, ForeignKey("incidents.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor_id: Mapped[int | None] = mapped_column(BigId)
    actor_name: Mapped[str] = code_column(64)
    kind: Mapped[str] = code_column(16)
    text: Mapped[str] = mapped_column(Text)
    expected_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @classmethod
    def readable_by(cls, who: Principal) -> ColumnElement[bool]:
        """The history of the incidents one may read."""
        return cls.incident_id.in_(select(Incident.id).where(Incident.readable_by(who)))
