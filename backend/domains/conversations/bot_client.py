"""The one client of the bot; translates both ways, so that the engine behind it can be replaced.

Raises BotUnavailable for anything but a whole answer: dead, slow, broken, or an action that failed.
"""

from dataclasses import dataclass
from typing import Any

import httpx

from backend.domains.conversations.domain import Reply
from backend.settings import get_settings


class BotUnavailable(Exception):
    """The bot gave no usable answer. ``nlu`` holds what it understood before it failed, if anything."""

    def __init__(self, why: str, nlu: dict[str, Any] | None = None) -> None:
        self.nlu = nlu
        super().__init__(why)


@dataclass(frozen=True, slots=True)
class BotAnswer:
    """Replies in order, and what was understood."""

    replies: list[Reply]
    nlu: dict[str, Any]


_client: httpx.AsyncClient | None = None


def _shared() -> httpx.AsyncClient:
    global _client
    if _client is None:
        settings = get_settings()
        _client = httpx.AsyncClient(
            base_url=settings.rasa_url,
            timeout=httpx.Timeout(settings.bot_timeout_s, connect=2.0),
            headers={"Authorization": f"Bearer {settings.service_token.get_secret_value()}"},
            # dropped before Rasa's server closes them, 5 s after they were used
            limits=httpx.Limits(max_connections=64, max_keepalive_connections=32, keepalive_expiry=3.0),
            trust_env=False,
        )
    return _client


async def close() -> None:
    """Close the shared connections."""
    global _client
    if _client is not None:
        await _client.aclose()
        _client = None


async def _post(path: str, body: dict[str, Any]) -> dict[str, Any]:
    try:
        response = await _shared().post(f"/webhooks/guanjia/{path}", json=body)
        answer = response.json()
    except (httpx.HTTPError, ValueError) as error:
        raise BotUnavailable(type(error).__name__) from error
    if response.status_code != 200 or not isinstance(answer, dict):
        nlu = answer.get("nlu") if isinstance(answer, dict) else None
        raise BotUnavailable(f"{response.status_code} {str(answer)[:200]}", nlu)
    return answer


async def turn(body: dict[str, Any]) -> BotAnswer:
    """Let the bot answer one message."""
    answer = await _post("turn", body)
    try:
        replies = [
            Reply(r.get("text") or "", r.get("buttons") or [], r.get("card"))
            for r in answer.get("replies") or []
            if r.get("text") or r.get("card")
        ]
    except (TypeError, AttributeError) as error:
        raise BotUnavailable("malformed replies") from error
    if not replies:
        raise BotUnavailable("no reply", answer.get("nlu"))
    return BotAnswer(replies, answer.get("nlu") or {})


async def parse(text: str, speaker: dict[str, Any]) -> dict[str, Any]:
    """Return what the bot understands, without a conversation."""
    try:
        return dict((await _post("parse", {"text": text, "speaker": speaker}))["nlu"])
    except (KeyError, TypeError, ValueError) as error:
        raise BotUnavailable("malformed answer") from error
