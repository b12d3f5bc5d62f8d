"""What the worker does for identity: forget what counts no more."""

from celery import shared_task

from backend.domains.identity import service
from backend.kit import counting, db, once

SCHEDULE: dict[str, tuple[str, float]] = {"forget what counts no more": ("identity.prune", 3600.0)}


@shared_task(name="identity.prune")
def prune() -> int:
    """Delete old failed log-ins, keys that nobody will send again, and counts whose window is over."""
    with db.transaction() as session:
        return service.forget_old_failures(session) + once.prune(session) + counting.prune(session)
