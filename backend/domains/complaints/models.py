"""Tables of complaints."""

from datetime import datetime

from sqlalchemy import ColumnElement, ForeignKey, Index, Text, UniqueConstraint, and_, false, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from backend.kit.auth import Principal
from backend.kit.db import Base, BigId, UtcDateTime, code_column, id_column
from backend.kit.scope import EstateScoped

_SECRET = {"secret": True}
"""The audit log is read by people whom a complaint may be about."""


class EstateComplaintTerms(EstateScoped, Base):
    """An estate's own deadlines."""

    __tablename__ = "complaint_terms"
    __table_args__ = (UniqueConstraint("community_id"), Base.__table_args__)

    id: Mapped[int] = id_column()
    reply_h: Mapped[int]
    answer_d: Mapped[int]
    close_d: Mapped[int]


class Complaint(EstateScoped, Base):
    """A complaint. ``round`` 2 after a refusal; ``against_id`` is the person it is about and must not see it."""

    __tablename__ = "complaints"
    __table_args__ = (Index("ix_complaints_community_status", "community_id", "status", "id"), Base.__table_args__)

    id: Mapped[int] = id_column()
    number: Mapped[str] = code_column(24, unique=True)
    source_key: Mapped[str | None] = code_column(190, unique=True)
    complainant_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"), index=True, info=_SECRET)
    against_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"), index=True, info=_SECRET)
    work_order_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("work_orders.id"), index=True)
    kind: Mapped[str] = code_column(16)
    words: Mapped[str] = mapped_column(Text, info=_SECRET)
    source: Mapped[str] = code_column(16)
    status: Mapped[str] = code_column(16)
    round: Mapped[int] = mapped_column(default=1)
    level: Mapped[str] = code_column(24)
    handler_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"))
    answered_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"))
    answer: Mapped[str | None] = mapped_column(Text, info=_SECRET)
    reply_by: Mapped[datetime] = mapped_column(UtcDateTime)
    answer_by: Mapped[datetime] = mapped_column(UtcDateTime)
    replied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    @classmethod
    def staff_rule(cls, who: Principal) -> ColumnElement[bool]:
        """The desk of the estate, but not the person a complaint is about."""
        if "workorders.manage" not in who.permissions:
            return false()
        others = or_(cls.against_id.is_(None), cls.against_id != who.person_id)
        return and_(cls.community_id.in_(who.staff_community_ids), others)

    @classmethod
    def resident_rule(cls, who: Principal) -> ColumnElement[bool]:
        """One's own."""
        return cls.complainant_id == who.person_id


class _OfAComplaint(EstateScoped):
    """A row that whoever may read its complaint may read."""

    complaint_id: Mapped[int]

    @classmethod
    def readable_by(cls, who: Principal) -> ColumnElement[bool]:
        """Those of the complaints one may read."""
        return cls.complaint_id.in_(select(Complaint.id).where(Complaint.readable_by(who)))


class ComplaintEvent(_OfAComplaint, Base):
    """One line of a complaint's history. Never changed; ``internal`` lines are for the desk."""

    __tablename__ = "complaint_events"
    __audited__ = False
    __append_only__ = True

    id: Mapped[int] = id_column()
    complaint_id: Mapped[int] = mapped_column(BigId, ForeignKey("complaints.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor_id: Mapped[int | None] = mapped_column(BigId)
    actor_name: Mapped[str] = code_column(64)
    actor_kind: Mapped[str] = code_column(16)
    kind: Mapped[str] = code_column(16)
    title: Mapped[str] = code_column(64)
    text: Mapped[str | None] = mapped_column(Text)
    from_status: Mapped[str | None] = code_column(16)
    to_status: Mapped[str | None] = code_column(16)
    internal: Mapped[bool] = mapped_column(default=False)


class ComplaintDeadline(_OfAComplaint, Base):
    """A deadline of a complaint: how many of its alarms have rung, and when the next one rings (empty: none)."""

    __tablename__ = "complaint_deadlines"
    __audited__ = False
    __table_args__ = (
        UniqueConstraint("complaint_id", "round", "due"),
        Index("ix_complaint_deadlines_next_at", "next_at", "id"),
        Base.__table_args__,
    )

    id: Mapped[int] = id_column()
    complaint_id: Mapped[int] = mapped_column(BigId, ForeignKey("complaints.id"))
    round: Mapped[int]
    due: Mapped[str] = code_column(16)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    rung: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    met_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
