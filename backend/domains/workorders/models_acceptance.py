"""Tables around judging work: the estate's terms, the timers of each finished round, ratings, orders that follow one.

Rows about an order are for whoever may read the order; the service asks that first.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.kit.db import Base, BigId, UtcDateTime, code_column, id_column
from backend.kit.scope import EstateScoped


class EstateAcceptanceTerms(EstateScoped, Base):
    """An estate's own hours."""

    __tablename__ = "acceptance_terms"
    __table_args__ = (UniqueConstraint("community_id"), Base.__table_args__)

    id: Mapped[int] = id_column()
    accept_after_h: Mapped[int]
    remind_after_h: Mapped[int]
    last_call_h: Mapped[int]
    close_after_h: Mapped[int]


class WarrantyTerm(EstateScoped, Base):
    """An estate's own days of warranty for one category."""

    __tablename__ = "warranty_terms"
    __table_args__ = (UniqueConstraint("community_id", "category"), Base.__table_args__)

    id: Mapped[int] = id_column()
    category: Mapped[str] = code_column(32)
    days: Mapped[int]


class Acceptance(EstateScoped, Base):
    """One round of work that was finished, and when what happens if nobody says anything.

    ``next_at`` is the moment of the next step, empty when there is none. The order's history says who did what, so these
    rows are not audited.
    """

    __tablename__ = "acceptances"
    __audited__ = False
    __table_args__ = (
        UniqueConstraint("work_order_id", "round"),
        Index("ix_acceptances_next_at", "next_at", "id"),
        Base.__table_args__,
    )

    id: Mapped[int] = id_column()
    work_order_id: Mapped[int] = mapped_column(BigId, ForeignKey("work_orders.id"))
    round: Mapped[int]
    finished_at: Mapped[datetime] = mapped_column(UtcDateTime)
    remind_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_call_at: Mapped[datetime] = mapped_column(UtcDateTime)
    accept_at: Mapped[datetime] = mapped_column(UtcDateTime)
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    by_system: Mapped[bool] = mapped_column(default=False)
    close_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    stage: Mapped[str] = code_column(16)
    next_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class WorkOrderRating(EstateScoped, Base):
    """What somebody gave for one round of work. Never changed."""

    __tablename__ = "work_order_ratings"
    __append_only__ = True
    __table_args__ = (UniqueConstraint("work_order_id", "round"), Base.__table_args__)

    id: Mapped[int] = id_column()
    work_order_id: Mapped[int] = mapped_column(BigId, ForeignKey("work_orders.id"))
    round: Mapped[int]
    stars: Mapped[int]
    words: Mapped[str | None] = mapped_column(Text)
    reasons: Mapped[list[Any]] = mapped_column(JSON, default=list)
    person_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"), index=True)
    technician_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class OrderAfterWarranty(EstateScoped, Base):
    """An order that was opened because the warranty of an earlier one was over."""

    __tablename__ = "orders_after_warranty"
    __table_args__ = (UniqueConstraint("work_order_id"), Base.__table_args__)

    id: Mapped[int] = id_column()
    work_order_id: Mapped[int] = mapped_column(BigId, ForeignKey("work_orders.id"))
    earlier_id: Mapped[int] = mapped_column(BigId, ForeignKey("work_orders.id"), index=True)
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    days: Mapped[int]
