"""Requests seen lately: a nonce signs one body. In plain mode the signature does not cover the body; this makes it."""

import hashlib
from collections import OrderedDict

from connectors.wechat.crypto import Refused

MOST = 20_000


class Replays:
    """Remembers which body came with which timestamp and nonce, in this process."""

    def __init__(self) -> None:
        self._seen: OrderedDict[tuple[str, str], bytes] = OrderedDict()

    def check(self, timestamp: str, nonce: str, body: bytes) -> None:
        """Raise Refused when these signed another body before. The same body again is the same request."""
        digest = hashlib.sha256(body).digest()
        if self._seen.setdefault((timestamp, nonce), digest) != digest:
            raise Refused("nonce used for another body")
        while len(self._seen) > MOST:
            self._seen.popitem(last=False)
