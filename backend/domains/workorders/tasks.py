"""What the worker does for work orders: no vectors for orders that are long over, a word when suspended work goes on."""

from celery import shared_task

from backend.domains.workorders.service import vectors
from backend.domains.workorders.service.work import suspending

SCHEDULE: dict[str, tuple[str, float]] = {
    "forget the words of what is over": ("workorders.forget_over", 3600.0),
    "remind of suspended work": ("workorders.remind_suspended", 60.0),
}


@shared_task(name="workorders.forget_over")
def forget_over() -> int:
    """Drop the vectors of orders that can no longer be told again."""
    return vectors.forget_over()


@shared_task(name="workorders.remind_suspended")
def remind_suspended() -> int:
    """Remind the holders of suspended orders whose day has come."""
    return suspending.remind_due()
