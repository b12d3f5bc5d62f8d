"""Builds the vocabularies when the API starts, so that nobody's first message waits for them."""

import logging
from threading import Thread

from fastapi import FastAPI

from backend.domains.estate import service as estate
from backend.domains.vocabulary import service
from backend.kit import db

log = logging.getLogger("guanjia.vocabulary")


def warm() -> None:
    """Build the vocabulary of each estate."""
    try:
        with db.transaction(read_only=True) as session:
            for community in estate.communities(session):
                service.mentions(session, community.id, "")
    except Exception as error:  # it will be built by the first message instead
        log.warning("not warmed: %s: %s", type(error).__name__, error)


async def startup(_app: FastAPI) -> None:
    """Start building; the API does not wait."""
    Thread(target=warm, name="warm the vocabularies", daemon=True).start()


async def shutdown(_app: FastAPI) -> None:
    """Nothing to stop: building ends by itself."""
