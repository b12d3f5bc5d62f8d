"""The stored dialogue stays small, keeps what was set, and holds no token."""

import asyncio
import json
from pathlib import Path

import sqlalchemy as sa
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, SlotSet, UserUtteranceReverted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.tracker_store import KEPT_TURNS, TrimmedTrackerStore, dialogues, trim, without_tokens

DOMAIN = Domain.from_dict(
    {
        "intents": ["greet"],
        "slots": {"topic": {"type": "text", "mappings": [{"type": "custom"}], "influence_conversation": False}},
    }
)


def talk(turns: int) -> DialogueStateTracker:
    tracker = DialogueStateTracker("a", DOMAIN.slots)
    tracker.update(ActionExecuted("action_listen"))
    for number in range(turns):
        tracker.update(UserUttered(f"{number}", {"name": "greet"}, metadata={"token": "secret", "name": "张伟"}))
        tracker.update(ActionExecuted("action_greet"))
        if number == 0:
            tracker.update(SlotSet("topic", "灯"))
        tracker.update(ActionExecuted("action_listen"))
    return tracker


def said(events: list) -> list[str]:
    return [event.text for event in events if isinstance(event, UserUttered)]


def test_last_turns_and_slots_are_kept() -> None:
    kept = trim(talk(30))
    assert said(kept) == [str(n) for n in range(30 - KEPT_TURNS, 30)]
    again = DialogueStateTracker("a", DOMAIN.slots)
    for event in kept:
        again.update(event)
    assert again.get_slot("topic") == "灯"
    assert again.latest_action_name == "action_listen"


def test_reverted_turns_go_whole() -> None:
    tracker = talk(3)
    tracker.update(UserUttered("wrong", {"name": "greet"}))
    tracker.update(UserUtteranceReverted())
    tracker.update(ActionExecuted("action_listen"))
    kept = trim(tracker)
    assert said(kept) == ["0", "1", "2"]
    assert not any(isinstance(event, UserUtteranceReverted) for event in kept)


def test_nothing_is_cut_inside_a_form() -> None:
    tracker = talk(20)
    tracker.update(ActiveLoop("repair_form"))
    assert len(trim(tracker)) == len(tracker.events)


def test_tokens_are_removed() -> None:
    event = {"metadata": {"token": "secret", "name": "a"}, "parse_data": {"metadata": {"token": "secret"}}}
    assert "secret" not in json.dumps(without_tokens(event))


def test_a_conversation_is_one_row(tmp_path: Path) -> None:
    store = TrimmedTrackerStore(DOMAIN, f"sqlite:///{tmp_path / 't.db'}")
    for turns in (1, 40):
        asyncio.run(store.save(talk(turns)))
    with store.engine.connect() as connection:
        (row,) = connection.execute(sa.select(dialogues)).all()
    assert "secret" not in row.events
    loaded = asyncio.run(store.retrieve("a"))
    assert loaded is not None
    assert said(list(loaded.events))[-1] == "39"
    assert asyncio.run(store.retrieve("b")) is None
    assert list(asyncio.run(store.keys())) == ["a"]
