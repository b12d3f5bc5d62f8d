"""Models: which are kept, which one is in use, who chose it; ``var/models/current`` has the last word."""

import json
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from backend.domains.training import folders
from backend.domains.training import repository_runs as repository
from backend.domains.training.domain import RUN_TITLES, SWITCH_LOCK, Event, ModelState, ModelView, RunState
from backend.domains.training.errors import AlreadySwitching, ModelGone, NoSuchModel, NotPromotable
from backend.domains.training.models import Run, TrainedModel
from backend.domains.training.service import locks, runs, views
from backend.kit import clock
from backend.kit.auth import Principal
from backend.settings import get_settings

ENDING = ".tar.gz"
LEFT = "切换模型时后台任务中断了。请看「使用中」是哪一个，需要的话再点一次。"


def archive(name: str) -> Path:
    """Return the file of a model."""
    return get_settings().models_dir / f"{name}{ENDING}"


def current_name() -> str | None:
    """Return the name of the model that the bot loads at its start, None when there is none."""
    try:
        said = (get_settings().models_dir / "current").read_text(encoding="utf-8").strip()
    except OSError:
        return None
    return said.removesuffix(ENDING) or None


def note_of(name: str) -> dict[str, Any]:
    """Return what the training wrote beside a model: ``base`` and ``labels``; empty when there is nothing."""
    try:
        said = json.loads((get_settings().models_dir / f"{name}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}


def all_models(session: Session) -> list[ModelView]:
    """Return the models, the newest first."""
    return views.models(session, repository.models(session))


def promote(session: Session, run_id: int, who: Principal) -> ModelView:
    """Ask for the model of a run to be used. Raises NoSuchRun, NotPromotable, AlreadySwitching."""
    run = runs.get(session, run_id)
    if run.state != RunState.READY:
        raise NotPromotable(f"这次训练现在是「{RUN_TITLES[run.state]}」，不能启用。")
    current = repository.model_in_use(session)
    if run.compared_with != (current.name if current is not None else None):
        raise NotPromotable("评分以后，正在用的模型已经换过，比较结果不再算数。请重新训练一次。")
    model = repository.model_named(session, run.model or "")
    if model is None:
        raise NoSuchModel()
    return _want(session, model, who)


def use(session: Session, model_id: int, who: Principal) -> ModelView:
    """Ask for a model that was in use before. Raises NoSuchModel, ModelGone, NotPromotable, AlreadySwitching."""
    model = repository.model(session, model_id)
    if model is None:
        raise NoSuchModel()
    if model.state == ModelState.GONE:
        raise ModelGone()
    if model.state == ModelState.IN_USE:
        return views.models(session, [model])[0]
    if model.used_since is None:
        raise NotPromotable("这个模型还没有启用过，请在「训练记录」里看过评分再启用。")
    return _want(session, model, who)


def _want(session: Session, model: TrainedModel, who: Principal) -> ModelView:
    locks.take(session, SWITCH_LOCK, model.id, AlreadySwitching())
    model.wanted_by, model.problem = who.person_id, None
    session.flush()
    return views.models(session, [model])[0]


def refused(session: Session, model: TrainedModel, sentence: str) -> None:
    """Note why a model is not used; the one in use goes on. System work."""
    model.wanted_by, model.problem = None, sentence
    repository.release(session, SWITCH_LOCK)
    session.flush()
    tell(session)


def is_used(session: Session, model: TrainedModel) -> None:
    """Note that a model answers people from now on. System work."""
    by = model.wanted_by
    _mark(session, model)
    model.used_by, model.wanted_by, model.problem = by, None, None
    repository.release(session, SWITCH_LOCK)
    session.flush()
    tell(session)


def _mark(session: Session, model: TrainedModel) -> None:
    for other in repository.models(session, 1000):
        if other.state == ModelState.IN_USE and other.id != model.id:
            other.state = ModelState.KEPT
    model.state, model.used_since, model.used_by, model.problem = ModelState.IN_USE, clock.now(), None, None
    mine = repository.run_of_model(session, model.name)
    for run in repository.promoted_runs(session):
        if mine is None or run.id != mine.id:
            runs.advance(session, run, Event.SUPERSEDE)
    if mine is not None and mine.state != RunState.PROMOTED:
        runs.advance(session, mine, Event.PROMOTE)
    session.flush()


def tell(session: Session) -> None:
    """Show the training pages that the models have changed."""
    newest = repository.runs(session, None, 1)
    for run in newest:
        runs.tell(session, run)


def has_work(session: Session) -> bool:
    """Tell whether a training or a switch waits or goes on, or ``current`` names another model than the known one."""
    known = repository.model_in_use(session)
    name = current_name()
    return bool(repository.locks(session)) or (name is not None and (known is None or known.name != name))


def look(session: Session) -> None:
    """Follow ``current``: a model that set-up has trained becomes known, and the one it names is in use. System work."""
    name = current_name()
    known = repository.model_in_use(session)
    if name is None or (known is not None and known.name == name) or repository.lock(session, SWITCH_LOCK) is not None:
        return
    model = repository.model_named(session, name)
    if model is None:
        model = register(session, name, None)
    _mark(session, model)


def register(session: Session, name: str, run: Run | None, figures: dict[str, Any] | None = None) -> TrainedModel:
    """Make a model known; one that is known already gets the new figures."""
    model = repository.model_named(session, name)
    if model is None:
        model = TrainedModel(name=name, state=ModelState.KEPT, created_at=clock.now())
        session.add(model)
    if model.state == ModelState.GONE:
        model.state = ModelState.KEPT
    if run is not None:
        model.run_id, model.created_by, model.data_digest = run.id, run.started_by, run.data_digest
        model.labels = f"labels-{run.data_digest}.yml"
    if model.labels is None:
        model.labels = note_of(name).get("labels")
    if figures is not None:
        model.figures = figures
    session.flush()
    return model


def give_up_abandoned(session: Session) -> bool:
    """Give up a switch whose worker has not been heard of for a lease. True when there was one. System work."""
    row_id = locks.overdue(session, SWITCH_LOCK)
    if row_id is None:
        return False
    model = repository.model(session, row_id)
    if model is not None and model.wanted_by is not None:
        refused(session, model, LEFT)
    else:
        repository.release(session, SWITCH_LOCK)
    return True


def has_file(model: TrainedModel) -> bool:
    """Tell whether the file of a model is still there, in var/models or where its run has left it."""
    run_file = folders.of_run(model.run_id) / f"{model.name}{ENDING}" if model.run_id is not None else None
    return archive(model.name).is_file() or (run_file is not None and run_file.is_file())
