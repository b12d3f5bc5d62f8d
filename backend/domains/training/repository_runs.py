"""SQL statements about runs, models and the two locks."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from backend.domains.training.domain import ACTIVE, ModelState, RunState
from backend.domains.training.models import Run, RunProgress, TrainedModel, WorkLock


def run(session: Session, run_id: int) -> Run | None:
    """Return a run as it is now."""
    query = select(Run).where(Run.id == run_id)
    return session.scalars(query, execution_options={"populate_existing": True}).first()


def runs(session: Session, before_id: int | None, limit: int) -> Sequence[Run]:
    """Return runs, newest first."""
    query = select(Run).order_by(Run.id.desc()).limit(limit)
    return session.scalars(query if before_id is None else query.where(Run.id < before_id)).all()


def active_run(session: Session) -> Run | None:
    """Return the run that is under way."""
    return session.scalars(select(Run).where(Run.state.in_(ACTIVE)).order_by(Run.id).limit(1)).first()


def queued_run(session: Session) -> Run | None:
    """Return the run that waits for a worker."""
    return session.scalars(select(Run).where(Run.state == RunState.QUEUED).order_by(Run.id).limit(1)).first()


def promoted_runs(session: Session) -> Sequence[Run]:
    """Return the runs whose model is thought to be in use."""
    return session.scalars(select(Run).where(Run.state == RunState.PROMOTED)).all()


def run_of_model(session: Session, name: str) -> Run | None:
    """Return the latest run that made this model and may be promoted or has been."""
    kept = (RunState.READY, RunState.PROMOTED, RunState.SUPERSEDED)
    query = select(Run).where(Run.model == name, Run.state.in_(kept)).order_by(Run.id.desc()).limit(1)
    return session.scalars(query).first()


def progress(session: Session, run_ids: Sequence[int]) -> dict[int, RunProgress]:
    """Return how far the runs are."""
    query = select(RunProgress).where(RunProgress.run_id.in_(run_ids))
    return {row.run_id: row for row in session.scalars(query, execution_options={"populate_existing": True})}


def note_progress(session: Session, run_id: int, **values: Any) -> None:
    """Write how far a run is."""
    session.execute(
        update(RunProgress)
        .where(RunProgress.run_id == run_id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )


def model(session: Session, model_id: int) -> TrainedModel | None:
    """Return a model by id."""
    return session.scalar(select(TrainedModel).where(TrainedModel.id == model_id))


def model_named(session: Session, name: str) -> TrainedModel | None:
    """Return a model by name."""
    return session.scalar(select(TrainedModel).where(TrainedModel.name == name))


def models(session: Session, limit: int = 100) -> Sequence[TrainedModel]:
    """Return the models, the newest first."""
    return session.scalars(select(TrainedModel).order_by(TrainedModel.id.desc()).limit(limit)).all()


def model_in_use(session: Session) -> TrainedModel | None:
    """Return the model that answers people."""
    return session.scalars(select(TrainedModel).where(TrainedModel.state == ModelState.IN_USE).limit(1)).first()


def wanted_model(session: Session) -> TrainedModel | None:
    """Return the model that somebody wants to use and that nobody has switched to yet."""
    return session.scalars(select(TrainedModel).where(TrainedModel.wanted_by.is_not(None)).limit(1)).first()


def lock(session: Session, name: str) -> WorkLock | None:
    """Return who holds a lock, as it is now."""
    query = select(WorkLock).where(WorkLock.name == name)
    return session.scalars(query, execution_options={"populate_existing": True}).first()


def locks(session: Session) -> Sequence[WorkLock]:
    """Return the locks that somebody holds."""
    return session.scalars(select(WorkLock)).all()


def renew(session: Session, name: str, holder: str, until: datetime) -> bool:
    """Hold a lock longer; False when it is not the holder's any more."""
    done = session.execute(
        update(WorkLock)
        .where(WorkLock.name == name, WorkLock.holder == holder)
        .values(until=until)
        .execution_options(synchronize_session=False)
    )
    return bool(done.rowcount == 1)  # type: ignore[attr-defined]


def claim(session: Session, name: str, held_by: str, holder: str, until: datetime) -> bool:
    """Take a lock over from a known holder; False when somebody else was faster."""
    done = session.execute(
        update(WorkLock)
        .where(WorkLock.name == name, WorkLock.holder == held_by)
        .values(holder=holder, until=until)
        .execution_options(synchronize_session=False)
    )
    return bool(done.rowcount == 1)  # type: ignore[attr-defined]


def release(session: Session, name: str, holder: str | None = None) -> None:
    """Give a lock back; with a holder only if it is theirs."""
    statement = delete(WorkLock).where(WorkLock.name == name)
    if holder is not None:
        statement = statement.where(WorkLock.holder == holder)
    session.execute(statement.execution_options(synchronize_session=False))
