"""What the worker does for labels."""

from celery import shared_task

from backend.domains.labels import service
from backend.kit import db

SCHEDULE: dict[str, tuple[str, float]] = {"forget how often labels were used": ("labels.forget_counts", 3600.0)}


@shared_task(name="labels.forget_counts")
def forget_counts() -> int:
    """Delete counts whose window is over."""
    with db.transaction() as session:
        return service.forget_counts(session)
