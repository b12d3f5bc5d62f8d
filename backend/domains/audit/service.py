"""Reading the audit log."""

from sqlalchemy.orm import Session

from backend.domains.audit import repository
from backend.kit.audit import AuditLine
from backend.kit.paging import Page, page_of


def search(session: Session, q: str | None, before_id: int | None, limit: int) -> Page[AuditLine]:
    """Return a page of the lines of the reader's estates, newest first."""
    rows = repository.search(session, q, before_id, limit + 1)
    return page_of(rows, limit, lambda line: line.id)
