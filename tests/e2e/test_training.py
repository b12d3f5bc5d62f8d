"""The model is changed while people talk, and a worker dies in the middle of a training: nobody who talks notices."""

import os
import shutil
import signal
import threading
import uuid
from collections.abc import Iterator
from typing import Any

import httpx
import psutil
import pytest

from tests.bench.system import System
from tests.people import Door, until

PATIENCE_S = 240.0
TALKERS = ("zhangwei", "wangfang", "liuyang", "chenjing")
WORDS = ("你好", "我的工单到哪一步了", "物业费怎么交", "谢谢", "游泳馆几点开门")


def loaded(system: System) -> str:
    """Return the name of the model that Rasa has in memory."""
    answer = httpx.get(f"{system.rasa_url}/status", params={"token": system.secret("service.token")}, trust_env=False)
    return str(answer.json()["model_file"]).removesuffix(".tar.gz")


def models(door: Door) -> dict[str, dict[str, Any]]:
    return {m["name"]: m for m in door.get("admin", "/training/models")["items"]}


def use(system: System, door: Door, name: str) -> None:
    """Go to a model with one click and wait until it answers."""
    asked = door.post("admin", f"/training/models/{models(door)[name]['id']}/use")
    assert asked.status_code == 202, asked.text
    until(lambda: not models(door)[name]["switching"], f"{name} is dealt with", PATIENCE_S)
    assert (models(door)[name]["state"], models(door)[name]["problem"]) == ("in_use", None)
    assert loaded(system) == name
    assert (system.var / "models" / "current").read_text() == f"{name}.tar.gz\n"


@pytest.fixture
def two_models(system: System, door: Door) -> Iterator[tuple[str, str]]:
    """The model of the run and a copy of it under another name, both known; the first is in use."""
    folder = system.var / "models"
    first = loaded(system)
    until(lambda: first in models(door), "the model in use is known", PATIENCE_S)
    shutil.copy(folder / f"{first}.tar.gz", folder / "copy.tar.gz")
    (folder / "current").write_text("copy.tar.gz\n")  # as if set-up had trained it
    until(lambda: models(door).get("copy", {}).get("state") == "in_use", "the copy is known", PATIENCE_S)
    use(system, door, first)
    yield first, "copy"
    use(system, door, first)


class Talk(threading.Thread):
    """Somebody who goes on talking, and keeps what went wrong."""

    def __init__(self, door: Door, username: str, enough: threading.Event) -> None:
        super().__init__(daemon=True)
        self._door, self._username, self._enough = door, username, enough
        self.answered: list[str] = []
        self.wrong: list[str] = []

    def run(self) -> None:
        number = 0
        while not self._enough.is_set():
            words = WORDS[number % len(WORDS)]
            number += 1
            try:
                answer = self._door.say(self._username, words, uuid.uuid4().hex)
                text = " ".join(reply["text"] for reply in answer["replies"])
                if not text or "转给值班客服" in text:
                    self.wrong.append(f"{words}: {text!r}")
                self.answered.append(answer["message_id"])
            except Exception as error:
                self.wrong.append(f"{words}: {error!r}")


def test_the_model_is_changed_while_people_talk_and_no_message_is_lost_or_failed(
    system: System, door: Door, two_models: tuple[str, str]
) -> None:
    for username in TALKERS:
        door.with_bot(username)
    enough = threading.Event()
    talks = [Talk(door, username, enough) for username in TALKERS]
    for talk in talks:
        talk.start()
    try:
        for name in reversed(two_models):
            before = sum(len(t.answered) for t in talks)
            use(system, door, name)
            until(lambda b=before: sum(len(t.answered) for t in talks) > b + 8, "people went on talking", PATIENCE_S)
    finally:
        enough.set()
        for talk in talks:
            talk.join(60)
    assert [wrong for talk in talks for wrong in talk.wrong] == []
    for talk in talks:
        lines = door.get(talk._username, "/chat/messages", limit=200)["items"]
        mine = {m["id"]: m["status"] for m in lines if m["direction"] == "in" and m["id"] in talk.answered}
        assert mine
        assert set(mine.values()) == {"answered"}


def test_a_corrupt_model_is_refused_while_the_running_one_answers(
    system: System, door: Door, two_models: tuple[str, str]
) -> None:
    first, copy = two_models
    archive = system.var / "models" / f"{copy}.tar.gz"
    whole = archive.read_bytes()
    archive.write_bytes(whole[: len(whole) // 2])
    try:
        door.post("admin", f"/training/models/{models(door)[copy]['id']}/use")
        until(lambda: models(door)[copy]["problem"], "it is refused", PATIENCE_S)
    finally:
        archive.write_bytes(whole)
    assert "打不开" in models(door)[copy]["problem"]
    assert (loaded(system), models(door)[first]["state"]) == (first, "in_use")
    assert door.say("zhangwei", "你好")["replies"]


def trainers(system: System) -> list[psutil.Process]:
    """Return the training programs of this system that run."""
    found = []
    for process in psutil.process_iter(["cmdline"]):
        command = " ".join(process.info["cmdline"] or [])
        if "bot.train" in command and str(system.var) in command:
            found.append(process)
    return found


def test_a_worker_that_is_killed_while_it_trains_leaves_nothing_half_done(system: System, door: Door) -> None:
    door.with_bot("zhangwei")
    before = loaded(system)
    words = f"那个{uuid.uuid4().hex[:4]}又来那个了呗"
    message_id = door.say("zhangwei", words)["message_id"]
    assert (
        door.post("kefu", "/training/corrections", {"message_id": message_id, "intent": "chitchat"}).status_code == 204
    )
    [sample] = [s for s in door.get("admin", "/training/samples", limit=200)["items"] if s["message_id"] == message_id]
    label = {"ids": [sample["id"]], "label": {"intent": "chitchat"}}
    assert door.post("admin", "/training/labels", label).status_code == 200
    run = door.post("admin", "/training/runs").json()

    def state() -> str:
        return str(door.get("admin", f"/training/runs/{run['id']}")["state"])

    until(lambda: state() == "training" and trainers(system), "the trainer works", PATIENCE_S)
    os.kill(system.pids()["worker"], signal.SIGKILL)  # the worker alone: its program has to notice by itself
    until(lambda: not trainers(system), "the trainer has ended itself", PATIENCE_S)
    until(lambda: state() == "failed", "the run is given up after the lease", PATIENCE_S)
    assert "中断" in door.get("admin", f"/training/runs/{run['id']}")["problem"]
    assert (loaded(system), models(door)[before]["state"]) == (before, "in_use")
    assert door.say("zhangwei", "你好")["replies"]

    again = door.post("admin", "/training/runs")
    assert again.status_code == 202, again.text
    stopped = door.post("admin", f"/training/runs/{again.json()['id']}/stop")
    assert stopped.json()["state"] == "failed"
    until(lambda: not trainers(system), "no trainer is left", PATIENCE_S)
