"""What runs beside the app: the words of orders get their vectors where the encoder is, in the API."""

from fastapi import FastAPI

from backend.domains.workorders.service import vectors
from backend.kit import encoder
from backend.kit.background import AgainAndAgain
from backend.settings import get_settings

CATCH_UP_S = 60.0


def catch_up() -> None:
    """Have the encoder, then give a vector to every open order that was reported while it was not there or was busy."""
    encoder.get_encoder()
    vectors.embed_missing()


async def startup(app: FastAPI) -> None:
    """Start to load the encoder; the API does not wait, and reports are opened without it."""
    app.state.catching_up = AgainAndAgain("embed the orders", catch_up, CATCH_UP_S)
    if get_settings().warm_encoder:
        app.state.catching_up.start()


async def shutdown(app: FastAPI) -> None:
    """Start nothing more."""
    app.state.catching_up.stop()
