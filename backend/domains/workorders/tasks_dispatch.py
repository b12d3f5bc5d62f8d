"""What the worker does for dispatch: offers that nobody took, plans made again, positions forgotten."""

from celery import shared_task

from backend.domains.dispatch import service as dispatch
from backend.domains.workorders.service import dispatching, replanning
from backend.kit import db
from backend.kit.scope import system_scope

SCHEDULE: dict[str, tuple[str, float]] = {
    "dispatch what nobody took": ("dispatch.expire_offers", 10.0),
    "plan again": ("dispatch.replan", 15.0),
    "forget where people were": ("dispatch.forget_positions", 3600.0),
}


@shared_task(name="dispatch.expire_offers")
def expire_offers() -> int:
    """Dispatch orders whose offer is over."""
    return dispatching.expire_offers()


@shared_task(name="dispatch.replan")
def replan() -> int:
    """Plan the estates in which something has changed."""
    return replanning.replan()


@shared_task(name="dispatch.forget_positions")
def forget_positions() -> int:
    """Delete the positions of those who have gone home."""
    with db.transaction() as session, system_scope(session):
        return dispatch.forget_positions(session)
