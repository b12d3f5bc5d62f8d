"""Tables of clocks: the calendar, targets, running clocks, promises, and what was learned of arrivals."""

import datetime as dt
from datetime import datetime

from sqlalchemy import ColumnElement, Date, ForeignKey, Index, UniqueConstraint, or_
from sqlalchemy.orm import Mapped, mapped_column

from backend.kit.auth import Principal
from backend.kit.db import Base, BigId, UtcDateTime, code_column, id_column
from backend.kit.scope import EstateScoped, Open, Scoped


class CalendarDay(Open, Base):
    """A day that is not what its weekday says, or a festival."""

    __tablename__ = "calendar_days"
    why_open = "the country's public holidays, nobody's data"

    date: Mapped[dt.date] = mapped_column(Date, primary_key=True)
    kind: Mapped[str] = code_column(16)
    name: Mapped[str | None] = code_column(64)
    source: Mapped[str] = code_column(190)


class ClockHours(EstateScoped, Base):
    """The business hours of an estate, in minutes of the day. Without a row they are the default."""

    __tablename__ = "clock_hours"
    __table_args__ = (UniqueConstraint("community_id"), Base.__table_args__)

    id: Mapped[int] = id_column()
    opens_min: Mapped[int]
    closes_min: Mapped[int]


class ClockTarget(Scoped, Base):
    """A target (see ``domain.Target``). ``slot`` says what it is for, unique although parts of it may be any."""

    __tablename__ = "clock_targets"

    id: Mapped[int] = id_column()
    slot: Mapped[str] = code_column(96, unique=True)
    community_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("communities.id"), index=True)
    category: Mapped[str | None] = code_column(32)
    urgency: Mapped[str] = code_column(16)
    scope: Mapped[str | None] = code_column(16)
    response_min: Mapped[int]
    arrival_min: Mapped[int]
    resolution_min: Mapped[int]
    round_the_clock: Mapped[bool]
    escalate_min: Mapped[int]
    source: Mapped[str | None] = code_column(190)

    @classmethod
    def readable_by(cls, who: Principal) -> ColumnElement[bool]:
        """Staff read the company's targets and those of their estates."""
        return or_(cls.community_id.is_(None), cls.community_id.in_(who.staff_community_ids))

    def writable_by(self, who: Principal) -> bool:
        """Those of the company belong to who may change them for all."""
        if self.community_id is None:
            return "clocks.company" in who.permissions
        return self.community_id in who.staff_community_ids


class Clock(EstateScoped, Base):
    """A clock of some row of another domain. ``running_since`` and ``remaining_s`` begin anew after a pause; ``level``
    is how many steps it has reached; ``revision`` grows when its target changes."""

    __tablename__ = "clocks"
    __table_args__ = (
        UniqueConstraint("subject_type", "subject_id", "kind", "round"),
        Index("ix_clocks_next_step_at", "next_step_at", "id"),
        Base.__table_args__,
    )
    # What becomes of a clock is told by the row that it times; a line for each tick would bury the log.
    __audited__ = False

    id: Mapped[int] = id_column()
    subject_type: Mapped[str] = code_column(32)
    subject_id: Mapped[int] = mapped_column(BigId)
    kind: Mapped[str] = code_column(16)
    round: Mapped[int]
    round_the_clock: Mapped[bool]
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    running_since: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    warn_at: Mapped[datetime] = mapped_column(UtcDateTime)
    span_s: Mapped[int]
    interval_s: Mapped[int]
    remaining_s: Mapped[int]
    paused_s: Mapped[int] = mapped_column(default=0)
    paused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    pause_reason: Mapped[str | None] = code_column(190)
    stopped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    breached_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    level: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column(default=0)
    escalated_to: Mapped[str | None] = code_column(32)
    next_step_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Promise(EstateScoped, Base):
    """What the person who waits was told first, and whether it was kept. ``until`` moves only with pauses and their own
    wishes; ``expected_*`` is what they were told when it would hardly be kept."""

    __tablename__ = "promises"
    __table_args__ = (
        UniqueConstraint("subject_type", "subject_id"),
        Index("ix_promises_community_made", "community_id", "made_at"),
        Base.__table_args__,
    )
    __audited__ = False

    id: Mapped[int] = id_column()
    subject_type: Mapped[str] = code_column(32)
    subject_id: Mapped[int] = mapped_column(BigId)
    category: Mapped[str] = code_column(32)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    kept_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    paused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    void_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    expected_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    expected_until: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ArrivalStatistic(Open, Base):
    """How long arrivals of a group took, in minutes. Parts that are None are any."""

    __tablename__ = "arrival_statistics"
    __audited__ = False
    why_open = "quantiles of many orders, nobody's data; no API shows it"

    slot: Mapped[str] = code_column(96, primary_key=True)
    community_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("communities.id"), index=True)
    category: Mapped[str | None] = code_column(32)
    urgency: Mapped[str] = code_column(16)
    day_class: Mapped[str | None] = code_column(16)
    p10_min: Mapped[int]
    p50_min: Mapped[int]
    p90_min: Mapped[int]
    n: Mapped[int]
    learned_at: Mapped[datetime] = mapped_column(UtcDateTime)
