"""What the worker does for complaints: nobody forgets a deadline."""

from celery import shared_task

from backend.domains.complaints import service

SCHEDULE: dict[str, tuple[str, float]] = {"deadlines of complaints": ("complaints.sweep", 60.0)}


@shared_task(name="complaints.sweep")
def sweep() -> int:
    """Remind, send up what is late, close what nobody says anything about."""
    return service.sweep()
