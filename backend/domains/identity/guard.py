"""The published demo password must not open a run that is not a demo."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy.orm import Session

from backend.domains.identity import demo, repository
from backend.kit.scope import system_scope

BENCH_PREFIX = "bench"
"""Usernames of the people that ``backend.seed --bench`` adds: bench0001, bench0002, …"""


def open_demo_accounts(session: Session) -> list[str]:
    """Return the demo people who can log in with the demo password."""
    names = [p.username for p in demo.PEOPLE] + [f"{BENCH_PREFIX}0001"]
    with system_scope(session):
        people = [p for name in names if (p := repository.by_username(session, name))]
    return [p.username for p in people if p.password_hash and _fits(p.password_hash)]


def _fits(password_hash: str) -> bool:
    try:
        return PasswordHasher().verify(password_hash, demo.PASSWORD)
    except (VerifyMismatchError, InvalidHashError):
        return False
