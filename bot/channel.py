"""The input channel `guanjia`: the backend's only way in.

POST /webhooks/guanjia/turn   {"sender", "message_id", "text", "speaker"} → {"replies", "nlu"}
POST /webhooks/guanjia/parse  {"text", "speaker"?} → {"nlu"}; no conversation is touched
`nlu` is {"intent", "intent_ranking", "entities", "items", "tasks", "model"}: what was understood, and by which model.
Both want `Authorization: Bearer <GUANJIA_SERVICE_TOKEN>`. Errors are JSON {"error": code}:
400 bad_request, 401 unauthorized, 502 action_server (with `failed` and the replies so far),
503 no_model, 500 internal.
"""

from __future__ import annotations

import hmac
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.action_endpoint import watch_actions
from bot.settings import load_settings

logger = logging.getLogger(__name__)

RANKED = 5
MAX_TEXT = 2000


class Refusal(Exception):
    """The request can't be answered; carries the HTTP status and the error code."""

    def __init__(self, status: int, code: str) -> None:
        """Refuse with `status` and {"error": `code`}."""
        super().__init__(code)
        self.status, self.code = status, code


def authorized(header: str | None, token: str) -> bool:
    """Say whether the Authorization header carries the service token; an empty token lets nobody in."""
    if not token or not header or not header.startswith("Bearer "):
        return False
    return hmac.compare_digest(header[len("Bearer ") :].encode(), token.encode())


def model_of(agent: Agent) -> str | None:
    """Return the name of the model that the agent has loaded, without its ending."""
    name: str | None = agent.model_name
    return name.removesuffix(".tar.gz") if name else None


def understood(parse_data: dict[str, Any], model: str | None = None) -> dict[str, Any]:
    """Return the part of Rasa's parse result that the backend knows, and which model it comes from."""
    intent = parse_data.get("intent") or {}
    ranking = [_ranked(entry) for entry in (parse_data.get("intent_ranking") or [])[:RANKED]]
    return {
        "intent": _ranked(intent),
        "intent_ranking": ranking,
        "entities": [_entity(entity) for entity in parse_data.get("entities") or []],
        "items": parse_data.get("items") or [],
        "tasks": parse_data.get("tasks") or [],
        "model": model,
    }


def _ranked(intent: dict[str, Any]) -> dict[str, Any]:
    return {"name": intent.get("name"), "confidence": round(float(intent.get("confidence") or 0.0), 4)}


def _entity(entity: dict[str, Any]) -> dict[str, Any]:
    keys = ("entity", "value", "start", "end", "role")
    return {key: entity[key] for key in keys if entity.get(key) is not None}


def fold(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Turn Rasa's messages into replies; a card or hand-over joins the text before or after it."""
    replies: list[dict[str, Any]] = []
    for message in messages:
        reply: dict[str, Any] = {}
        if message.get("text"):
            reply["text"] = message["text"]
        if message.get("buttons"):
            reply["buttons"] = [{"title": b["title"], "payload": b["payload"]} for b in message["buttons"]]
        if isinstance(message.get("custom"), dict):
            reply.update(message["custom"])
        if not reply:
            continue
        if replies and ("text" not in reply or "text" not in replies[-1]) and not set(reply) & set(replies[-1]):
            replies[-1].update(reply)
        else:
            replies.append(reply)
    for reply in replies:
        reply.setdefault("text", "")
    return replies


class GuanjiaInput(InputChannel):
    """Blueprint with /turn and /parse."""

    @classmethod
    def name(cls) -> str:
        """Name of the channel in addresses and events."""
        return "guanjia"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> InputChannel:
        """Credentials come from the environment only."""
        return cls(load_settings().service_token)

    def __init__(self, token: str) -> None:
        """Let in who knows `token`."""
        self.token = token

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Return the routes; `on_new_message` is not used, as the agent is needed for parsing anyway."""
        routes = Blueprint("guanjia_webhook", __name__)

        @routes.post("/turn")
        async def turn(request: Request) -> HTTPResponse:
            return await self._answer(request, self._turn)

        @routes.post("/parse")
        async def parse(request: Request) -> HTTPResponse:
            return await self._answer(request, self._parse)

        return routes

    async def _answer(self, request: Request, handle: Callable[..., Awaitable[HTTPResponse]]) -> HTTPResponse:
        if not authorized(request.headers.get("authorization"), self.token):
            return response.json({"error": "unauthorized"}, status=401)
        try:
            agent: Agent | None = getattr(request.app.ctx, "agent", None)
            if agent is None or not agent.is_ready():
                raise Refusal(503, "no_model")
            return await handle(agent, _body(request))
        except Refusal as refusal:
            return response.json({"error": refusal.code}, status=refusal.status)
        except Exception:
            logger.exception("a request to the guanjia channel failed")
            return response.json({"error": "internal"}, status=500)

    async def _parse(self, agent: Agent, body: dict[str, Any]) -> HTTPResponse:
        message = UserMessage(_text(body), metadata=_speaker(body))
        return response.json({"nlu": understood(await _parsed(agent, message), model_of(agent))})

    async def _turn(self, agent: Agent, body: dict[str, Any]) -> HTTPResponse:
        sender = body.get("sender")
        if not isinstance(sender, str) or not sender:
            raise Refusal(400, "bad_request")
        text, message_id = _text(body), body.get("message_id")
        metadata = {**_speaker(body), "message_id": message_id}
        model = model_of(agent)
        parse_data = await _parsed(agent, UserMessage(text, metadata=metadata, message_id=message_id))
        collector = CollectingOutputChannel()
        failed = watch_actions()
        await agent.handle_message(
            UserMessage(
                text,
                collector,
                sender,
                parse_data=parse_data,
                input_channel=self.name(),
                message_id=message_id,
                metadata=metadata,
            )
        )
        answer = {"replies": fold(collector.messages), "nlu": understood(parse_data, model)}
        if failed:
            logger.error("actions failed: %s", ", ".join(failed))
            return response.json({"error": "action_server", "failed": failed, **answer}, status=502)
        return response.json(answer)


async def _parsed(agent: Agent, message: UserMessage) -> dict[str, Any]:
    assert agent.processor is not None  # is_ready() was checked
    parse_data: dict[str, Any] = await agent.processor.parse_message(message)
    parse_data.setdefault("items", [])  # a button payload does not pass through the pipeline
    return parse_data


def _body(request: Request) -> dict[str, Any]:
    try:
        body = request.json
    except Exception as error:
        raise Refusal(400, "bad_request") from error
    if not isinstance(body, dict):
        raise Refusal(400, "bad_request")
    return body


def _text(body: dict[str, Any]) -> str:
    text = body.get("text")
    if not isinstance(text, str) or not text.strip():
        raise Refusal(400, "bad_request")
    return text.strip()[:MAX_TEXT]


def _speaker(body: dict[str, Any]) -> dict[str, Any]:
    speaker = body.get("speaker")
    if speaker is None:
        return {}
    if not isinstance(speaker, dict):
        raise Refusal(400, "bad_request")
    return dict(speaker)
