"""What the worker does for work orders: no vectors for orders that are long over."""

from celery import shared_task

from backend.domains.workorders import tasks_dispatch
from backend.domains.workorders.service import vectors

SCHEDULE: dict[str, tuple[str, float]] = {"forget the words of what is over": ("workorders.forget_over", 3600.0)}
SCHEDULE |= tasks_dispatch.SCHEDULE


@shared_task(name="workorders.forget_over")
def forget_over() -> int:
    """Drop the vectors of orders that can no longer be told again."""
    return vectors.forget_over()
