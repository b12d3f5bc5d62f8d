"""The bot's model from outside: which one answers, another one instead, what it makes of words. Blocking; for the worker.

Raises BotUnavailable when the bot does not answer, ModelRefused when it could not load the file: it then goes on with
the model it had. Turns that are under way end with the model they began with.
"""

from pathlib import Path
from typing import Any

import httpx

from backend.domains.conversations.bot_client import BotUnavailable
from backend.settings import get_settings

LOAD_TIMEOUT_S = 60.0

__all__ = ["BotUnavailable", "ModelRefused", "in_use", "understand", "use"]


class ModelRefused(Exception):
    """The bot could not load the model and goes on with the one it had."""


def _client() -> httpx.Client:
    settings = get_settings()
    token = settings.service_token.get_secret_value()
    return httpx.Client(
        base_url=settings.rasa_url,
        params={"token": token},
        headers={"Authorization": f"Bearer {token}"},
        timeout=httpx.Timeout(LOAD_TIMEOUT_S, connect=2.0),
        trust_env=False,
    )


def use(archive: Path) -> None:
    """Let the bot answer with this model from now on."""
    try:
        with _client() as client:
            answer = client.put("/model", json={"model_file": str(archive)})
    except httpx.HTTPError as error:
        raise BotUnavailable(type(error).__name__) from error
    if answer.status_code != httpx.codes.NO_CONTENT:
        raise ModelRefused(f"{answer.status_code} {answer.text[:200]}")


def in_use() -> str:
    """Return the name of the file that the bot has loaded, without its ending."""
    try:
        with _client() as client:
            answer = client.get("/status")
            answer.raise_for_status()
            return Path(str(answer.json()["model_file"])).name.removesuffix(".tar.gz")
    except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
        raise BotUnavailable(type(error).__name__) from error


def understand(text: str, speaker: dict[str, Any]) -> dict[str, Any]:
    """Return what the bot makes of words, without a conversation."""
    try:
        with _client() as client:
            answer = client.post("/webhooks/guanjia/parse", json={"text": text, "speaker": speaker})
            answer.raise_for_status()
            return dict(answer.json()["nlu"])
    except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
        raise BotUnavailable(type(error).__name__) from error
