"""Whoever scans a label without an account: nobody that we know, in one estate, and in limits."""

from ipaddress import IPv6Address, ip_address

from sqlalchemy.orm import Session

from backend.domains.estate import service as estate
from backend.domains.labels.domain import LIMITS, STRANGER
from backend.domains.labels.errors import TooOften
from backend.domains.labels.models import Label
from backend.kit import clock, context, counting
from backend.kit.auth import Principal


def stranger(community_id: int) -> Principal:
    """Return the principal of somebody unknown: without an id, without a right, in one estate."""
    return Principal(0, STRANGER, frozenset(), frozenset({community_id}))


def count(session: Session, what: str, label: Label) -> None:
    """Count one more by this address and at this label. Raises TooOften, with the phone of the estate in its words."""
    for limit in LIMITS[what]:
        whose = str(label.id) if limit.by == "label" else _address()
        if counting.count_one(session, what, limit.by, whose, limit.window_s) > limit.most:
            phone = estate.community(session, label.community_id).phone
            wait = counting.window_end(limit.window_s) - clock.now()
            raise TooOften(
                f"刚刚已经收到几条了，请过几分钟再试。着急的话请打物业电话 {phone}；有人被困、受伤或着火，请马上拨 119 或 120。",
                retry_after_s=max(1, int(wait.total_seconds())),
            )


def _address() -> str:
    """Return where the request comes from; of IPv6 the network, because a home has billions of addresses."""
    said = context.origin().ip or "here"
    try:
        address = ip_address(said)
    except ValueError:
        return said
    return str(int(address) >> 64) if isinstance(address, IPv6Address) else said
