"""Who is speaking: the principal, tokens, and the permission check.

Roles and what each may do are one table, ``PERMISSIONS``. Tokens are HS256 JWTs that carry only the person and who
speaks for them (``via``: a page or the bot); roles are read afresh for each request, so a right taken away is gone.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any

import jwt

from backend.kit import clock
from backend.kit.problems import Forbidden, NotLoggedIn
from backend.settings import get_settings

ALGORITHM = "HS256"


class Role(StrEnum):
    """Roles of a person in an estate (or, for the last two, in the whole company)."""

    OWNER = "owner"
    TENANT = "tenant"
    TECHNICIAN = "technician"
    CUSTOMER_SERVICE = "customer_service"
    FINANCE = "finance"
    MANAGER = "manager"
    REGIONAL = "regional"
    ADMINISTRATOR = "administrator"


ROLE_TITLES: dict[Role, str] = {
    Role.OWNER: "业主",
    Role.TENANT: "租户",
    Role.TECHNICIAN: "维修师傅",
    Role.CUSTOMER_SERVICE: "客服",
    Role.FINANCE: "财务",
    Role.MANAGER: "项目经理",
    Role.REGIONAL: "区域经理",
    Role.ADMINISTRATOR: "管理员",
}

RESIDENT_ROLES = frozenset({Role.OWNER, Role.TENANT})
STAFF_ROLES = frozenset(Role) - RESIDENT_ROLES

_DESK = frozenset(
    {
        "console",
        "conversations.read",
        "conversations.answer",
        "workorders.read",
        "workorders.manage",
        "people.read",
        "equipment.read",
        "equipment.manage",
        "nlu.parse",
        "knowledge.manage",
        "stock.read",
        "stock.manage",
    }
)

_MANAGER = _DESK | {"audit.read", "clocks.manage", "dispatch.manage", "prices.manage", "terms.manage"}

PERMISSIONS: dict[Role, frozenset[str]] = {
    Role.OWNER: frozenset(),
    Role.TENANT: frozenset(),
    Role.TECHNICIAN: frozenset({"workorders.work", "equipment.read", "stock.read"}),
    Role.CUSTOMER_SERVICE: _DESK,
    Role.FINANCE: frozenset({"console", "people.read", "equipment.read", "stock.read"}),
    Role.MANAGER: _MANAGER,
    Role.REGIONAL: _MANAGER | {"clocks.company"},
    Role.ADMINISTRATOR: _MANAGER | {"clocks.company", "training.manage"},
}


@dataclass(frozen=True, slots=True)
class Principal:
    """A person with the rights they have right now.

    ``community_ids`` are the estates they belong to; ``staff_community_ids`` those they work for; ``room_ids`` their
    homes; ``skills`` the categories a technician repairs; ``via`` is ``web`` or ``bot`` (the bot speaking for them, on
    the ``channel`` where they wrote).
    """

    person_id: int
    name: str
    roles: frozenset[Role]
    community_ids: frozenset[int]
    staff_community_ids: frozenset[int] = frozenset()
    room_ids: frozenset[int] = frozenset()
    skills: frozenset[str] = frozenset()
    via: str = "web"
    message_id: str | None = None
    channel: str | None = None
    permissions: frozenset[str] = field(default_factory=frozenset)

    @property
    def is_staff(self) -> bool:
        """True for everybody who works for the company."""
        return bool(self.roles & STAFF_ROLES)

    @property
    def is_desk(self) -> bool:
        """True for those who run orders for others (customer service, managers, administrators)."""
        return "workorders.manage" in self.permissions

    def require(self, permission: str) -> None:
        """Raise Forbidden unless the person has the permission."""
        if permission not in self.permissions:
            raise Forbidden()


def permissions_of(roles: frozenset[Role]) -> frozenset[str]:
    """Return what the roles together allow."""
    return frozenset().union(*(PERMISSIONS[r] for r in roles)) if roles else frozenset()


@dataclass(frozen=True, slots=True)
class Claims:
    """What a token says: the person, who speaks for them, the message a bot turn answers and where it came in."""

    person_id: int
    via: str = "web"
    message_id: str | None = None
    channel: str | None = None


def issue_token(claims: Claims, ttl_s: int) -> str:
    """Return a signed token that is good for ``ttl_s`` seconds."""
    payload: dict[str, Any] = {
        "sub": str(claims.person_id),
        "via": claims.via,
        "exp": clock.now() + timedelta(seconds=ttl_s),
    }
    if claims.message_id:
        payload["msg"] = claims.message_id
    if claims.channel:
        payload["ch"] = claims.channel
    return jwt.encode(payload, get_settings().secret_key.get_secret_value(), algorithm=ALGORITHM)


def read_token(token: str) -> Claims:
    """Return the claims of a token. Raises NotLoggedIn when it is forged, expired or malformed."""
    try:
        payload = jwt.decode(
            token,
            get_settings().secret_key.get_secret_value(),
            algorithms=[ALGORITHM],
            options={"require": ["exp", "sub"]},
        )
        return Claims(int(payload["sub"]), payload.get("via", "web"), payload.get("msg"), payload.get("ch"))
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        raise NotLoggedIn() from error
