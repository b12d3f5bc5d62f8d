"""The frame of every action: read the message, act, and say something honest when it fails."""

import logging
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions._client import Backend, BackendError
from actions._replies import FAILED, reply_for
from actions._said import Said, read
from actions._words import Button

logger = logging.getLogger(__name__)

Events = list[dict[str, Any]]


@dataclass(slots=True)
class Turn:
    """One run of an action."""

    said: Said
    backend: Backend
    tracker: Tracker
    dispatcher: CollectingDispatcher

    def say(self, text: str, buttons: list[Button] | None = None, card: dict[str, Any] | None = None) -> None:
        """Say one reply, with buttons and a card if there are any."""
        extra = {"json_message": {"card": card}} if card else {}
        self.dispatcher.utter_message(text=text, buttons=buttons or None, **extra)


async def say_failure(turn: Turn, error: Exception) -> None:
    """Say what went wrong; if only a person can help, hand over first. Raises when that fails as well.

    The bot's channel sees a raised error and the backend then fetches a person by itself.
    """
    text = reply_for(error) if isinstance(error, BackendError) else None
    if text is None:
        try:
            await turn.backend.hand_over("failed")
        except BackendError:
            raise error from None
        text = FAILED
    turn.say(text)


class BackendAction(Action, ABC):  # type: ignore[misc]
    """An action whose errors become words."""

    action: str

    def name(self) -> str:
        """Return the name in the domain."""
        return self.action

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Act for the speaker of the latest message."""
        said = read(tracker)
        turn = Turn(said, Backend(said.token, said.message_id), tracker, dispatcher)
        try:
            return await self.act(turn) or []
        except BackendError as error:
            await say_failure(turn, error)
        except Exception as error:
            logger.exception("%s failed", self.action)
            await say_failure(turn, error)
        return self.after_failure()

    def after_failure(self) -> Events:
        """Return the events that follow a failure."""
        return []

    @abstractmethod
    async def act(self, turn: Turn) -> Events | None:
        """Do it; return events for the tracker, if any."""
