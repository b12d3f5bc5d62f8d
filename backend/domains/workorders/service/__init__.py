"""Use cases of work orders, one module each; other domains import from here."""

from backend.domains.workorders.domain import (
    CATEGORIES,
    OPEN,
    SCOPES,
    SOURCES,
    STATUS_TITLES,
    STATUS_TONES,
    URGENCIES,
    Edit,
    OrderView,
    Report,
    Status,
    Step,
)
from backend.domains.workorders.intake import Draft, Item, Question
from backend.domains.workorders.repository import Filter
from backend.domains.workorders.service.again import Known, report_separately
from backend.domains.workorders.service.amending import Amended, amend
from backend.domains.workorders.service.bulk import change, undo
from backend.domains.workorders.service.drafting import Drafted, drafts, estate_of
from backend.domains.workorders.service.editing import edit
from backend.domains.workorders.service.export import sheet
from backend.domains.workorders.service.listing import board, page, total
from backend.domains.workorders.service.moves import get, move, move_back_to_technician
from backend.domains.workorders.service.notes import add_note, rate
from backend.domains.workorders.service.overview import calendar, loads, map_of
from backend.domains.workorders.service.queries import (
    OrderWithHistory,
    count,
    holds_picture,
    ids_numbered,
    late,
    load_by_technician,
    mine_open,
    movable,
    numbers,
    one,
    open_reported_by,
    search,
    shown,
)
from backend.domains.workorders.service.report import report
from backend.domains.workorders.service.reporting import Reported, Sent, report_items
from backend.domains.workorders.service.saved import forget, save, saved
from backend.domains.workorders.service.similar import Beside, say_different, similar
from backend.domains.workorders.service.views import card_for
from backend.domains.workorders.wording import tap

OPEN_STATUSES: tuple[str, ...] = tuple(OPEN)

__all__ = [
    "CATEGORIES",
    "OPEN_STATUSES",
    "SCOPES",
    "SOURCES",
    "STATUS_TITLES",
    "STATUS_TONES",
    "URGENCIES",
    "Amended",
    "Beside",
    "Draft",
    "Drafted",
    "Edit",
    "Filter",
    "Item",
    "Known",
    "OrderView",
    "OrderWithHistory",
    "Question",
    "Report",
    "Reported",
    "Sent",
    "Status",
    "Step",
    "add_note",
    "amend",
    "board",
    "calendar",
    "card_for",
    "change",
    "count",
    "drafts",
    "edit",
    "estate_of",
    "forget",
    "get",
    "holds_picture",
    "ids_numbered",
    "late",
    "load_by_technician",
    "loads",
    "map_of",
    "mine_open",
    "movable",
    "move",
    "move_back_to_technician",
    "numbers",
    "one",
    "open_reported_by",
    "page",
    "rate",
    "report",
    "report_items",
    "report_separately",
    "save",
    "saved",
    "say_different",
    "search",
    "sheet",
    "shown",
    "similar",
    "tap",
    "total",
    "undo",
]
