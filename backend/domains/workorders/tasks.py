"""What the worker does for work orders: no vectors for orders that are long over, and what past arrivals teach."""

from celery import shared_task

from backend.domains.workorders.service import arrivals, vectors

SCHEDULE: dict[str, tuple[str, float]] = {
    "forget the words of what is over": ("workorders.forget_over", 3600.0),
    "learn from arrivals": ("workorders.learn_arrivals", 21600.0),
}


@shared_task(name="workorders.forget_over")
def forget_over() -> int:
    """Drop the vectors of orders that can no longer be told again."""
    return vectors.forget_over()


@shared_task(name="workorders.learn_arrivals")
def learn_arrivals() -> int:
    """Put what the arrivals of the last half year teach in place of what was known."""
    return arrivals.learn()
