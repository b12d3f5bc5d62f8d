"""The work on an order as a viewer may see it: all of it for who runs or does it, its fruits for the owners."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from backend.domains.identity import service as identity
from backend.domains.workorders import repository_work
from backend.domains.workorders.checklists import is_filled
from backend.domains.workorders.domain import PersonRef, Status
from backend.domains.workorders.models import WorkOrder
from backend.domains.workorders.models_work import (
    WorkOrderArrival,
    WorkOrderChecklistItem,
    WorkOrderMate,
    WorkOrderPhoto,
    WorkOrderSignature,
    WorkOrderTransfer,
)
from backend.domains.workorders.on_site import PHOTO_KINDS, is_far
from backend.domains.workorders.service.views import is_neighbour, parts_of
from backend.domains.workorders.service.work import checklists, photos, transfers
from backend.domains.workorders.service.work.common import found
from backend.domains.workorders.suspension import REASON_KINDS
from backend.kit.auth import Principal
from backend.kit.scope import system_scope

People = dict[int, identity.PersonView]


@dataclass(frozen=True, slots=True)
class ArrivalView:
    """Somebody came; where is for staff."""

    by: PersonRef
    at: datetime
    received_at: datetime
    lat: float | None
    lng: float | None
    accuracy_m: float | None
    distance_m: float | None
    far: bool


@dataclass(frozen=True, slots=True)
class PhotoView:
    """A photo of the work."""

    media_id: str
    kind: str
    kind_title: str
    by: PersonRef
    at: datetime
    received_at: datetime


@dataclass(frozen=True, slots=True)
class ItemView:
    """An item of the checklist and its answer."""

    id: int
    text: str
    kind: str
    required: bool
    done: bool
    ok: bool | None
    value: float | None
    media_id: str | None
    note: str | None
    by: PersonRef | None
    at: datetime | None


@dataclass(frozen=True, slots=True)
class ChecklistView:
    """The checklist; ``open`` counts the required items without an answer."""

    title: str
    items: list[ItemView]
    open: int


@dataclass(frozen=True, slots=True)
class TransferView:
    """A wish to hand the order over; ``may`` are the answers that the viewer may give."""

    id: int
    from_: PersonRef
    to: PersonRef
    reason: str
    status: str
    status_title: str
    at: datetime
    received_at: datetime
    decided_at: datetime | None
    answer: str | None
    may: list[str]


@dataclass(frozen=True, slots=True)
class SignatureView:
    """A signature that was drawn at the door."""

    media_id: str
    name: str
    by: PersonRef
    at: datetime
    received_at: datetime


@dataclass(frozen=True, slots=True)
class SuspendedView:
    """What is waited for, and until when."""

    kind: str
    kind_title: str
    until: datetime | None


@dataclass(frozen=True, slots=True)
class WorkView:
    """The work on an order. ``parts`` are what the viewer is for it."""

    number: str
    status: str
    version: int
    parts: list[str]
    arrivals: list[ArrivalView] = field(default_factory=list)
    photos: list[PhotoView] = field(default_factory=list)
    checklist: ChecklistView | None = None
    mates: list[PersonRef] = field(default_factory=list)
    transfers: list[TransferView] = field(default_factory=list)
    signature: SignatureView | None = None
    suspended: SuspendedView | None = None


def work(session: Session, number: str, who: Principal) -> WorkView:
    """Return the work on an order. Raises NoSuchOrder."""
    return work_of(session, found(session, number), who)


def work_of(session: Session, order: WorkOrder, who: Principal) -> WorkView:
    """Return the work on an order that is at hand."""
    parts = sorted(parts_of(session, order, who))
    full, kinds = photos.works_on(session, order, who), photos.kinds_seen(session, order, who)
    owners = photos.is_owners(order, who)
    with system_scope(session):
        arrivals = repository_work.of_order(session, WorkOrderArrival, order.id)
        shown = [p for p in repository_work.of_order(session, WorkOrderPhoto, order.id) if p.kind in kinds]
        helping = repository_work.of_order(session, WorkOrderMate, order.id)
        moved = repository_work.of_order(session, WorkOrderTransfer, order.id) if full else []
        signed = repository_work.of_order(session, WorkOrderSignature, order.id)
        people = _people(session, [*arrivals, *shown, *helping, *signed], moved)
        return WorkView(
            number=order.number,
            status=order.status,
            version=order.version,
            parts=parts,
            arrivals=[_arrival(a, people) for a in arrivals] if full else [],
            photos=[_photo(p, people) for p in shown],
            checklist=_checklist(session, order) if full else None,
            mates=[] if is_neighbour(order, who) else [_ref(m.person_id, people) for m in helping],
            transfers=[_transfer(t, order, who, people) for t in moved],
            signature=_signature(signed[-1], people) if signed and (full or owners) else None,
            suspended=_suspended(order),
        )


def _people(
    session: Session,
    rows: Sequence[WorkOrderArrival | WorkOrderPhoto | WorkOrderMate | WorkOrderSignature],
    moved: Sequence[WorkOrderTransfer],
) -> People:
    ids = {row.person_id for row in rows} | {i for row in moved for i in (row.from_id, row.to_id)}
    return identity.views(session, sorted(ids))


def _ref(person_id: int, people: People) -> PersonRef:
    person = people[person_id]
    return PersonRef(person.id, person.name, None)


def _arrival(row: WorkOrderArrival, people: People) -> ArrivalView:
    far = is_far(row.distance_m, row.accuracy_m)
    by = _ref(row.person_id, people)
    return ArrivalView(by, row.happened_at, row.at, row.lat, row.lng, row.accuracy_m, row.distance_m, far)


def _photo(row: WorkOrderPhoto, people: People) -> PhotoView:
    by = _ref(row.person_id, people)
    return PhotoView(row.media_id, row.kind, PHOTO_KINDS[row.kind], by, row.happened_at, row.at)


def _signature(row: WorkOrderSignature, people: People) -> SignatureView:
    return SignatureView(row.media_id, row.name, _ref(row.person_id, people), row.happened_at, row.at)


def _checklist(session: Session, order: WorkOrder) -> ChecklistView | None:
    there = repository_work.checklist(session, order.id)
    if there is None:
        return None
    rows = repository_work.checklist_items(session, order.id)
    people = identity.views(session, sorted({i.person_id for i in rows if i.person_id is not None}))
    return ChecklistView(there.title, [_item(i, people) for i in rows], len(checklists.open_items(session, order)))


def _item(row: WorkOrderChecklistItem, people: People) -> ItemView:
    answered = row.person_id is not None
    return ItemView(
        id=row.id,
        text=row.text,
        kind=row.kind,
        required=row.required,
        done=is_filled(row.kind, row.ok, row.value, row.media_id),
        ok=row.ok,
        value=row.value,
        media_id=row.media_id,
        note=row.note,
        by=_ref(row.person_id, people) if row.person_id is not None else None,
        at=row.happened_at if answered else None,
    )


def _transfer(row: WorkOrderTransfer, order: WorkOrder, who: Principal, people: People) -> TransferView:
    return TransferView(
        id=row.id,
        from_=_ref(row.from_id, people),
        to=_ref(row.to_id, people),
        reason=row.reason,
        status=row.status,
        status_title=transfers.TITLES[row.status],
        at=row.happened_at,
        received_at=row.at,
        decided_at=row.decided_at,
        answer=row.answer,
        may=transfers.may_decide(row, order, who),
    )


def _suspended(order: WorkOrder) -> SuspendedView | None:
    if order.status != Status.SUSPENDED or order.suspended_kind is None:
        return None
    return SuspendedView(order.suspended_kind, REASON_KINDS[order.suspended_kind], order.suspended_until)
