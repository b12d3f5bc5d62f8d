"""Tables of conversations."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ColumnElement, ForeignKey, Index, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from backend.kit.auth import Principal
from backend.kit.db import Base, BigId, UtcDateTime, code_column, id_column
from backend.kit.scope import EstateScoped


class _Talk(EstateScoped):
    """Rows that the desk of the estate and the person themselves may read."""

    person_id: Mapped[int] = mapped_column(BigId, index=True)

    @classmethod
    def staff_rule(cls, who: Principal) -> ColumnElement[bool]:
        """The desk reads its estates' conversations; everybody else only their own."""
        if "conversations.read" in who.permissions:
            return cls.community_id.in_(who.staff_community_ids)
        return false()

    @classmethod
    def resident_rule(cls, who: Principal) -> ColumnElement[bool]:
        """One's own conversation."""
        return cls.person_id == who.person_id


class Conversation(_Talk, Base):
    """One person's conversation with the property company."""

    __tablename__ = "conversations"
    __table_args__ = (UniqueConstraint("person_id"), Base.__table_args__)

    id: Mapped[str] = code_column(32, primary_key=True)
    mode: Mapped[str] = code_column(8, default="bot")
    waiting_since: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    reason: Mapped[str | None] = code_column(32)
    topic: Mapped[str | None] = code_column(64)
    danger: Mapped[bool] = mapped_column(default=False)
    staff_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"))
    last_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    last_text: Mapped[str | None] = mapped_column(Text)
    last_direction: Mapped[str | None] = code_column(4)
    unread: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Message(_Talk, Base):
    """One message in or out. Inbound ones are unique by (channel, external_id) and carry the inbox state.

    ``channel_user`` is the account in the channel that it came from; ``undelivered`` why an outbound one has not reached
    the person's channel.
    """

    __tablename__ = "messages"
    __audited__ = False
    __table_args__ = (
        UniqueConstraint("channel", "external_id"),
        Index("ix_messages_conversation_seq", "conversation_id", "seq"),
        Base.__table_args__,
    )

    seq: Mapped[int] = id_column()
    id: Mapped[str] = code_column(32, unique=True)
    conversation_id: Mapped[str] = code_column(32)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    direction: Mapped[str] = code_column(4)
    sender_kind: Mapped[str] = code_column(8)
    sender_name: Mapped[str] = code_column(64)
    channel: Mapped[str] = code_column(16)
    external_id: Mapped[str] = code_column(150)
    channel_user: Mapped[str | None] = code_column(64)
    text: Mapped[str] = mapped_column(Text)
    label: Mapped[str | None] = mapped_column(Text)
    buttons: Mapped[list[Any]] = mapped_column(JSON, default=list)
    card: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    attachments: Mapped[list[Any]] = mapped_column(JSON, default=list)
    status: Mapped[str] = code_column(16, index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answers: Mapped[str | None] = code_column(32, index=True)
    nlu: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    undelivered: Mapped[str | None] = mapped_column(Text)
    trace_id: Mapped[str] = code_column(64)
