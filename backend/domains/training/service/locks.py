"""Locks that one person or worker holds: a unique row with a lease, renewed while the work goes on."""

from datetime import timedelta

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backend.domains.training import repository_runs as repository
from backend.domains.training.models import WorkLock
from backend.kit import clock
from backend.kit.problems import Conflict
from backend.settings import get_settings

WAITING = "waiting"
"""Holder of a lock whose work no worker has taken up yet."""


def lease() -> timedelta:
    """Return how long a claim holds without being renewed."""
    return timedelta(seconds=get_settings().training_lease_s)


def take(session: Session, name: str, row_id: int, taken: Conflict) -> None:
    """Take a lock for a row that a worker will work on. Raises ``taken`` when somebody has it already."""
    if repository.lock(session, name) is not None:
        raise taken
    session.add(WorkLock(name=name, holder=WAITING, row_id=row_id, until=clock.now() + lease()))
    try:
        session.flush()
    except IntegrityError as error:  # somebody else took it at the same moment
        session.rollback()
        raise taken from error


def claim(session: Session, name: str, holder: str) -> int | None:
    """Take up the work of a waiting lock; the id of its row, None when there is none or another worker was faster."""
    found = repository.lock(session, name)
    if found is None or found.holder != WAITING:
        return None
    won = repository.claim(session, name, WAITING, holder, clock.now() + lease())
    return found.row_id if won else None


def renew(session: Session, name: str, holder: str) -> bool:
    """Hold the lock longer; False when it is not ours any more."""
    return repository.renew(session, name, holder, clock.now() + lease())


def overdue(session: Session, name: str) -> int | None:
    """Return the row of a lock whose holder has not been heard of for a lease; None when all is well.

    Work that no worker has taken up yet waits as long as it must.
    """
    found = repository.lock(session, name)
    return found.row_id if found is not None and found.holder != WAITING and found.until < clock.now() else None
