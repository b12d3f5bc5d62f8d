"""What the worker does for channels."""

from celery import shared_task

from backend.domains.channels import repository
from backend.kit import clock, db

SCHEDULE: dict[str, tuple[str, float]] = {"forget codes that have expired": ("channels.prune", 3600.0)}


@shared_task(name="channels.prune")
def prune() -> int:
    """Delete codes that have expired."""
    with db.transaction() as session:
        return repository.forget_codes(session, clock.now())
