"""One training from claim to verdict, and one change of the model, as the worker does them.

Each step is a transaction of its own that first renews the claim: a run that was stopped or given up meanwhile is left
alone. The programs run in processes of their own (``child``); the model in use is touched by ``switch`` only.
"""

import logging
import os
import time
import uuid
from collections.abc import Callable, Container, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from backend.domains.conversations.service import heard
from backend.domains.training import child, folders, gate, masking, rasa_yaml
from backend.domains.training import repository_runs as repository
from backend.domains.training.domain import TRAINING_LOCK, Event, Label
from backend.domains.training.models import Run
from backend.domains.training.service import exporting, gathering, locks, registry, runs
from backend.domains.vocabulary.intents import INTENT_TITLES
from backend.kit import db
from backend.kit.scope import system_scope
from backend.settings import get_settings

log = logging.getLogger("guanjia.training")
T = TypeVar("T")

MESSAGES = "messages"
RENEW_S = 3.0
CHANGES_KEPT = 200
UNLOADABLE = 65
"""Exit code of ``bot.score`` for a file that is no model."""
EXIT_WORDS = {13: folders.UNWRITABLE, 28: folders.NO_SPACE, -25: folders.NO_SPACE}
SHARE = {"snapshot": 0.02, "train": 0.55, "old": 0.76, "new": 0.98}


class Failed(Exception):
    """The run cannot be finished; the text is for people."""


class Lost(Exception):
    """The claim is not ours any more: somebody stopped the run, or it was given up."""


class Work:
    """The claim of this worker on a run, and its transactions."""

    def __init__(self, run_id: int, holder: str) -> None:
        self.run_id, self.holder = run_id, holder
        self._renewed = time.monotonic()

    def step(self, call: Callable[[Session, Run], T]) -> T:
        """Do something in a transaction that holds only if the claim does. Raises Lost."""
        with db.transaction() as session, system_scope(session):
            if not locks.renew(session, TRAINING_LOCK, self.holder):
                raise Lost
            self._renewed = time.monotonic()
            return call(session, runs.get(session, self.run_id))

    def wanted(self, done: float, line: Callable[[], str]) -> bool:
        """Renew the claim and show how far it is, every few seconds; False when it is not ours any more."""
        if time.monotonic() - self._renewed < min(RENEW_S, get_settings().training_lease_s / 4):
            return True
        try:
            self.step(lambda session, run: runs.note(session, run, done=done, line=line()))
        except Lost:
            return False
        except Exception:  # the database may be away for a moment; the lease outlives that
            log.exception("the claim on run %s could not be renewed", self.run_id)
        return True


def claim() -> Work | None:
    """Take up the training that waits; None when there is none or another worker was faster."""
    holder = f"{os.getpid()}:{uuid.uuid4().hex}"
    with db.transaction() as session, system_scope(session):
        run_id = locks.claim(session, TRAINING_LOCK, holder)
        if run_id is None:
            return None
        runs.advance(session, runs.get(session, run_id), Event.CLAIM)
    return Work(run_id, holder)


def carry_out(work: Work) -> None:
    """Do the whole run; whatever goes wrong is told in one sentence and changes nothing for people."""
    sentence = None
    try:
        _carry_out(work)
    except Lost:
        log.warning("run %s was stopped", work.run_id)
    except Failed as failure:
        sentence = str(failure)
    except OSError as error:
        log.exception("run %s could not write", work.run_id)
        sentence = folders.words_for(error)
    except Exception as error:
        log.exception("run %s failed", work.run_id)
        sentence = f"训练中途出错，没有完成（{type(error).__name__}）。正在用的模型不受影响，详细原因在后台日志里。"
    finally:
        folders.forget_personal(work.run_id)
    if sentence is not None:
        _fail(work, sentence)


def _fail(work: Work, sentence: str) -> None:
    try:
        work.step(lambda session, run: runs.fail(session, run, sentence))
    except Exception:  # then the lease runs out and the run is given up
        log.exception("run %s could not be marked as failed", work.run_id)


def _carry_out(work: Work) -> None:
    folder = folders.make(work.run_id)
    masked = _snapshot(work, folder)
    work.step(lambda session, run: runs.advance(session, run, Event.TRAIN))
    archive = _train(work, folder)
    current = registry.current_name()
    work.step(lambda session, run: runs.advance(session, run, Event.SCORE))
    old = _score(work, folder, registry.archive(current), "old") if current else None
    new = _score(work, folder, archive, "new")
    if new is None:
        raise Failed("训练出来的模型打不开，没有启用。正在用的模型不受影响。")
    name = archive.name.removesuffix(registry.ENDING)
    before = old["figures"] if old else work.step(lambda session, _run: _known_figures(session, current))
    figures = {"new": new["figures"], "old": before}
    refusals = gate.judge(before, figures["new"], INTENT_TITLES)
    changed = _changes(old, new, masked) if old else []

    def verdict(session: Session, run: Run) -> None:
        run.model, run.compared_with = name, current
        event = Event.REFUSE if refusals else Event.PASS
        runs.advance(session, run, event)
        kept: dict[str, Any] = {"figures": figures, "refusals": [asdict(r) for r in refusals]}
        runs.note(session, run, done=1.0, changes=changed[:CHANGES_KEPT], measured=len(masked), **kept)
        if not refusals:
            registry.register(session, name, run, new["figures"])
        known = repository.model_named(session, current) if current else None
        if known is not None and old:
            known.figures = old["figures"]
        repository.release(session, TRAINING_LOCK, work.holder)

    work.step(verdict)


def _known_figures(session: Session, name: str | None) -> dict[str, Any] | None:
    """Return what an earlier scoring found about the model in use, for when its file cannot be read any more."""
    known = repository.model_named(session, name) if name else None
    return known.figures if known is not None else None


def _snapshot(work: Work, folder: Path) -> list[str]:
    """Copy what is learned and asked; return the masked texts of the real messages."""

    def read(session: Session, _run: Run) -> tuple[dict[str, Label], list[tuple[str, str, list[str]]]]:
        latest = heard.latest_typed(session, get_settings().training_real_messages)
        roles = {i: gathering.role_of(session, i) for i in {m.person_id for m in latest}}
        said = [(m.text, roles[m.person_id], gathering.names_of(session, m.community_id)) for m in latest]
        return exporting.labels_now(session), said

    labels, said = work.step(read)
    tests = folders.test_sets()
    masked = [masking.mask(text, names) for text, _, names in said]
    for tested in (str(entry["text"]).strip() for entries in tests.values() for entry in entries):
        labels.pop(tested, None)  # what is asked must not be learned
    if not labels:
        raise Failed("标注的句子都在锁定的测试集里，不能拿来训练。")
    asked = {**tests, MESSAGES: [{"text": text, "role": role} for text, role, _ in said]}
    digest = folders.snapshot(folder, rasa_yaml.render(labels), _as_the_bot_hears(asked))

    def note(session: Session, run: Run) -> None:
        run.data_digest, run.labels = digest, len(labels)
        runs.note(session, run, done=SHARE["snapshot"])

    work.step(note)
    return masked


def _as_the_bot_hears(asked: Mapping[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """Return the messages with the danger score that comes with every message."""
    made = {}
    for name, messages in asked.items():
        scores = heard.danger_scores([m["text"] for m in messages])
        made[name] = [
            {**m, "speaker": {"danger": heard.danger_evidence(m["text"], score)}}
            for m, score in zip(messages, scores, strict=True)
        ]
    return made


def _train(work: Work, folder: Path) -> Path:
    arguments = ["--data", str(folder / "nlu_data"), "--labels", str(folder / "labels.yml"), "--out", str(folder)]
    _run_child(work, folder, get_settings().train_command, arguments, SHARE["snapshot"], SHARE["train"])
    try:
        archive = folder / Path(str(folders.read_json(folder / "result.json")["model"])).name
    except (OSError, ValueError, KeyError) as error:
        raise Failed("训练程序没有留下结果，没有完成。正在用的模型不受影响。") from error
    if not archive.is_file():
        raise Failed("训练程序没有留下模型文件，没有完成。正在用的模型不受影响。")
    return archive


def _score(work: Work, folder: Path, archive: Path, name: str) -> dict[str, Any] | None:
    """Return predictions and figures of a model, None when it cannot be loaded."""
    out = folder / f"score-{name}.json"
    messages = [str(path) for path in sorted((folder / "asked").glob("*.json"))]
    arguments = ["--model", str(archive), "--messages", *messages, "--out", str(out)]
    began = {"old": SHARE["train"], "new": SHARE["old"]}[name]
    code = _run_child(work, folder, get_settings().score_command, arguments, began, SHARE[name], (UNLOADABLE,))
    return folders.read_json(out) if code == 0 else None


def _run_child(
    work: Work,
    folder: Path,
    command: str,
    arguments: list[str],
    began: float,
    ends: float,
    expected: Container[int] = (),
) -> int:
    settings, written = get_settings(), folder / "train.log"
    started = time.monotonic()

    def wanted() -> bool:
        line = folders.last_line(written)
        return work.wanted(began + (ends - began) * _part(line, time.monotonic() - started), lambda: line)

    try:
        code = child.run(command, [*arguments, "--until-stdin-closes"], written, wanted, settings.training_timeout_s)
    except child.NotWanted as error:
        raise Lost from error
    except child.TookTooLong as error:
        minutes = settings.training_timeout_s // 60
        raise Failed(f"超过 {minutes} 分钟还没完成，已停止。正在用的模型不受影响。") from error
    if code == 0 or code in expected:
        return code
    sentence = EXIT_WORDS.get(code)
    if sentence is not None:
        raise Failed(sentence.format(folder=settings.training_dir))
    raise Failed(
        f"训练程序中途退出（代码 {code}），没有完成。正在用的模型不受影响。日志 {written} 的最后一行：{folders.last_line(written)}"
    )


USUAL_TRAINING_S = 120.0


def _part(line: str, seconds: float) -> float:
    """Return how much of a stage is done: what the program says, else a guess from the time that it usually takes."""
    if line.startswith("progress "):
        done, _, all_ = line.removeprefix("progress ").partition("/")
        if done.isdigit() and all_.isdigit() and int(all_):
            return min(1.0, int(done) / int(all_))
    return 1.0 - 1.0 / (1.0 + seconds / USUAL_TRAINING_S)


def _changes(old: dict[str, Any], new: dict[str, Any], masked: list[str]) -> list[dict[str, Any]]:
    """Return the real messages that would be understood differently, with their masked words."""
    before, after = ([p for p in scored["predictions"] if p["file"] == MESSAGES] for scored in (old, new))
    return [{**change, "text": masked[change.pop("at")]} for change in gate.changes(before, after, len(masked))]
