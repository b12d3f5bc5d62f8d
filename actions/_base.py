"""The frame of every action: read the message, act, and say something honest when it fails."""

import logging
from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions._answers import answer_to
from actions._client import Backend, BackendError
from actions._refusals import NEVER_REFUSED, gives, refusal
from actions._registry import register, registry
from actions._replies import FAILED, reply_for
from actions._said import Said, read
from actions._several import act_on_all, is_several
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


async def as_if(turn: Turn, intent: str, **entities: str) -> "Events":
    """Act as if the message had meant this instead; its words go along."""
    said = replace(turn.said, intent=intent, confidence=1.0, entities={**turn.said.entities, **entities})
    return await registry()[intent].act(replace(turn, said=said)) or []


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
    """An action whose errors become words.

    A message that answers in words what was just offered (「第二张」) runs the action of the button it picks instead,
    whatever the model took it for; one that asks for other people's data is refused. Not so where ``listens`` is False.
    """

    action: str
    intents: ClassVar[tuple[str, ...]] = ()
    """The intents that this action answers by itself."""
    listens: ClassVar[bool] = True

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Enter the action into the registry."""
        super().__init_subclass__(**kwargs)
        register(cls, cls.__dict__.get("intents", ()))

    def name(self) -> str:
        """Return the name in the domain."""
        return self.action

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Act for the speaker of the latest message."""
        action, said = self._meant(tracker)
        turn = Turn(said, Backend(said.token, said.message_id), tracker, dispatcher)
        if self.listens and (refused := refusal(said)):
            turn.say(refused)
            return []
        try:
            if action is self and said.intent in self.intents and is_several(said) and not gives(said):
                return await act_on_all(turn)
            return await action.act(turn) or []
        except BackendError as error:
            await say_failure(turn, error)
        except Exception as error:
            logger.exception("%s failed", self.action)
            await say_failure(turn, error)
        return self.after_failure()

    def _meant(self, tracker: Tracker) -> "tuple[BackendAction, Said]":
        said = read(tracker)
        answer = answer_to(said) if self.listens else None
        if answer is None and self.listens and said.intent not in NEVER_REFUSED and gives(said):
            return registry()["amend_work_order"], replace(said, intent="amend_work_order", confidence=1.0)
        if answer is None:
            return self, said
        picked = read(tracker, answer.payload, answer.own_words)
        action = registry().get(picked.intent)
        return (action, picked) if action else (self, said)

    def after_failure(self) -> Events:
        """Return the events that follow a failure."""
        return []

    @abstractmethod
    async def act(self, turn: Turn) -> Events | None:
        """Do it; return events for the tracker, if any."""
