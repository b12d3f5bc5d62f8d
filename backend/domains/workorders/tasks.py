"""What the worker does for work orders: old vectors go, suspended work is remembered, finished work is judged in time."""

from celery import shared_task

from backend.domains.workorders import tasks_dispatch
from backend.domains.workorders.service import acceptance, arrivals, missing_clocks, vectors
from backend.domains.workorders.service.work import suspending

SCHEDULE: dict[str, tuple[str, float]] = {
    "forget the words of what is over": ("workorders.forget_over", 3600.0),
    "learn from arrivals": ("workorders.learn_arrivals", 21600.0),
    "remind of suspended work": ("workorders.remind_suspended", 60.0),
    "clocks for orders from before there were any": ("workorders.give_missing_clocks", 600.0),
    "finished work that waits for a word": ("workorders.judge_finished", 60.0),
}
SCHEDULE |= tasks_dispatch.SCHEDULE


@shared_task(name="workorders.forget_over")
def forget_over() -> int:
    """Drop the vectors of orders that can no longer be told again."""
    return vectors.forget_over()


@shared_task(name="workorders.remind_suspended")
def remind_suspended() -> int:
    """Remind the holders of suspended orders whose day has come."""
    return suspending.remind_due()


@shared_task(name="workorders.judge_finished")
def judge_finished() -> int:
    """Remind of finished work, accept it when nobody says anything, close it later."""
    return acceptance.sweep()


@shared_task(name="workorders.give_missing_clocks")
def give_missing_clocks() -> int:
    """Give clocks to open orders that never had any."""
    return missing_clocks.give()


@shared_task(name="workorders.learn_arrivals")
def learn_arrivals() -> int:
    """Put what the arrivals of the last half year teach in place of what was known."""
    return arrivals.learn()
