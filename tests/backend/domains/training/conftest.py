"""A training page with somebody to use it, a bot that misunderstands on demand, and a fake trainer."""

import json
import sys
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, update

from backend.domains.conversations.service import heard
from backend.domains.training import pipeline, switch, tasks
from backend.domains.training.models import Run, RunProgress, Sample, TrainedModel, WorkLock
from backend.kit import db
from backend.kit.scope import system_scope
from backend.settings import get_settings
from tests.backend.support import FakeRasa, User, World

FAKE = Path(__file__).with_name("fake_bot.py")


@pytest.fixture
def nothing_yet(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test starts without runs and models, and with what was said before it out of the way."""
    monkeypatch.setattr(heard, "danger_scores", lambda texts: [0.25] * len(texts))
    while tasks.gather():
        pass
    with db.transaction() as session, system_scope(session):
        session.execute(update(Sample).values(state="earlier", label=None))
        for table in (RunProgress, TrainedModel, Run, WorkLock):
            session.execute(delete(table))


@pytest.fixture
def admin(world: World, nothing_yet: None) -> User:
    return world.admin


@dataclass
class Speaker:
    """An owner to whom the bot listens more or less well."""

    user: User
    rasa: FakeRasa

    def say(self, text: str, intent: str = "report_repair", sure: float = 0.2, **more: Any) -> str:
        """Say something that the bot takes for ``intent``; return the message's id."""
        ranking = [{"name": intent, "confidence": sure}, {"name": "complain", "confidence": sure / 2}]
        if intent == "nlu_fallback":
            ranking = [{"name": "report_repair", "confidence": sure}, {"name": "complain", "confidence": sure / 2}]
        self.rasa.nlu = {
            "intent": {"name": intent, "confidence": sure},
            "intent_ranking": ranking,
            "entities": [],
            "items": [],
            "model": "m1",
            **more,
        }
        answer = self.user.say(text, key=uuid.uuid4().hex)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["message_id"])


@pytest.fixture
def speaker(owner: User, rasa: FakeRasa, nothing_yet: None) -> Speaker:
    return Speaker(owner, rasa)


Listed = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def listed(admin: User) -> Listed:
    """Gather, then return what the page lists."""

    def look(**query: Any) -> list[dict[str, Any]]:
        tasks.gather()
        found = admin.get("/training/samples", limit=200, **query)
        assert found.status_code == 200, found.text
        return list(found.json()["items"])

    return look


@dataclass
class Trainer:
    """The fake trainer's switches, and the folders it works in."""

    how: Path
    var: Path

    def behaves(self, **how: str) -> None:
        self.how.write_text(json.dumps(how))

    @property
    def models(self) -> Path:
        return self.var / "models"

    @property
    def current(self) -> str:
        return (self.models / "current").read_text().strip()

    def run(self) -> None:
        """Do what waits, here and now, as the worker would."""
        with db.transaction() as session, system_scope(session):
            tasks.runs.give_up_abandoned(session)
            tasks.registry.look(session)
        work = pipeline.claim()
        if work is not None:
            pipeline.carry_out(work)
        job = switch.claim()
        if job is not None:
            switch.carry_out(job)


def tests_in(folder: Path) -> None:
    """Write small locked sets (JSON is YAML): 12 of three intents, 4 of one, 10 dangers and near misses."""
    (folder / "locked").mkdir(parents=True)
    many = [
        {"text": f"{intent} {n}", "as": "zhangwei", "intent": intent}
        for intent, count in (("report_repair", 12), ("complain", 12), ("greet", 12), ("pay_bill", 4))
        for n in range(count)
    ]
    (folder / "locked" / "a.yml").write_text(json.dumps(many), encoding="utf-8")
    danger = [{"text": f"danger {n}", "danger": n % 2 == 0} for n in range(10)]
    (folder / "danger.yml").write_text(json.dumps(danger), encoding="utf-8")


@pytest.fixture
def trainer(nothing_yet: None, rasa: FakeRasa, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Trainer]:
    """A fake trainer, small test sets, and a model in use."""
    made = Trainer(tmp_path / "how.json", tmp_path / "var")
    made.behaves()
    tests_in(tmp_path / "tests")
    command = f"{sys.executable} -S -E {FAKE} {made.how}"
    for name, value in {
        "GUANJIA_VAR_DIR": made.var,
        "GUANJIA_TRAIN_COMMAND": f"{command} train",
        "GUANJIA_SCORE_COMMAND": f"{command} score",
        "GUANJIA_UNDERSTANDING_TESTS": tmp_path / "tests",
    }.items():
        monkeypatch.setenv(name, str(value))
    get_settings.cache_clear()
    made.models.mkdir(parents=True)
    (made.models / "first.tar.gz").write_text(json.dumps({"labels": {}, "data": []}))
    (made.models / "current").write_text("first.tar.gz\n")
    rasa.model = "first"
    yield made
    monkeypatch.undo()
    get_settings.cache_clear()


@pytest.fixture
def label(admin: User, speaker: Speaker, listed: Listed) -> Callable[..., None]:
    """Say sentences and label all of them alike."""

    def do(intent: str, *texts: str) -> None:
        said = {speaker.say(text) for text in texts}
        ids = [s["id"] for s in listed() if s["message_id"] in said]
        assert len(ids) == len(texts)
        done = admin.post("/training/labels", {"ids": ids, "label": {"intent": intent}})
        assert done.status_code == 200, done.text

    return do
