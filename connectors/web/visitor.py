"""Who asks: the address and scheme of the visitor, and the trace id of the request.

What a visitor says about themselves in forwarding headers counts only when a proxy from ``GUANJIA_TRUSTED_PROXIES``
passes it on.
"""

import logging
import re
import uuid
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

log = logging.getLogger(__name__)

Networks = tuple[IPv4Network | IPv6Network, ...]
TRACE = "trace_id"
_TRACE = re.compile(r"[A-Za-z0-9._-]{8,64}")
_LOOPBACK = "127.0.0.0/8,::1"


def networks(text: str) -> Networks:
    """The networks of a comma-separated list of addresses and networks."""
    return tuple(ip_network(part.strip(), strict=False) for part in text.split(",") if part.strip())


def _is_in(address: str, where: Networks) -> bool:
    try:
        return any(ip_address(address) in network for network in where)
    except ValueError:
        return False


def visitor_address(peer: str, forwarded: str, trusted: Networks) -> str:
    """The last address on the way that no trusted proxy has; the peer where nothing better can be believed."""
    address = peer
    for named in reversed([part.strip() for part in forwarded.split(",")]):
        if not _is_in(address, trusted):
            break
        try:
            address = str(ip_address(named))
        except ValueError:
            break
    return address


class Visitor:
    """ASGI middleware: puts the visitor's address and scheme, and a trace id, into the scope."""

    def __init__(self, app: ASGIApp, trusted_proxies: str) -> None:
        self.app = app
        self._trusted = networks(trusted_proxies)
        self._warned = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on with what is known about the visitor."""
        if scope["type"] == "http":
            scope = {**scope, **self._known(scope)}
        await self.app(scope, receive, send)

    def _known(self, scope: Scope) -> Scope:
        headers = Headers(scope=scope)
        given = headers.get("x-request-id", "")
        known: Scope = {TRACE: given if _TRACE.fullmatch(given) else uuid.uuid4().hex}
        peer, port = scope.get("client") or ("", 0)
        forwarded = headers.get("x-forwarded-for", "")
        if _is_in(peer, self._trusted):
            known["client"] = (visitor_address(peer, forwarded, self._trusted), port)
            scheme = headers.get("x-forwarded-proto", "").lower()
            if scheme in ("http", "https"):
                known["scheme"] = scheme
        elif forwarded and not self._warned and _is_in(peer, networks(_LOOPBACK)):
            self._warned = True
            log.warning("a proxy on this machine is not trusted: set GUANJIA_TRUSTED_PROXIES=%s if it is yours", peer)
        return known
