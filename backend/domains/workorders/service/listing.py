"""The lists of the desk: pages in any order, totals that stop in time, the board, and cards for all of them."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from backend.domains.estate import service as estate
from backend.domains.identity import service as identity
from backend.domains.workorders import repository_lists
from backend.domains.workorders.domain import (
    CATEGORIES,
    ENDED,
    STATUS_TITLES,
    STATUS_TONES,
    URGENCIES,
    OrderView,
    PersonRef,
    Status,
)
from backend.domains.workorders.domain_lists import EXPECTED, FLOW, BoardColumn, Card
from backend.domains.workorders.models import WorkOrder
from backend.domains.workorders.repository import Filter
from backend.domains.workorders.repository_lists import SORTS
from backend.domains.workorders.service.queries import search, with_people
from backend.domains.workorders.service.views import views
from backend.kit import clock
from backend.kit.auth import Principal
from backend.kit.fields import LARGEST_ID
from backend.kit.paging import Page, decode_int
from backend.kit.problems import InvalidInput

EACH = 20
"""Cards of a state of the board."""


def page(
    session: Session, filter_: Filter, sort: str, who: Principal, cursor: str | None, limit: int
) -> Page[OrderView]:
    """Return a page of orders in one of the orders of ``SORTS``. Raises InvalidInput for a cursor of another."""
    if sort == "newest":
        return search(session, filter_, who, decode_int(cursor), limit)
    wanted = SORTS[sort]
    after = _read_place(cursor, wanted)
    rows = repository_lists.page(session, with_people(session, filter_), wanted, after, limit + 1)
    items = list(rows[:limit])
    following = _write_place(repository_lists.place_of(items[-1], wanted)) if len(rows) > limit else None
    return Page(views(session, items, who), following)


def total(session: Session, filter_: Filter) -> tuple[int, bool]:
    """Return how many orders a filter finds, and whether there are more than that."""
    n, whole = repository_lists.count_up_to(session, with_people(session, filter_))
    return n, not whole


def board(session: Session, filter_: Filter, ended: bool) -> list[BoardColumn]:
    """Return the states in the order of the work, each with its count and first cards; with ``ended`` also those."""
    filter_ = with_people(session, filter_)
    wanted = [s for s in FLOW if not filter_.statuses or s in filter_.statuses]
    running = [s for s in wanted if s not in ENDED]
    counts, ids = _running(session, filter_, running)
    more: set[str] = set()
    over = [s for s in wanted if s in ENDED and ended]
    for status in over:
        counts[status], whole = repository_lists.count_up_to(session, replace(filter_, statuses=(status,)))
        more |= set() if whole else {status}
    ids += repository_lists.first_ids(session, filter_, [s for s in over if counts[s]], EACH)
    made = cards(session, repository_lists.cards(session, ids))
    shown = [*running, *(s for s in over if counts[s])]
    return [
        _column(status, counts.get(status, 0), status in more, [c for c in made if c.status == status])
        for status in shown
    ]


def _column(status: Status, count: int, more: bool, items: list[Card]) -> BoardColumn:
    if status in ENDED:
        items = sorted(items, key=lambda c: c.updated_at, reverse=True)
    return BoardColumn(status, STATUS_TITLES[status], STATUS_TONES[status], count, more, items)


def _running(session: Session, filter_: Filter, statuses: Sequence[Status]) -> tuple[dict[str, int], list[int]]:
    """Return how many orders are in each open state, and the first of each.

    What is narrowed down to a few is looked for once and sorted here. For all others there is an index for each state.
    """
    if not statuses:
        return {}, []
    if not filter_.q and not filter_.buildings:
        counts = repository_lists.open_counts(session, filter_, statuses)
        return counts, repository_lists.first_ids(session, filter_, [s for s in statuses if counts.get(s)], EACH)
    counts, ids = {}, []
    for row in repository_lists.open_places(session, filter_, statuses):
        counts[row.status] = counts.get(row.status, 0) + 1
        if counts[row.status] <= EACH:
            ids.append(row.id)
    return counts, ids


def cards(session: Session, rows: Sequence[Any]) -> list[Card]:
    """Return the cards of rows of ``CARD``, in their order."""
    codes = {c.id: c.code for c in estate.communities(session)}
    names = identity.names(session, sorted({r.technician_id for r in rows if r.technician_id is not None}))
    moment = clock.now()
    return [_card(row, codes[row.community_id], names.get(row.technician_id), moment) for row in rows]


def _card(row: Any, community: str, technician: str | None, moment: datetime) -> Card:
    status = Status(row.status)
    where = estate.Location(community, row.building, row.unit, row.floor, row.room, row.place, row.raw)
    return Card(
        number=row.number,
        community=community,
        status=status,
        status_title=STATUS_TITLES[status],
        status_tone=STATUS_TONES[status],
        category=row.category,
        category_title=CATEGORIES[row.category],
        urgency=row.urgency,
        urgency_title=URGENCIES[row.urgency],
        place_text=estate.in_words(where),
        fault=row.fault,
        technician=PersonRef(row.technician_id, technician) if technician else None,
        preferred_time=row.preferred_time,
        promised_at=row.promised_at,
        late=status in EXPECTED and row.promised_at is not None and row.promised_at < moment,
        confirmation=row.confirmation,
        created_at=row.created_at,
        updated_at=row.updated_at,
        version=row.version,
    )


def _write_place(values: Sequence[Any]) -> str:
    plain = [v.isoformat() if isinstance(v, datetime) else v for v in values]
    return base64.urlsafe_b64encode(json.dumps(plain, separators=(",", ":")).encode()).decode().rstrip("=")


def _read_place(cursor: str | None, sort: repository_lists.Sort) -> list[Any] | None:
    if cursor is None:
        return None
    try:
        plain = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(plain, list):
            raise ValueError(plain)
        return [_value(column, value) for column, value in zip(sort.columns, plain, strict=True)]
    except (ValueError, TypeError, binascii.Error) as error:
        raise InvalidInput(errors=[{"field": "cursor", "message": "页码标记无效"}]) from error


def _value(column: repository_lists.Column, value: Any) -> Any:
    """Return a value of a cursor as its column holds it."""
    if column.type.python_type is int:
        if type(value) is not int or not 0 <= value <= LARGEST_ID:
            raise ValueError(value)
        return value
    if value is None and column is WorkOrder.promised_at:
        return None
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError(value)
    return moment
