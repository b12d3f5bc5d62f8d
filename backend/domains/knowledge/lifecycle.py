"""Loads the encoder and the memory of each estate when the API starts, so that nobody's first question waits."""

import logging
from threading import Thread

from fastapi import FastAPI

from backend.domains.estate import service as estate
from backend.domains.knowledge import service
from backend.kit import db, encoder
from backend.kit.scope import system_scope
from backend.settings import get_settings

log = logging.getLogger("guanjia.knowledge")


def warm() -> None:
    """Load the words of each estate, then the encoder, then the vectors."""
    for prepared in (encoder.loaded, encoder.get_encoder):
        try:
            found = prepared()
            with db.transaction(read_only=True) as session, system_scope(session):
                for community in estate.communities(session):
                    service.fill(session, community.id, found)
        except Exception as error:  # the first question does it instead; without an encoder, words answer
            log.warning("not warmed: %s: %s", type(error).__name__, error)


async def startup(_app: FastAPI) -> None:
    """Start loading; the API does not wait."""
    if get_settings().warm_encoder:
        Thread(target=warm, name="warm the knowledge", daemon=True).start()


async def shutdown(_app: FastAPI) -> None:
    """Nothing to stop: loading ends by itself."""
