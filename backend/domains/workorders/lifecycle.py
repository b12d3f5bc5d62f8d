"""What runs beside the app: loads the encoder, and embeds what was reported before it was there."""

import logging
from threading import Thread

from fastapi import FastAPI

from backend.domains.workorders.service import vectors
from backend.kit import encoder
from backend.settings import get_settings

log = logging.getLogger("guanjia.duplicates")


def catch_up() -> None:
    """Load the encoder, then give the orders of the meantime their vectors."""
    try:
        encoder.get_encoder()
        vectors.embed_missing()
    except Exception as error:  # reports are opened without looking for the same fault; the worker tries again
        log.warning("not ready to find the same fault again: %s: %s", type(error).__name__, error)


async def startup(_app: FastAPI) -> None:
    """Start loading; the API does not wait."""
    if get_settings().warm_encoder:
        Thread(target=catch_up, name="embed the orders", daemon=True).start()


async def shutdown(_app: FastAPI) -> None:
    """Nothing to stop: loading ends by itself."""
