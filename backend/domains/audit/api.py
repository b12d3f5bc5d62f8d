"""Routes of the audit log."""

from typing import Annotated

from fastapi import APIRouter, Query

from backend.domains.audit import service
from backend.domains.audit.schemas import AuditLineOut, AuditPage
from backend.kit.http import PrincipalDep, SessionDep, requires
from backend.kit.paging import Cursor, Limit, decode_int

router = APIRouter(prefix="/audit", tags=["audit"])


@router.get("", dependencies=[requires("audit.read")], summary="Read the audit log")
def list_lines(
    session: SessionDep,
    _who: PrincipalDep,
    q: Annotated[str | None, Query(max_length=64)] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> AuditPage:
    """A page of the log of one's estates, newest first; ``q`` is a person, a table, a row, an action or a trace id."""
    page = service.search(session, q.strip() if q else None, decode_int(cursor), limit)
    return AuditPage(items=[AuditLineOut.model_validate(line) for line in page.items], next=page.next)
