"""What runs beside the app: the memory of each estate, loaded before the first question; new sections embedded.

Sections are embedded in the API and not by the worker, because the encoder is there: loaded twice it costs 0.6 GB more.
"""

import logging
from threading import Thread

from fastapi import FastAPI

from backend.domains.estate import service as estate
from backend.domains.knowledge import service
from backend.kit import db, encoder
from backend.kit.background import AgainAndAgain
from backend.kit.scope import system_scope
from backend.settings import get_settings

log = logging.getLogger("guanjia.knowledge")

EMBED_S = 3.0


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


async def startup(app: FastAPI) -> None:
    """Start loading and embedding; the API does not wait."""
    app.state.indexing = AgainAndAgain("index the documents", service.embed_some, EMBED_S)
    if get_settings().warm_encoder:
        Thread(target=warm, name="warm the knowledge", daemon=True).start()
        app.state.indexing.start()


async def shutdown(app: FastAPI) -> None:
    """Begin no further section; loading ends by itself."""
    app.state.indexing.stop()
