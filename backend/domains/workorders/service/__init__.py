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
from backend.domains.workorders.repository import Filter, next_number
from backend.domains.workorders.service import clock_steps, costs, materials, quotes
from backend.domains.workorders.service.acceptance import sweep
from backend.domains.workorders.service.again import Known, report_separately
from backend.domains.workorders.service.amending import Amended, amend
from backend.domains.workorders.service.arriving import arrive
from backend.domains.workorders.service.bulk import change, undo
from backend.domains.workorders.service.candidates import candidates
from backend.domains.workorders.service.clocks import clocks_of, promise_of
from backend.domains.workorders.service.drafting import Drafted, drafts, estate_of
from backend.domains.workorders.service.editing import edit
from backend.domains.workorders.service.export import sheet
from backend.domains.workorders.service.incident_views import IncidentView, count_open_incidents
from backend.domains.workorders.service.judging import EstateTerms, around, estate_terms, judging, set_estate_terms
from backend.domains.workorders.service.listing import board, page, total
from backend.domains.workorders.service.moves import get, move, move_back_to_technician
from backend.domains.workorders.service.notes import add_note, rate
from backend.domains.workorders.service.origin import said_in
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
from backend.domains.workorders.service.ratings import Given, history
from backend.domains.workorders.service.report import report
from backend.domains.workorders.service.reporting import Reported, Sent, report_items
from backend.domains.workorders.service.saved import forget, save, saved
from backend.domains.workorders.service.scanned import Scanned, report_scanned, scanned_before
from backend.domains.workorders.service.similar import Beside, say_different, similar
from backend.domains.workorders.service.views import card_for
from backend.domains.workorders.service.warranty import why_anew
from backend.domains.workorders.service.work import (
    checklists,
    colleagues,
    finished,
    mates,
    photos,
    showing,
    signing,
    suspending,
    transfers,
)
from backend.domains.workorders.service.work.checklists import told_back
from backend.domains.workorders.suspension import pauses_clocks
from backend.domains.workorders.terms import AcceptanceTerms
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
    "AcceptanceTerms",
    "Amended",
    "Beside",
    "Draft",
    "Drafted",
    "Edit",
    "EstateTerms",
    "Filter",
    "Given",
    "IncidentView",
    "Item",
    "Known",
    "OrderView",
    "OrderWithHistory",
    "Question",
    "Report",
    "Reported",
    "Scanned",
    "Sent",
    "Status",
    "Step",
    "add_note",
    "amend",
    "around",
    "arrive",
    "board",
    "calendar",
    "candidates",
    "card_for",
    "change",
    "checklists",
    "clock_steps",
    "clocks_of",
    "colleagues",
    "costs",
    "count",
    "count_open_incidents",
    "drafts",
    "edit",
    "estate_of",
    "estate_terms",
    "finished",
    "forget",
    "get",
    "history",
    "holds_picture",
    "ids_numbered",
    "judging",
    "late",
    "load_by_technician",
    "loads",
    "map_of",
    "materials",
    "mates",
    "mine_open",
    "movable",
    "move",
    "move_back_to_technician",
    "next_number",
    "numbers",
    "one",
    "open_reported_by",
    "page",
    "pauses_clocks",
    "photos",
    "promise_of",
    "quotes",
    "rate",
    "report",
    "report_items",
    "report_scanned",
    "report_separately",
    "said_in",
    "save",
    "saved",
    "say_different",
    "scanned_before",
    "search",
    "set_estate_terms",
    "sheet",
    "showing",
    "shown",
    "signing",
    "similar",
    "suspending",
    "sweep",
    "tap",
    "told_back",
    "total",
    "transfers",
    "undo",
    "why_anew",
]
