"""Trainings: start one, see how it goes, stop it; every change of its state goes through ``advance``."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from backend.domains.estate import service as estate
from backend.domains.identity import service as identity
from backend.domains.training import repository
from backend.domains.training import repository_runs as runs
from backend.domains.training.domain import ACTIVE, RUN_TITLES, TRAINING_LOCK, Event, RunState, RunView, next_state
from backend.domains.training.errors import AlreadyTraining, NoSuchRun, NothingToLearn, NotPromotable
from backend.domains.training.models import MAY, Run, RunProgress
from backend.domains.training.service import locks, views
from backend.kit import clock, live
from backend.kit.auth import Principal
from backend.kit.paging import Page, page_of
from backend.kit.scope import system_scope

LEFT = "训练进程中断了（后台任务被结束或机器重启），没有完成。正在用的模型不受影响，可以重新开始。"
STOPPED = "已由人工停止。"


def start(session: Session, who: Principal) -> RunView:
    """Queue a training. Raises NothingToLearn, AlreadyTraining (one at a time, whoever starts it)."""
    count = repository.count_labelled(session)
    if not count:
        raise NothingToLearn()
    moment = clock.now()
    run = Run(state=RunState.QUEUED, started_by=who.person_id, created_at=moment, labels=count)
    session.add(run)
    session.flush()
    locks.take(session, TRAINING_LOCK, run.id, _taken(session))
    session.add(RunProgress(run_id=run.id, at=moment, stage_at=moment, line="等后台任务接手", refusals=[], changes=[]))
    session.flush()
    tell(session, run)
    return views.runs(session, [run])[0]


def _taken(session: Session) -> AlreadyTraining:
    """Return the refusal that says who trains since when."""
    lock = runs.lock(session, TRAINING_LOCK)
    other = runs.run(session, lock.row_id) if lock is not None else None
    if other is None:
        return AlreadyTraining()
    name = identity.views(session, [other.started_by])[other.started_by].name
    return AlreadyTraining(
        f"{name}在 {clock.in_words(other.created_at)} 开始的训练还没结束，等它结束再开始。", run=other.id
    )


def search(session: Session, before_id: int | None, limit: int) -> Page[RunView]:
    """Return a page of runs, newest first."""
    page = page_of(runs.runs(session, before_id, limit + 1), limit, lambda run: run.id)
    return Page(views.runs(session, page.items), page.next)


def one(session: Session, run_id: int) -> RunView:
    """Return a run with the messages that would change. Raises NoSuchRun."""
    return views.runs(session, [get(session, run_id)], whole=True)[0]


def get(session: Session, run_id: int) -> Run:
    """Return a run. Raises NoSuchRun."""
    found = runs.run(session, run_id)
    if found is None:
        raise NoSuchRun()
    return found


def active(session: Session) -> RunView | None:
    """Return the run that is under way."""
    found = runs.active_run(session)
    return views.runs(session, [found])[0] if found is not None else None


def stop(session: Session, run_id: int) -> RunView:
    """Stop a run that is under way; its worker notices when it next renews its claim. Raises NoSuchRun."""
    run = get(session, run_id)
    if run.state in ACTIVE:
        fail(session, run, STOPPED)
    return views.runs(session, [run])[0]


def advance(session: Session, run: Run, event: Event) -> Run:
    """Move a run along its table, the one place that does. Raises NotPromotable for a move that it does not have."""
    after = next_state(RunState(run.state), event)
    if after is None:
        raise NotPromotable(f"这次训练现在是「{RUN_TITLES[run.state]}」，不能这样做。")
    run.state = after
    if after not in ACTIVE and run.ended_at is None:
        run.ended_at = clock.now()
    session.flush()
    note(session, run, stage_at=clock.now(), line="")
    return run


def fail(session: Session, run: Run, sentence: str) -> None:
    """End a run that could not be finished and give its lock back."""
    run.problem = sentence
    advance(session, run, Event.FAIL)
    runs.release(session, TRAINING_LOCK)


def note(session: Session, run: Run, **values: Any) -> None:
    """Write how far a run is and show it to those who watch."""
    runs.note_progress(session, run.id, at=clock.now(), **values)
    tell(session, run)


def tell(session: Session, run: Run) -> None:
    """Push the change to the open training pages (those who train belong to the company, so any estate will do)."""
    with system_scope(session):
        here = min((c.id for c in estate.communities(session)), default=None)
    if here is not None:
        live.publish(session, "training", {"run": run.id, "state": run.state}, community_id=here, permission=MAY)


def give_up_abandoned(session: Session) -> bool:
    """Fail the run whose worker has not been heard of for a lease. True when there was one. System work."""
    row_id = locks.overdue(session, TRAINING_LOCK)
    if row_id is None:
        return False
    run = runs.run(session, row_id)
    if run is not None and run.state in ACTIVE:
        fail(session, run, LEFT)
    else:
        runs.release(session, TRAINING_LOCK)
    return True


def ended_before(session: Session, moment: datetime) -> list[int]:
    """Return the ids of runs that ended before a moment."""
    return [r.id for r in runs.runs(session, None, 500) if r.ended_at is not None and r.ended_at < moment]
