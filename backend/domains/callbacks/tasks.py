"""What the worker does for call-backs: nothing stays late unheard."""

from celery import shared_task

from backend.domains.callbacks import service

SCHEDULE: dict[str, tuple[str, float]] = {"call-backs that are late": ("callbacks.sweep", 60.0)}


@shared_task(name="callbacks.sweep")
def sweep() -> int:
    """Tell those above what is late."""
    return service.sweep()
