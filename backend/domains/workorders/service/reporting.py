"""From what a message reports to open orders, or to the one question that comes first."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from backend.domains.workorders.domain import Report
from backend.domains.workorders.intake import Draft, Item, Question
from backend.domains.workorders.models import WorkOrder
from backend.domains.workorders.service.again import Known, told_before
from backend.domains.workorders.service.drafting import drafts
from backend.domains.workorders.service.report import report
from backend.domains.workorders.service.vectors import vectors_of_reports
from backend.domains.workorders.wording import TIME_IN_NOTE
from backend.kit.auth import Principal


@dataclass(frozen=True, slots=True)
class Sent:
    """What came with the words. ``key`` names the message: the same key never opens its orders twice."""

    attachments: tuple[str, ...] = ()
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Reported:
    """Orders when everything was known, else the question; never both. ``known`` are those that were there already.

    ``answers`` are words about an order for who reported, by number.
    """

    orders: list[WorkOrder]
    question: Question | None
    known: list[Known] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)


def report_items(
    session: Session, items: Sequence[Item], who: Principal, sent: Sent, answer: str | None = None
) -> Reported:
    """Open an order for each item, or join the one that is there. With an ``answer`` (it may be empty) nothing is asked.

    Raises what ``drafts`` and ``report`` raise.
    """
    made = drafts(session, items, who, answer)
    if made.question is not None:
        return Reported([], made.question)
    reports = [_wanted(one, sent, n) for n, one in enumerate(made.drafts)]
    found = Reported([], None)
    for wanted, vector in zip(reports, vectors_of_reports(reports), strict=True):
        known = told_before(session, wanted, vector, who)
        if known is not None:
            found.known.append(known)
        else:
            order = report(session, wanted, who, vector)
            found.orders.append(order)
            if wanted.time_said:
                found.answers[order.number] = TIME_IN_NOTE
    return found


def _wanted(made: Draft, sent: Sent, number: int) -> Report:
    where = made.location
    return Report(
        category=made.category,
        urgency=made.urgency,
        scope=made.scope,
        fault=made.fault,
        community=where.community or "",
        building=where.building,
        unit=where.unit,
        floor=where.floor,
        room=where.room,
        place=where.place,
        raw=where.raw,
        asset_id=made.asset_id,
        preferred_time=made.preferred_time,
        time_said=made.time_said,
        attachments=sent.attachments,
        source_key=f"{sent.key}:{number}" if sent.key else None,
    )
