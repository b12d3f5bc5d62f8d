"""What runs beside the app: the reader of the change feed, and the danger model."""

from fastapi import FastAPI

from backend.domains.conversations import bot_client, danger_model
from backend.kit.feed import Feed
from backend.settings import get_settings


async def startup(app: FastAPI) -> None:
    """Start to read the change feed for live pages, and make the danger model ready."""
    danger_model.warm()
    app.state.feed = Feed(get_settings().live_poll_s)
    await app.state.feed.start()


async def shutdown(app: FastAPI) -> None:
    """Let the streams end and close the connections to the bot."""
    await app.state.feed.stop()
    await bot_client.close()
