"""A process that sweeps and dies of kill -9 in the middle of its second batch: ``python sweeper.py BATCH NOW``."""

import os
import signal
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from backend.domains.clocks.service import Reached, on_step, sweep
from backend.domains.workorders import repository_clocks
from backend.domains.workorders.domain import SUBJECT
from backend.domains.workorders.service.clock_steps import tell_steps
from backend.kit import clock
from backend.wiring import load_tables

batches = 0


def tell_and_die(session: Session, reached: Sequence[Reached]) -> Mapping[str, Sequence[int]]:
    """Tell as the product does; after the second batch is told, and before it is committed, die."""
    global batches
    told = tell_steps(session, reached)
    session.flush()
    batches += 1
    if batches == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return told


load_tables()
on_step(SUBJECT, tell_and_die, repository_clocks.lock)
with clock.use_clock(lambda: datetime.fromisoformat(sys.argv[2])):
    sweep(batch=int(sys.argv[1]))
