"""What the worker does for clocks: the sweep, and years that a newer library knows."""

from celery import shared_task

from backend.domains.clocks.service import seeding, sweeping

SCHEDULE: dict[str, tuple[str, float]] = {
    "let clocks reach their steps": ("clocks.sweep", 5.0),
    "know the days off": ("clocks.seed", 86400.0),
}


@shared_task(name="clocks.sweep")
def sweep() -> int:
    """Let every clock whose step is due reach it."""
    return sweeping.sweep()


@shared_task(name="clocks.seed")
def seed() -> None:
    """Add what every installation starts with, where it is missing."""
    seeding.seed()
