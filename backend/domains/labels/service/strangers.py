"""Whoever scans a label without an account: nobody that we know, in one estate, and in limits."""

import hashlib
from datetime import UTC, datetime, timedelta
from ipaddress import IPv6Address, ip_address

from sqlalchemy.orm import Session

from backend.domains.estate import service as estate
from backend.domains.labels import repository
from backend.domains.labels.domain import LIMITS, STRANGER
from backend.domains.labels.errors import TooOften
from backend.domains.labels.models import Label
from backend.kit import clock, context
from backend.kit.auth import Principal
from backend.settings import get_settings


def stranger(community_id: int) -> Principal:
    """Return the principal of somebody unknown: without an id, without a right, in one estate."""
    return Principal(0, STRANGER, frozenset(), frozenset({community_id}))


def count(session: Session, what: str, label: Label) -> None:
    """Count one more by this address and at this label. Raises TooOften, with the phone of the estate in its words.

    What is refused is rolled back and so is not counted.
    """
    now = clock.now()
    for limit in LIMITS[what]:
        start = int(now.timestamp()) // limit.window_s * limit.window_s
        end = datetime.fromtimestamp(start, UTC) + timedelta(seconds=limit.window_s)
        whose = str(label.id) if limit.by == "label" else _address()
        if repository.count_one(session, _key(what, limit.by, whose, start), end) > limit.most:
            phone = estate.community(session, label.community_id).phone
            raise TooOften(
                f"刚刚已经收到几条了，请过几分钟再试。着急的话请打物业电话 {phone}；有人被困、受伤或着火，请马上拨 119 或 120。",
                retry_after_s=max(1, int((end - now).total_seconds())),
            )


def _key(what: str, by: str, whose: str, start: int) -> str:
    secret = get_settings().secret_key.get_secret_value()
    digest = hashlib.sha256(f"{secret}:{by}:{whose}".encode()).hexdigest()[:40]
    return f"{what}:{by}:{start}:{digest}"


def _address() -> str:
    """Return where the request comes from; of IPv6 the network, because a home has billions of addresses."""
    said = context.origin().ip or "here"
    try:
        address = ip_address(said)
    except ValueError:
        return said
    return str(int(address) >> 64) if isinstance(address, IPv6Address) else said


def forget_counts(session: Session) -> int:
    """Delete what nobody counts any more."""
    return repository.forget_counts(session, clock.now())
