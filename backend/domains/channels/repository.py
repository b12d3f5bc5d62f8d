"""Every SQL statement about channels."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from backend.domains.channels.models import BindCode, ChannelBinding, ChannelToken


def binding(session: Session, channel: str, channel_user: str) -> ChannelBinding | None:
    """Return the binding of an account, in force or not."""
    wanted = (ChannelBinding.channel == channel, ChannelBinding.channel_user == channel_user)
    return session.scalar(select(ChannelBinding).where(*wanted))


def binding_by_id(session: Session, binding_id: int) -> ChannelBinding | None:
    """Return a binding in force."""
    wanted = (ChannelBinding.id == binding_id, ChannelBinding.unbound_at.is_(None))
    return session.scalar(select(ChannelBinding).where(*wanted))


def in_force(session: Session, person_ids: Sequence[int], channel: str | None = None) -> Sequence[ChannelBinding]:
    """Return the bindings of people that are in force."""
    query = select(ChannelBinding).where(
        ChannelBinding.person_id.in_(person_ids), ChannelBinding.unbound_at.is_(None)
    )  # fmt: skip
    if channel is not None:
        query = query.where(ChannelBinding.channel == channel)
    return session.scalars(query.order_by(ChannelBinding.id)).all()


def code(session: Session, channel: str, channel_user: str) -> BindCode | None:
    """Return the code that an account waits for; nobody else may try it until the transaction ends."""
    wanted = (BindCode.channel == channel, BindCode.channel_user == channel_user)
    return session.scalar(select(BindCode).where(*wanted).with_for_update())


def forget_codes(session: Session, before: datetime) -> int:
    """Delete codes that have expired."""
    done = session.execute(delete(BindCode).where(BindCode.expires_at < before))
    return int(done.rowcount)  # type: ignore[attr-defined]


def token(session: Session, account: str) -> ChannelToken | None:
    """Return the kept access token of an account."""
    return session.get(ChannelToken, account, populate_existing=True)


def claim_token(session: Session, account: str, seen: str | None, now: datetime, until: datetime) -> bool:
    """Take the lease to replace the token that was seen; False when it is taken or the token is another already."""
    same = ChannelToken.token.is_(None) if seen is None else ChannelToken.token == seen
    free = or_(ChannelToken.lease_until.is_(None), ChannelToken.lease_until < now)
    done = session.execute(
        update(ChannelToken).where(ChannelToken.account == account, same, free).values(lease_until=until)
    )
    return bool(done.rowcount == 1)  # type: ignore[attr-defined]
