"""When the API starts: the calendar and the company's targets are there."""

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool

from backend.domains.clocks.service import seeding


async def startup(_app: FastAPI) -> None:
    """Add what is missing."""
    await run_in_threadpool(seeding.seed)


async def shutdown(_app: FastAPI) -> None:
    """Nothing runs."""
