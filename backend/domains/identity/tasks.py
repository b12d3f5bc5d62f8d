"""What the worker does for identity: forget what counts no more."""

from celery import shared_task

from backend.domains.identity import service
from backend.kit import db, once

SCHEDULE: dict[str, tuple[str, float]] = {"forget what counts no more": ("identity.prune", 3600.0)}


@shared_task(name="identity.prune")
def prune() -> int:
    """Delete old failed log-ins, and keys that nobody will send again."""
    with db.transaction() as session:
        return service.forget_old_failures(session) + once.prune(session)
