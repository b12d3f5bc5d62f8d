"""The list as a spreadsheet: written row by row, phones masked, and no cell that a spreadsheet would take for a formula."""

import re
import tempfile
from collections.abc import Iterator
from datetime import datetime
from threading import BoundedSemaphore
from typing import IO, Any

from openpyxl import Workbook
from sqlalchemy.orm import Session

from backend.domains.estate import service as estate
from backend.domains.identity import service as identity
from backend.domains.workorders import repository_lists
from backend.domains.workorders.domain import CATEGORIES, SCOPES, SOURCES, STATUS_TITLES, URGENCIES, Status
from backend.domains.workorders.models import WorkOrder
from backend.domains.workorders.repository import Filter
from backend.domains.workorders.repository_lists import CARD, SORTS, Column
from backend.domains.workorders.service.queries import with_people
from backend.kit import clock
from backend.kit.xml_text import xml_safe

AT_MOST = 50_000
BATCH = 2_000
AT_ONCE = 2
"""A sheet of 50,000 rows keeps a processor busy for seconds."""
LONGEST_CELL = 32_000
HEADINGS: tuple[tuple[str, int], ...] = (
    *(
        ("编号", 18),
        ("状态", 10),
        ("小区", 12),
        ("地点", 26),
        ("内容", 44),
        ("类别", 10),
        ("紧急程度", 10),
        ("范围", 10),
    ),
    *(("报修人", 10), ("电话", 14), ("师傅", 10), ("来源", 10), ("报修时间", 18), ("希望时间", 18), ("答应时间", 18)),
    *(("最后变动", 18), ("评分", 6), ("评语", 24), ("并入", 18)),
)
_COLUMNS: tuple[Column, ...] = (
    *CARD, WorkOrder.urgency_rank, WorkOrder.scope, WorkOrder.source, WorkOrder.reporter_id, WorkOrder.rating_stars,
    WorkOrder.rating_words, WorkOrder.merged_into,
)  # fmt: skip
_FORMULA = re.compile(r"^[\s\u200b\ufeff]*[=+\-@＝＋－＠|%]")
_writing = BoundedSemaphore(AT_ONCE)


def sheet(session: Session, filter_: Filter, sort: str) -> IO[bytes]:
    """Return a file with the orders of a filter, up to ``AT_MOST``, at its beginning."""
    with _writing:
        book = Workbook(write_only=True)
        page = book.create_sheet("工单")
        page.freeze_panes = "B2"
        for number, (_, width) in enumerate(HEADINGS):
            page.column_dimensions[chr(ord("A") + number)].width = width
        page.append([title for title, _ in HEADINGS])
        for written, line in enumerate(_lines(session, with_people(session, filter_), sort)):
            if written == AT_MOST:
                page.append([f"只导出了前 {AT_MOST} 张，请缩小条件再导出其余的。"])
                break
            page.append([_cell(value) for value in line])
        file = tempfile.TemporaryFile()  # noqa: SIM115 (the answer reads it to its end and closes it)
        book.save(file)
        file.seek(0)
        return file


def _lines(session: Session, filter_: Filter, sort: str) -> Iterator[list[Any]]:
    wanted = SORTS[sort]
    communities = {c.id: c for c in estate.communities(session)}
    after: list[Any] | None = None
    while rows := repository_lists.rows(session, filter_, wanted, after, BATCH, _COLUMNS):
        after = repository_lists.place_of(rows[-1], wanted)
        ids = sorted({i for r in rows for i in (r.reporter_id, r.technician_id) if i is not None})
        people = identity.contacts(session, ids)
        yield from (_line(row, communities[row.community_id], people) for row in rows)


def _line(row: Any, community: estate.CommunityView, people: dict[int, identity.Contact]) -> list[Any]:
    reporter, technician = people.get(row.reporter_id), people.get(row.technician_id)
    name, phone = (reporter.name, identity.mask_phone(reporter.phone)) if reporter else (None, None)
    where = estate.Location(community.code, row.building, row.unit, row.floor, row.room, row.place, row.raw)
    return [
        *(row.number, STATUS_TITLES[Status(row.status)], community.name, estate.in_words(where), row.fault),
        *(CATEGORIES[row.category], URGENCIES[row.urgency], SCOPES[row.scope], name, phone),
        technician.name if technician else None,
        *(SOURCES[row.source], row.created_at, row.preferred_time, row.promised_at, row.updated_at),
        *(row.rating_stars, row.rating_words, row.merged_into),
    ]


def _cell(value: Any) -> Any:
    """Return what a cell holds: moments in the estate's zone, texts that stay texts."""
    if isinstance(value, datetime):
        return clock.local(value).replace(tzinfo=None, microsecond=0)
    if not isinstance(value, str):
        return value
    text = xml_safe(value)[:LONGEST_CELL]
    return f"'{text}" if _FORMULA.match(text) else text
