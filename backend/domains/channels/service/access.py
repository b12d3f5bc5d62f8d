"""The access token of the WeChat account: kept in the database, fetched by one process at a time, whoever needs it first.

Nothing is held while WeChat is asked: the lease is a row, taken in one short transaction and given back in another.
Raises: WeChatFailed, from what fetches.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.exc import IntegrityError, OperationalError

from backend.domains.channels import repository
from backend.domains.channels.models import ChannelToken
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
        with db.transaction(read_only=True) as session:
            kept = _good(repository.token(session, account), refused)
        if kept is not None:
            return kept
        if _mine_to_fetch(account, refused):
            return _fetched(account, fetch, refused is not None)
        if time.monotonic() >= end:
            raise WeChatFailed(NETWORK)
        time.sleep(PAUSE_S)


def _good(row: ChannelToken | None, refused: str | None) -> str | None:
    """Return the kept token, None when it was refused or ends soon."""
    if row is None or row.token is None or row.token == refused or row.expires_at is None:
        return None
    return row.token if row.expires_at - EARLY > clock.now() else None


def _mine_to_fetch(account: str, refused: str | None) -> bool:
    """Take the lease; False when another process has it, or has just fetched a good token.

    Raises WeChatFailed for a token that is refused although it was fetched just now: another would not help.
    """
    _make_row(account)
    with db.transaction() as session:
        row = repository.token(session, account)
        if row is None or _good(row, refused) is not None:
            return False
        now = clock.now()
        if refused is not None and row.token == refused and row.fetched_at and now - row.fetched_at < FORCED_APART:
            raise WeChatFailed(CODES[40001], 40001)
        return repository.claim_token(session, account, row.token, now, now + LEASE)


def _make_row(account: str) -> None:
    """Make the row of an account, in a transaction of its own: who is not the first holds nothing that others wait for."""
    with db.transaction(read_only=True) as session:
        if repository.token(session, account) is not None:
            return
    with suppress(IntegrityError, OperationalError), db.transaction() as session:  # somebody else makes it just now
        session.add(ChannelToken(account=account))


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
