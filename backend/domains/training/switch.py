"""Let the bot answer with another model, without a moment in which none answers.

The file is tried in a process of its own first. Then everything that needs space is written, then the bot is asked to load
it (it answers with the old one until the new one is there), and only then the names in var/models change, by renaming.
A failure at any step leaves the old model in use and says so in words.
"""

import json
import logging
import os
import tempfile
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from backend.domains.conversations.service import bot_models
from backend.domains.conversations.service.bot_models import BotUnavailable, ModelRefused
from backend.domains.training import child, folders
from backend.domains.training import repository_runs as repository
from backend.domains.training.domain import SWITCH_LOCK
from backend.domains.training.service import locks, registry
from backend.kit import db
from backend.kit.scope import system_scope
from backend.settings import get_settings

log = logging.getLogger("guanjia.training")

TRIAL = ("你好", "我家楼下的灯坏了", "电梯里有人被困住了")
TRIAL_TIMEOUT_S = 180.0
GOES_ON = "没有切换，原来的模型仍在使用。"


class NotSwitched(Exception):
    """The model was not taken; the text is for people. The old one answers."""


@dataclass(frozen=True, slots=True)
class Job:
    """A model that somebody wants to use, and this worker's claim on the switch."""

    model_id: int
    name: str
    run_id: int | None
    labels: str | None
    holder: str


def claim() -> Job | None:
    """Take up the switch that waits; None when there is none or another worker was faster."""
    holder = f"{os.getpid()}:{uuid.uuid4().hex}"
    with db.transaction() as session, system_scope(session):
        model_id = locks.claim(session, SWITCH_LOCK, holder)
        model = repository.model(session, model_id) if model_id is not None else None
        if model is None or model.wanted_by is None:
            return None
        return Job(model.id, model.name, model.run_id, model.labels, holder)


def carry_out(job: Job) -> None:
    """Switch, or note why not."""
    sentence = None
    try:
        _switch(job)
    except NotSwitched as refusal:
        sentence = str(refusal)
    except OSError as error:
        log.exception("model %s could not be put in place", job.name)
        sentence = folders.words_for(error)
    except Exception as error:
        log.exception("model %s could not be used", job.name)
        sentence = f"切换时出错（{type(error).__name__}），{GOES_ON}"
    with db.transaction() as session, system_scope(session):
        model = repository.model(session, job.model_id)
        if model is None or not locks.renew(session, SWITCH_LOCK, job.holder):
            return  # given up meanwhile; ``registry.look`` follows what the files say
        if sentence is None:
            registry.is_used(session, model)
        else:
            registry.refused(session, model, sentence)


def _switch(job: Job) -> None:
    source = _source(job)
    base = _try(job, source)
    models = get_settings().models_dir
    models.mkdir(parents=True, exist_ok=True)
    archive = registry.archive(job.name)
    if source != archive:
        folders.write_whole(archive, source.read_bytes())
    labels = _put_labels(job, models)
    chosen = {"model": archive.name, "base": base, "labels": labels}
    _use(models, archive, {"current": f"{archive.name}\n", "promoted.json": json.dumps(chosen)})


def _use(models: Path, archive: Path, names: Mapping[str, str]) -> None:
    """Have the bot load the model, and write the names that a restart reads: all of it or nothing."""
    before = {name: (models / name).read_bytes() for name in names if (models / name).is_file()}
    previous = registry.current_name()
    drafts = {name: models / f".{name}.next" for name in names}
    try:
        for name, draft in drafts.items():
            draft.write_text(names[name], encoding="utf-8")
        _load(archive)
        try:
            for name, draft in drafts.items():
                draft.replace(models / name)
        except OSError:
            for name, content in before.items():
                folders.write_whole(models / name, content)
            if previous is not None:
                _load(registry.archive(previous))
            raise
    finally:
        for draft in drafts.values():
            if draft.is_file():
                draft.unlink()


def _source(job: Job) -> Path:
    """Return the file of the model: in var/models when it has been used, else where its run has left it."""
    places = [registry.archive(job.name)]
    if job.run_id is not None:
        places.append(folders.of_run(job.run_id) / f"{job.name}{registry.ENDING}")
    found = next((path for path in places if path.is_file()), None)
    if found is None:
        raise NotSwitched(f"模型文件不在了，{GOES_ON}")
    return found


def _try(job: Job, source: Path) -> str:
    """Load the model in a process of its own and let it understand a few words; return the hash of the project's data."""
    with tempfile.TemporaryDirectory(prefix="guanjia-trial-") as name:
        folder = Path(name)
        words, out = folder / "trial.json", folder / "out.json"
        words.write_text(json.dumps([{"text": text} for text in TRIAL], ensure_ascii=False), encoding="utf-8")
        arguments = ["--model", str(source), "--messages", str(words), "--out", str(out), "--until-stdin-closes"]
        code = child.run(
            get_settings().score_command, arguments, folder / "log", lambda: _still_ours(job), TRIAL_TIMEOUT_S
        )
        if code != 0:
            log.warning("trial of %s ended with %s: %s", job.name, code, folders.last_line(folder / "log"))
            raise NotSwitched(f"模型文件打不开，可能已经损坏，{GOES_ON}")
        result = folders.read_json(out)
    if not all(p.get("intent") for p in result["predictions"]):
        raise NotSwitched(f"模型试用时听不懂最普通的话，{GOES_ON}")
    return str(result["base"])


def _still_ours(job: Job) -> bool:
    with db.transaction() as session:
        return locks.renew(session, SWITCH_LOCK, job.holder)


def _put_labels(job: Job, models: Path) -> str | None:
    """Keep the labels beside the models, for the day on which new training data want a fresh model."""
    if job.labels is None:
        return None
    kept = models / job.labels
    if not kept.is_file() and job.run_id is not None:
        folders.write_whole(kept, (folders.of_run(job.run_id) / "labels.yml").read_bytes())
    return job.labels if kept.is_file() else None


def _load(archive: Path) -> None:
    try:
        bot_models.use(archive)
        found = bot_models.in_use()
    except ModelRefused as error:
        raise NotSwitched(f"管家没能载入这个模型，{GOES_ON}") from error
    except BotUnavailable as error:
        raise NotSwitched(f"管家暂时没有应答，{GOES_ON}") from error
    if found != archive.name.removesuffix(registry.ENDING):
        raise NotSwitched(f"管家没能载入这个模型，{GOES_ON}")
