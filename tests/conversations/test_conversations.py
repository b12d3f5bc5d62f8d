"""Plays the stories of the YAML files beside this one on the whole system: who says what, and what must come of it.

A step is one line of a person; ``№`` stands for the newest order of the story.

- ``{zhangwei: 催单, intent: urge_work_order, reply: [我已经去催], buttons: [撤单], status: accepted}``: said in chat.
  ``reply`` words must all be in the replies (``not`` words in none), ``buttons`` among the offered ones, ``status`` is
  that of the newest order card, ``orders`` how many order cards came, ``asks: true`` one reply with buttons and no order.
- ``{lishifu hears: 新工单 №, buttons: [接单]}``: told without having said anything.
- ``{kefu moves: finished}``: staff move the order by hand.
- ``{zhangwei taps: 验收通过}``: a button of the person's newest line.

A story that ``needs: encoder`` begins when the backend has loaded it: before that nothing is told twice.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.people import Door, until

HERE = Path(__file__).parent
ENCODER_S = 180.0
STORIES = [
    pytest.param(story, id=f"{path.stem}: {story['story']}")
    for path in sorted(HERE.glob("*.yml"))
    for story in yaml.safe_load(path.read_text(encoding="utf-8"))
]


def words(value: Any) -> list[str]:
    """Return one or several words as a list."""
    return [str(v) for v in value] if isinstance(value, list) else [] if value is None else [str(value)]


@dataclass
class Stage:
    """What a story has come to."""

    door: Door
    order: str = "?"
    offered: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def filled(self, text: str) -> str:
        """Return the text with the order's number."""
        return text.replace("№", self.order)

    def intent_of(self, username: str, message_id: str) -> str:
        """Return what the desk sees that the bot understood."""
        me = self.door.get(username, "/me")["id"]
        talks = self.door.get("quyu", "/conversations", limit=200)["items"]
        talk = next(t["id"] for t in talks if t["person"]["id"] == me)
        return str(self.door.get("quyu", f"/conversations/{talk}/messages/{message_id}")["nlu"]["intent"])

    def play(self, step: dict[str, Any]) -> None:
        """Play one step."""
        (head, text), *_ = step.items()
        username, _, verb = head.partition(" ")
        if verb == "moves":
            body = {"to": text, "note": "客服代办"}
            moved = self.door.post(username, f"/work-orders/{self.order}/transitions", body)
            assert moved.status_code == 200, moved.text
        elif verb == "hears":
            line = self.door.heard(username, self.filled(text))
            self.offered[username] = line["buttons"]
            assert set(words(step.get("buttons"))) <= {b["title"] for b in line["buttons"]}, line
        elif verb == "taps":
            button = next(b for b in self.offered[username] if b["title"] == text)
            self.said(username, button["payload"], step)
        else:
            self.said(username, self.filled(text), step)

    def said(self, username: str, text: str, step: dict[str, Any]) -> None:
        """Say something and look at what comes back."""
        answer = self.door.say(username, text)
        replies = answer["replies"]
        heard = "\n".join(r["text"] for r in replies)
        what = f"{username}: {text}\n{heard}"
        buttons = [b for r in replies for b in r["buttons"] or []]
        cards = [r["card"] for r in replies if r["card"] and r["card"]["type"] == "work_order"]
        self.offered[username] = buttons
        self.order = cards[-1]["number"] if cards else self.order
        for wanted in words(step.get("reply")):
            assert self.filled(wanted) in heard, what
        for unwanted in words(step.get("not")):
            assert self.filled(unwanted) not in heard, what
        assert set(words(step.get("buttons"))) <= {b["title"] for b in buttons}, (what, buttons)
        if "intent" in step:
            assert self.intent_of(username, answer["message_id"]) == step["intent"], what
        if "orders" in step:
            assert len({c["number"] for c in cards}) == step["orders"], what
        if "status" in step:
            assert self.door.get("quyu", f"/work-orders/{self.order}")["status"] == step["status"], what
        if "silent" in step:
            assert replies == [], what
        if "asks" in step:
            assert (len(replies), cards) == (1, []), what
            assert buttons, what


@pytest.mark.parametrize("story", STORIES)
def test_story(door: Door, story: dict[str, Any]) -> None:
    for username in {next(iter(step)).partition(" ")[0] for step in story["steps"]}:
        door.with_bot(username)
    door.empty_hands()
    if story.get("needs") == "encoder":
        until(lambda: door.encoder_is_there(), "the encoder is loaded", ENCODER_S)
    stage = Stage(door)
    for step in story["steps"]:
        stage.play(step)
