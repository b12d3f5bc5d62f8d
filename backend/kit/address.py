"""The address a request comes from. Only the connector may say it for somebody else; what others claim is not believed."""

from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from starlette.datastructures import Headers
from starlette.types import Scope

Networks = tuple[IPv4Network | IPv6Network, ...]


def networks(text: str) -> Networks:
    """Return the networks of a comma-separated list of addresses (``127.0.0.1``) and networks (``10.0.0.0/8``)."""
    return tuple(ip_network(part.strip(), strict=False) for part in text.split(",") if part.strip())


def _is_in(address: str, where: Networks) -> bool:
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in where)


def client_address(scope: Scope, connectors: Networks) -> str | None:
    """Return the peer's address or, when the peer is the connector, the one that it names. None for a local socket."""
    client = scope.get("client")
    peer = str(client[0]) if client else None
    if peer is None or not _is_in(peer, connectors):
        return peer
    named = Headers(scope=scope).get("x-forwarded-for", "").rpartition(",")[2].strip()
    try:
        return str(ip_address(named))
    except ValueError:
        return peer


def is_loopback(address: str | None) -> bool:
    """Tell whether an address is this machine."""
    return address is None or _is_in(address, networks("127.0.0.0/8,::1"))
