"""The access token of the WeChat account: kept in the database, fetched by one process at a time, whoever needs it first.

Nothing is held while WeChat is asked: the lease is a row, taken in one short transaction and given back in another.
Raises: WeChatFailed, from what fetches.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from backend.domains.channels import repository
from backend.domains.channels.wechat_codes import CODES, NETWORK, Row
from backend.kit import clock, db

LEASE = timedelta(seconds=15)
EARLY = timedelta(seconds=300)
"""The old and the new token are both good for five minutes: renewed before it ends, nobody notices."""
FORCED_APART = timedelta(seconds=30)
WAITING_S, PAUSE_S = 10.0, 0.1


class WeChatFailed(Exception):
    """WeChat did not do it; ``row`` says what that means."""

    def __init__(self, row: Row, code: int | None = None) -> None:
        self.row, self.code = row, code
        super().__init__(f"{row.words}（{code}）" if code is not None else row.words)


@dataclass(frozen=True, slots=True)
class Fetched:
    """A new token. ``lasts_s`` is how long."""

    token: str
    lasts_s: int


Fetch = Callable[[bool], Fetched]
"""Asks WeChat for a token; True: for another one than it gave before."""


def token(account: str, fetch: Fetch, refused: str | None = None) -> str:
    """Return a token that should be good; ``refused`` is the one that WeChat did not take. Raises WeChatFailed."""
    end = time.monotonic() + WAITING_S
    while True:
        kept, mine, forced_lately = _look(account, refused)
        if kept is not None:
            return kept
        if mine:
            if refused is not None and forced_lately:
                _give_back(account)
                raise WeChatFailed(CODES[40001], 40001)
            return _fetched(account, fetch, refused is not None)
        if time.monotonic() >= end:
            raise WeChatFailed(NETWORK)
        time.sleep(PAUSE_S)


def _look(account: str, refused: str | None) -> tuple[str | None, bool, bool]:
    """Return the kept token if it may be used, else whether this process is to fetch one, and whether that was just done."""
    with db.transaction() as session:
        row = repository.token(session, account)
        if row is None:
            repository.add_token(session, account)
            row = repository.token(session, account)
        now = clock.now()
        seen = row.token if row else None
        fresh = row is not None and row.expires_at is not None and row.expires_at - EARLY > now
        if seen is not None and seen != refused and fresh:
            return seen, False, False
        lately = row is not None and row.fetched_at is not None and now - row.fetched_at < FORCED_APART
        return None, repository.claim_token(session, account, seen, now, now + LEASE), lately


def _fetched(account: str, fetch: Fetch, another: bool) -> str:
    try:
        got = fetch(another)
    except BaseException:
        _give_back(account)
        raise
    with db.transaction() as session:
        row = repository.token(session, account)
        assert row is not None
        now = clock.now()
        row.token, row.fetched_at, row.lease_until = got.token, now, None
        row.expires_at = now + timedelta(seconds=max(got.lasts_s, int(EARLY.total_seconds()) + 60))
    return got.token


def _give_back(account: str) -> None:
    with db.transaction() as session:
        row = repository.token(session, account)
        if row is not None:
            row.lease_until = None
