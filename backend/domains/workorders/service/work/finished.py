"""What a technician has finished lately: to look at again, not to undo."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from backend.domains.workorders import repository_work
from backend.domains.workorders.domain import OrderView
from backend.domains.workorders.service.views import views
from backend.kit import clock
from backend.kit.auth import Principal

DAYS = 2
"""Today and yesterday: what was finished before midnight is still of this evening's work."""
SHOWN = 100


@dataclass(frozen=True, slots=True)
class Finished:
    """An order that is done, and since when."""

    order: OrderView
    finished_at: datetime


def finished(session: Session, who: Principal) -> list[Finished]:
    """Return the orders of ``who`` that were finished today or yesterday and not opened again, newest first."""
    since = clock.day_of(clock.local_day(clock.now()) - timedelta(days=DAYS - 1))[0]
    rows = repository_work.finished(session, who.person_id, since, SHOWN)
    shown = views(session, [order for order, _ in rows], who)
    return [Finished(view, at) for view, (_, at) in zip(shown, rows, strict=True)]
