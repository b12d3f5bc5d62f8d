"""The state of the emulated platform: followers, what was said, access tokens, and faults to come. In memory."""

import secrets
import time
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

WINDOW_S = 48 * 3600
REPLIES_A_MESSAGE = 5
OVERLAP_S = 300
LINES_KEPT = 2000

API_FAULTS: dict[str, dict[str, Any]] = {
    "expired_token": {"errcode": 42001, "errmsg": "access_token expired"},
    "wrong_token": {"errcode": 40001, "errmsg": "invalid credential, access_token is invalid or not latest"},
    "busy": {"errcode": -1, "errmsg": "system error"},
    "quota": {"errcode": 45009, "errmsg": "reach max api daily quota limit"},
    "closed": {"errcode": 45015, "errmsg": "response out of time limit or subscription is canceled"},
    "too_many": {"errcode": 45047, "errmsg": "out of response count limit"},
    "no_right": {"errcode": 48001, "errmsg": "api unauthorized"},
    "refused": {"errcode": 43101, "errmsg": "user refuse to accept the msg"},
}
"""Answers instead of doing it. Beside these: ``slow`` (6 s), ``bad_gateway`` (502), ``not_json``."""
OTHER_FAULTS = ("slow", "bad_gateway", "not_json")


@dataclass
class Follower:
    """An account that follows, or did."""

    openid: str
    name: str
    follows: bool = False
    spoke_at: float = 0.0
    may_get: int = 0


@dataclass(frozen=True)
class Line:
    """Something in a chat. ``side`` is me (the follower), them (the account) or note (the platform itself)."""

    seq: int
    openid: str
    side: str
    text: str
    at: float
    by: str = ""
    title: str = ""
    url: str = ""


@dataclass
class Platform:
    """One official account and its followers."""

    app_id: str
    secret: str
    clock: Callable[[], float] = time.time
    followers: dict[str, Follower] = field(default_factory=dict)
    lines: deque[Line] = field(default_factory=lambda: deque(maxlen=LINES_KEPT))
    media: dict[str, bytes] = field(default_factory=dict)
    faults: dict[str, int] = field(default_factory=dict)
    tokens: dict[str, float] = field(default_factory=dict)
    fetched: int = 0
    sent: list[dict[str, Any]] = field(default_factory=list)
    menu: dict[str, Any] = field(default_factory=dict)
    _seq: int = 0

    def follower(self, openid: str, name: str = "") -> Follower:
        """Return an account, new if there was none."""
        return self.followers.setdefault(openid, Follower(openid, name or openid))

    def spoke(self, openid: str) -> None:
        """Open the window in which the account may answer."""
        one = self.follower(openid)
        one.spoke_at, one.may_get = self.clock(), REPLIES_A_MESSAGE

    def write(self, openid: str, side: str, text: str, **more: str) -> None:
        """Add a line to a chat."""
        self._seq += 1
        self.lines.append(Line(self._seq, openid, side, text, self.clock(), **more))

    def since(self, openid: str, seq: int) -> list[dict[str, Any]]:
        """Return the lines of a chat after a position."""
        return [asdict(line) for line in self.lines if line.openid == openid and line.seq > seq]

    def fault(self, *names: str) -> str | None:
        """Return the first of these faults that is due, and count it down; -1 is for ever."""
        for name in names:
            left = self.faults.get(name, 0)
            if left:
                self.faults[name] = left - 1 if left > 0 else left
                return name
        return None

    def new_token(self, another: bool) -> dict[str, Any]:
        """Return the stable access token, or another one; the one before stays good for five minutes."""
        now = self.clock()
        good = [token for token, until in self.tokens.items() if until - OVERLAP_S > now]
        if good and not another:
            return {"access_token": good[-1], "expires_in": int(self.tokens[good[-1]] - now)}
        self.fetched += 1
        for token in self.tokens:
            self.tokens[token] = min(self.tokens[token], now + (0 if another else OVERLAP_S))
        made = f"emulated-{secrets.token_urlsafe(48)}"
        self.tokens[made] = now + 7200
        return {"access_token": made, "expires_in": 7200}

    def refuse_token(self, token: str) -> dict[str, Any] | None:
        """Return WeChat's error for a token that is not good, None for a good one."""
        if not token:
            return {"errcode": 41001, "errmsg": "access_token missing"}
        until = self.tokens.get(token)
        if until is None:
            return API_FAULTS["wrong_token"]
        return API_FAULTS["expired_token"] if until <= self.clock() else None

    def refuse_message(self, openid: str) -> dict[str, Any] | None:
        """Return WeChat's error for a customer-service message to somebody, None where one may be sent."""
        one = self.followers.get(openid)
        if one is None:
            return {"errcode": 40003, "errmsg": "invalid openid"}
        if not one.follows:
            return {"errcode": 43004, "errmsg": "require subscribe"}
        if self.clock() - one.spoke_at > WINDOW_S:
            return API_FAULTS["closed"]
        if one.may_get <= 0:
            return API_FAULTS["too_many"]
        one.may_get -= 1
        return None
