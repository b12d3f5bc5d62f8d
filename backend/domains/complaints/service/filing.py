"""File a complaint: once per source key, with its deadlines; what is said right after belongs to it."""

from datetime import timedelta

from sqlalchemy.orm import Session

from backend.domains.complaints import repository
from backend.domains.complaints.domain import ComplaintView, Due, Filed, Level, NewComplaint, Status
from backend.domains.complaints.models import Complaint
from backend.domains.complaints.service import record
from backend.domains.complaints.service.reading import view
from backend.domains.complaints.wording import ADDED, FILED, FILED_FOR
from backend.domains.estate import service as estate
from backend.domains.identity import service as identity
from backend.domains.workorders import service as workorders
from backend.domains.workorders.service import OrderView
from backend.kit import clock
from backend.kit.auth import STAFF_ROLES, Claims, Principal
from backend.kit.problems import Forbidden, InvalidInput
from backend.kit.scope import system_scope

JOIN_WITHIN = timedelta(hours=2)
"""In chat, angry words come in several messages; they are one complaint."""


def file(session: Session, new: NewComplaint, who: Principal) -> Filed:
    """File a complaint of ``who`` or, by the desk, of somebody else. The same ``source_key`` gives the same complaint.

    Raises InvalidInput (an estate or person that is not there), NoSuchOrder, Forbidden.
    """
    if new.source_key and (known := repository.by_source_key(session, new.source_key)) is not None:
        return Filed(view(session, known, who))
    order = workorders.one(session, new.order_number, who).order if new.order_number else None
    complainant = _complainant(session, new, who)
    community = _estate(session, new, order, complainant)
    _require_staff(session, new.against_id, community.id, who)
    order_id = workorders.get(session, order.number).id if order else None
    with system_scope(session):
        number = _next_number(session, community)
        # the same message, or the words before it, may have been filed while this one waited for its number
        if new.source_key and (known := repository.by_source_key(session, new.source_key)) is not None:
            return Filed(view(session, known, who))
        if who.via == "bot":
            since = clock.now() - JOIN_WITHIN
            before = repository.lately(session, complainant.person_id, order_id, since)
            if before is not None:
                return Filed(_add(session, before, new.words, who), joined=True)
    complaint = _new(session, new, number, community.id, complainant, order, order_id, who)
    return Filed(view(session, complaint, who))


def _next_number(session: Session, community: estate.CommunityView) -> str:
    prefix = f"TS-{community.number_prefix}{clock.local(clock.now()):%y%m}"
    return f"{prefix}-{workorders.next_number(session, prefix):04d}"


def _complainant(session: Session, new: NewComplaint, who: Principal) -> Principal:
    if new.complainant_id is None or new.complainant_id == who.person_id:
        return who
    if not who.is_desk:
        raise Forbidden("只有客服可以替别人登记投诉。")
    if new.complainant_id not in identity.views(session, [new.complainant_id]):
        raise InvalidInput(errors=[{"field": "complainant", "message": "没有这个人"}])
    with system_scope(session):
        return identity.load_principal(session, Claims(new.complainant_id))


def _require_staff(session: Session, against_id: int | None, community_id: int, who: Principal) -> None:
    """Let the desk say whom of the estate's staff it is about; others name nobody, the order says it."""
    if against_id is None:
        return
    if not who.is_desk:
        raise InvalidInput("涉及哪位员工由客服登记。", errors=[{"field": "against", "message": "只有客服可以填"}])
    if against_id not in identity.staff_ids(session, community_id, sorted(STAFF_ROLES)):
        raise InvalidInput(errors=[{"field": "against", "message": "不是本小区的员工"}])


def _estate(
    session: Session, new: NewComplaint, order: OrderView | None, complainant: Principal
) -> estate.CommunityView:
    code = order.community if order else new.community
    if code is not None:
        return estate.community_by_code(session, code, complainant.community_ids)
    with system_scope(session):
        return estate.community(session, workorders.estate_of(session, complainant))


def _new(
    session: Session,
    new: NewComplaint,
    number: str,
    community_id: int,
    complainant: Principal,
    order: OrderView | None,
    order_id: int | None,
    who: Principal,
) -> Complaint:
    now, terms = clock.now(), record.terms_of(session, community_id)
    technician = order.technician.id if order and order.technician else None
    complaint = Complaint(
        community_id=community_id,
        number=number,
        source_key=new.source_key,
        complainant_id=complainant.person_id,
        against_id=new.against_id or technician,
        work_order_id=order_id,
        kind=new.kind,
        words=new.words,
        source=who.channel or "web" if who.via == "bot" else "web" if complainant is who else "staff",
        status=Status.RECEIVED,
        level=Level.CUSTOMER_SERVICE,
        reply_by=now + timedelta(hours=terms.reply_h),
        answer_by=now + timedelta(days=terms.answer_d),
        created_at=now,
        updated_at=now,
    )
    session.add(complaint)
    session.flush()
    record.write(session, complaint, who, "received", "投诉", new.words, (None, Status.RECEIVED))
    record.set_deadline(session, complaint, Due.REPLY, complaint.reply_by)
    record.set_deadline(session, complaint, Due.ANSWER, complaint.answer_by)
    record.tell(session, complaint, FILED, f"complaint:{complaint.id}:filed", who.person_id)
    if complainant is not who:
        record.tell(session, complaint, FILED_FOR, f"complaint:{complaint.id}:filed_for")
    record.show_live(session, complaint)
    return complaint


def _add(session: Session, complaint: Complaint, words: str, who: Principal) -> ComplaintView:
    line = record.write(session, complaint, who, "note", "补充", words)
    record.tell(session, complaint, ADDED, f"complaint:{complaint.id}:{line.id}", who.person_id, text=words)
    record.show_live(session, complaint)
    return view(session, complaint, who)
