"""What the worker does for work orders: vectors for orders that have none, none for orders that are long over."""

from celery import shared_task

from backend.domains.workorders.service import vectors
from backend.kit import encoder

SCHEDULE: dict[str, tuple[str, float]] = {
    "embed the words of orders": ("workorders.embed_missing", 60.0),
    "forget the words of what is over": ("workorders.forget_over", 3600.0),
}


@shared_task(name="workorders.embed_missing")
def embed_missing() -> int:
    """Embed the open orders that have no vector yet. Starts to load the encoder only when there are any."""
    if encoder.loaded() is None:
        if vectors.any_missing():
            encoder.warm()  # in a thread of its own: notices do not wait, the next round embeds
        return 0
    return vectors.embed_missing()


@shared_task(name="workorders.forget_over")
def forget_over() -> int:
    """Drop the vectors of orders that can no longer be told again."""
    return vectors.forget_over()
