"""Tables of channels."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ColumnElement, ForeignKey, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from backend.kit.auth import Principal
from backend.kit.db import Base, BigId, UtcDateTime, code_column, id_column
from backend.kit.scope import EstateScoped, Open


class ChannelBinding(EstateScoped, Base):
    """An account of a channel and the person it is. ``follows`` is False after an unsubscription: nothing is sent then."""

    __tablename__ = "channel_bindings"
    __table_args__ = (UniqueConstraint("channel", "channel_user"), Base.__table_args__)

    id: Mapped[int] = id_column()
    channel: Mapped[str] = code_column(16)
    channel_user: Mapped[str] = code_column(64, info={"secret": True})
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"), index=True)
    bound_at: Mapped[datetime] = mapped_column(UtcDateTime)
    unbound_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    follows: Mapped[bool] = mapped_column(default=True)
    follow_changed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @classmethod
    def staff_rule(cls, who: Principal) -> ColumnElement[bool]:
        """Those who may read people see the bindings of their estates."""
        return cls.community_id.in_(who.staff_community_ids) if "people.read" in who.permissions else false()

    @classmethod
    def resident_rule(cls, who: Principal) -> ColumnElement[bool]:
        """One's own."""
        return cls.person_id == who.person_id


class BindCode(Open, Base):
    """The one-time code that an account of a channel waits for, as a digest, and whose phone it went to."""

    __tablename__ = "channel_codes"
    __audited__ = False
    __table_args__ = (UniqueConstraint("channel", "channel_user"), Base.__table_args__)
    why_open = "digests and ids, read by the binding only; no API shows it"

    id: Mapped[int] = id_column()
    channel: Mapped[str] = code_column(16)
    channel_user: Mapped[str] = code_column(64)
    person_ids: Mapped[list[Any]] = mapped_column(JSON)
    digest: Mapped[str] = code_column(64)
    tries: Mapped[int] = mapped_column(default=0)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class ChannelToken(Open, Base):
    """The access token of an account, shared by all processes. Whoever holds the lease is fetching another."""

    __tablename__ = "channel_tokens"
    __audited__ = False
    why_open = "a secret of the system, read by the sender only; no API shows it"

    account: Mapped[str] = code_column(64, primary_key=True)
    token: Mapped[str | None] = mapped_column(Text)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    fetched_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
