"""Use cases of complaints; other domains import from here."""

from sqlalchemy.orm import Session

from backend.domains.complaints import repository
from backend.domains.complaints.domain import (
    KINDS,
    LEVEL_TITLES,
    OPEN,
    STATUS_TITLES,
    STATUS_TONES,
    ComplaintView,
    Filed,
    NewComplaint,
    Status,
    Terms,
)
from backend.domains.complaints.models import EstateComplaintTerms
from backend.domains.complaints.repository import Filter
from backend.domains.complaints.service.filing import file
from backend.domains.complaints.service.moves import add, answer, move
from backend.domains.complaints.service.reading import WithHistory, count, one, search, shown
from backend.domains.complaints.service.record import terms_of
from backend.domains.complaints.service.sweeping import sweep

OPEN_STATUSES: tuple[str, ...] = tuple(sorted(OPEN))

__all__ = [
    "KINDS",
    "LEVEL_TITLES",
    "OPEN_STATUSES",
    "STATUS_TITLES",
    "STATUS_TONES",
    "ComplaintView",
    "Filed",
    "Filter",
    "NewComplaint",
    "Status",
    "Terms",
    "WithHistory",
    "add",
    "answer",
    "count",
    "file",
    "move",
    "one",
    "search",
    "set_terms",
    "shown",
    "sweep",
    "terms_of",
]


def set_terms(session: Session, community_id: int, wanted: Terms) -> Terms:
    """Give an estate deadlines of its own, for what is filed or answered from now on."""
    own = repository.terms(session, community_id) or EstateComplaintTerms(community_id=community_id)
    own.reply_h, own.answer_d, own.close_d = wanted.reply_h, wanted.answer_d, wanted.close_d
    session.add(own)
    session.flush()
    return wanted
