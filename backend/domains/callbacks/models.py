"""Tables of call-backs. Only the desk reads them: they say what owners think of the people who work for them."""

from datetime import datetime

from sqlalchemy import ColumnElement, ForeignKey, Index, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from backend.kit.auth import Principal
from backend.kit.db import Base, BigId, UtcDateTime, code_column, id_column
from backend.kit.scope import EstateScoped


class CallbackTerms(EstateScoped, Base):
    """An estate's own numbers."""

    __tablename__ = "callback_terms"
    __table_args__ = (UniqueConstraint("community_id"), Base.__table_args__)

    id: Mapped[int] = id_column()
    due_h: Mapped[int]
    sample_percent: Mapped[int]


class Callback(EstateScoped, Base):
    """A call to make. It is over when ``done_at`` is set."""

    __tablename__ = "callbacks"
    __table_args__ = (
        Index("ix_callbacks_community_status", "community_id", "status", "id"),
        Index("ix_callbacks_due_at", "due_at", "id"),
        Index("ix_callbacks_subject", "subject_type", "subject_id"),
        Base.__table_args__,
    )

    id: Mapped[int] = id_column()
    source_key: Mapped[str] = code_column(64, unique=True)
    subject_type: Mapped[str] = code_column(16)
    subject_id: Mapped[int] = mapped_column(BigId)
    label: Mapped[str] = code_column(32)
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"), index=True)
    reason: Mapped[str] = code_column(16)
    words: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = code_column(16)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    escalated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    assigned_to_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"), index=True)
    tries: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[str | None] = code_column(16)
    notes: Mapped[str | None] = mapped_column(Text)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    @classmethod
    def staff_rule(cls, who: Principal) -> ColumnElement[bool]:
        """The desk of the estate."""
        return cls.community_id.in_(who.staff_community_ids) if "workorders.manage" in who.permissions else false()
