"""What the worker does for training: find what went wrong, take up a training or a change of the model, tidy up.

A training and a switch run in threads of their own, so that notices and clocks go on; the programs they start are
processes of their own.
"""

from collections.abc import Callable
from threading import Thread

from celery import shared_task

from backend.domains.training import pipeline, switch
from backend.domains.training.service import gathering, listening, registry, runs, tidying
from backend.kit import context, db
from backend.kit.scope import system_scope

SCHEDULE: dict[str, tuple[str, float]] = {
    "list what the bot got wrong": ("training.gather", 20.0),
    "take up trainings and changes of the model": ("training.take_up", 3.0),
    "tidy up old models": ("training.tidy", 6 * 3600.0),
}


@shared_task(name="training.gather")
def gather() -> int:
    """List messages that the bot may have got wrong. Returns how many reasons were found."""
    heard_more = listen()
    with db.transaction() as session, system_scope(session):
        return gathering.gather(session, again=heard_more)


def listen() -> bool:
    """Ask the bot about messages that were answered without it; when it does not answer, next time. True: some were."""
    with db.transaction() as session, system_scope(session):
        said = listening.pending(session)
    try:
        opinions = listening.ask(said.messages) if said.messages else []
    except listening.BotUnavailable:
        return False
    with db.transaction() as session, system_scope(session):
        listening.keep(session, said, opinions)
    return bool(opinions)


@shared_task(name="training.take_up")
def take_up() -> None:
    """Give up what was abandoned, follow the model in use, begin what waits."""
    with db.transaction(read_only=True) as session, system_scope(session):
        if not registry.has_work(session):
            return
    with db.transaction() as session, system_scope(session):
        runs.give_up_abandoned(session)
        registry.give_up_abandoned(session)
        registry.look(session)
    work = pipeline.claim()
    if work is not None:
        _begin(f"training {work.run_id}", lambda: pipeline.carry_out(work))
    job = switch.claim()
    if job is not None:
        _begin(f"switch to {job.name}", lambda: switch.carry_out(job))


@shared_task(name="training.tidy")
def tidy() -> int:
    """Delete old runs and models. Returns how many models went."""
    with db.transaction() as session, system_scope(session):
        return tidying.tidy(session)


def _begin(name: str, work: Callable[[], None]) -> None:
    def in_its_own_origin() -> None:
        context.set_origin(channel="system")
        work()

    Thread(target=in_its_own_origin, name=name, daemon=True).start()
