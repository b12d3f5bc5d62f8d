"""Tables of training."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ColumnElement, ForeignKey, Index, Text, false, true
from sqlalchemy.orm import Mapped, mapped_column

from backend.domains.training.domain import SampleState
from backend.kit.auth import Principal
from backend.kit.db import Base, BigId, UtcDateTime, code_column, id_column
from backend.kit.scope import EstateScoped, Open, Scoped

MAY = "training.manage"


class _FromAnEstate(EstateScoped):
    """Rows made of what people of an estate said: for those who train, of their estates."""

    @classmethod
    def staff_rule(cls, who: Principal) -> ColumnElement[bool]:
        """Those who train, in their estates."""
        return cls.community_id.in_(who.staff_community_ids) if MAY in who.permissions else false()


class _OfTheCompany(Scoped):
    """Rows of no estate: models and how they were made, for those who train."""

    @classmethod
    def readable_by(cls, who: Principal) -> ColumnElement[bool]:
        """Those who train."""
        return true() if MAY in who.permissions else false()

    def writable_by(self, who: Principal) -> bool:
        """Those who train."""
        return MAY in who.permissions


class Sample(_FromAnEstate, Base):
    """A message that the bot may have got wrong. ``text`` is masked; ``suggestion`` is what people showed it to mean."""

    __tablename__ = "training_samples"
    __audited__ = False
    __table_args__ = (Index("ix_training_samples_state_priority", "state", "priority", "id"), Base.__table_args__)

    id: Mapped[int] = id_column()
    message_id: Mapped[str] = code_column(32, unique=True)
    said_at: Mapped[datetime] = mapped_column(UtcDateTime)
    role: Mapped[str] = code_column(24)
    text: Mapped[str] = mapped_column(Text)
    intent: Mapped[str | None] = code_column(64)
    confidence: Mapped[float | None]
    ranking: Mapped[list[Any]] = mapped_column(JSON, default=list)
    items: Mapped[list[Any]] = mapped_column(JSON, default=list)
    model: Mapped[str | None] = code_column(64)
    suggestion: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    priority: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = code_column(16, default=SampleState.WAITING)
    label: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    labelled_by: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"))
    labelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SampleReason(_FromAnEstate, Base):
    """Why a sample is listed; ``source`` (a message or a line of the audit log) makes it once."""

    __tablename__ = "training_reasons"
    __audited__ = False

    id: Mapped[int] = id_column()
    sample_id: Mapped[int] = mapped_column(BigId, ForeignKey("training_samples.id"), index=True)
    why: Mapped[str] = code_column(16, index=True)
    source: Mapped[str] = code_column(120, unique=True)
    text: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Run(_OfTheCompany, Base):
    """One training. ``compared_with`` is the model that it was measured against."""

    __tablename__ = "training_runs"

    id: Mapped[int] = id_column()
    state: Mapped[str] = code_column(16, index=True)
    started_by: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    labels: Mapped[int] = mapped_column(default=0)
    data_digest: Mapped[str | None] = code_column(64)
    compared_with: Mapped[str | None] = code_column(64)
    model: Mapped[str | None] = code_column(64)
    problem: Mapped[str | None] = mapped_column(Text)


class RunProgress(_OfTheCompany, Base):
    """How far a run is and what came of it: too much and too often for the audit log."""

    __tablename__ = "training_progress"
    __audited__ = False

    run_id: Mapped[int] = mapped_column(BigId, ForeignKey("training_runs.id"), primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    stage_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done: Mapped[float] = mapped_column(default=0.0)
    line: Mapped[str] = mapped_column(Text, default="")
    figures: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    refusals: Mapped[list[Any]] = mapped_column(JSON, default=list)
    changes: Mapped[list[Any]] = mapped_column(JSON, default=list)
    measured: Mapped[int] = mapped_column(default=0)


class TrainedModel(_OfTheCompany, Base):
    """A model. ``name`` is its file in var/models without the ending; ``labels`` the file of labels it was trained with."""

    __tablename__ = "training_models"

    id: Mapped[int] = id_column()
    name: Mapped[str] = code_column(64, unique=True)
    state: Mapped[str] = code_column(16)
    run_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("training_runs.id"))
    labels: Mapped[str | None] = code_column(80)
    data_digest: Mapped[str | None] = code_column(64)
    figures: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"))
    used_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    used_by: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"))
    wanted_by: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"))
    problem: Mapped[str | None] = mapped_column(Text)


class WorkLock(Open, Base):
    """What only one may do at a time, with who does it and until when the claim holds without being renewed."""

    __tablename__ = "training_locks"
    __audited__ = False
    why_open = "names of two locks and the id of a row, nobody's data"

    name: Mapped[str] = code_column(16, primary_key=True)
    holder: Mapped[str] = code_column(64)
    row_id: Mapped[int] = mapped_column(BigId)
    until: Mapped[datetime] = mapped_column(UtcDateTime)


class GatherMark(Open, Base):
    """Up to where messages and audit lines have been read."""

    __tablename__ = "training_marks"
    __audited__ = False
    why_open = "two numbers"

    name: Mapped[str] = code_column(16, primary_key=True)
    last_id: Mapped[int] = mapped_column(BigId)
