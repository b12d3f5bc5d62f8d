"""Small talk and what is out of scope: the words of the domain's responses, said by an action so that it listens, too."""

from actions._base import BackendAction, Turn


class SmallTalk(BackendAction):
    """Thanks, farewell, chat."""

    action = "action_small_talk"
    intents = ("thank", "goodbye", "chitchat", "bot_challenge", "out_of_scope")

    async def act(self, turn: Turn) -> None:
        """Say one of the responses of the intent."""
        turn.dispatcher.utter_message(response=f"utter_{turn.said.intent}")
