"""Small talk and what is out of scope: the words of the domain's responses, said by an action so that it listens, too."""

from actions._base import BackendAction, Turn
from actions._refusals import CALM, is_rude
from actions._words import button

TO_A_PERSON = button("转人工", "handoff")


class SmallTalk(BackendAction):
    """Thanks, farewell, chat; a calm word for rude ones."""

    action = "action_small_talk"
    intents = ("thank", "goodbye", "chitchat", "bot_challenge", "out_of_scope")

    async def act(self, turn: Turn) -> None:
        """Say one of the responses of the intent."""
        if is_rude(turn.said.words):
            turn.say(CALM, [TO_A_PERSON])
            return
        turn.dispatcher.utter_message(response=f"utter_{turn.said.intent}")
