"""Routes of the audit log."""

from fastapi import APIRouter

from backend.domains.audit import service
from backend.domains.audit.schemas import AuditPage, line_out
from backend.kit.fields import Sought
from backend.kit.http import PrincipalDep, SessionDep, requires
from backend.kit.paging import Cursor, Limit, decode_int

router = APIRouter(prefix="/audit", tags=["audit"])


@router.get("", dependencies=[requires("audit.read")], summary="Read the audit log")
def list_lines(
    session: SessionDep,
    _who: PrincipalDep,
    q: Sought = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> AuditPage:
    """A page of the log of one's estates, newest first; ``q`` is a person, an order's number, a device, a
    table, an action or a trace id."""
    page = service.search(session, q, decode_int(cursor), limit)
    return AuditPage(items=[line_out(entry) for entry in page.items], next=page.next)
