"""Routes of labels: print them at the desk, scan them anywhere."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form, Header, Path, Query, Request, Response, UploadFile

from backend.domains.estate import service as estate
from backend.domains.labels import schemas, service, sheets
from backend.domains.labels.domain import Kind
from backend.domains.workorders.schemas import OrderOut
from backend.kit import db
from backend.kit.auth import Principal
from backend.kit.http import PrincipalDep, SessionDep, TokenDep, authenticate, requires
from backend.settings import get_settings

router = APIRouter(prefix="/labels", tags=["labels"])
MANAGE = requires("equipment.manage")
Token = Annotated[str, Path(max_length=64)]
Key = Annotated[str | None, Header(alias="Idempotency-Key", max_length=128)]
DRAWN = {"sheet": sheets.sheet, "single": sheets.single}
MOST_LABELS = 480


def _maybe(request: Request, session: SessionDep, token: TokenDep) -> Principal | None:
    return authenticate(session, token, request.app.state.load_principal) if token else None


MaybePrincipalDep = Annotated[Principal | None, Depends(_maybe)]
"""The logged-in person, None for somebody who is not."""


@router.post("", status_code=201, dependencies=[MANAGE], summary="Make labels")
def make_labels(body: schemas.LabelsIn, session: SessionDep, who: PrincipalDep) -> schemas.LabelsOut:
    """The labels of devices, places or orders; whatever has one keeps it."""
    made = service.make(session, service.printed(session, body.kind, body.ids, who))
    return schemas.LabelsOut(items=[schemas.LabelOut.of(p) for p in made])


@router.get("/places", dependencies=[MANAGE], summary="Places that may get a label")
def list_places(
    community: Annotated[str, Query(max_length=32)], session: SessionDep, who: PrincipalDep
) -> schemas.PlacesOut:
    """The named places of an estate."""
    community_id = estate.community_by_code(session, community, who.staff_community_ids).id
    return schemas.PlacesOut(items=[schemas.PlaceOut.of(t) for t in service.places(session, community_id)])


@router.get("/sheet.pdf", dependencies=[MANAGE], summary="Print labels", response_class=Response)
def print_sheet(
    kind: Kind,
    ids: Annotated[list[str], Query(max_length=MOST_LABELS, description="again and again, or with commas")],
    session: SessionDep,
    who: PrincipalDep,
    format: Annotated[Literal["sheet", "single"], Query(description="A4 of 3 × 8, or one a page")] = "sheet",
) -> Response:
    """A PDF to print; whatever has no label yet gets one now."""
    wanted = [part.strip() for text in ids for part in text.split(",") if part.strip()][:MOST_LABELS]
    targets = service.printed(session, kind, wanted, who)
    with db.transaction() as writing:  # the request itself only reads
        made = service.make(writing, targets)
    headers = {"Content-Disposition": 'inline; filename="labels.pdf"'}
    return Response(DRAWN[format](made), media_type="application/pdf", headers=headers)


@router.post("/media", status_code=201, summary="Add a picture at a label")
def add_picture(
    token: Annotated[str, Form(max_length=64)], file: UploadFile, session: SessionDep, who: MaybePrincipalDep
) -> schemas.PictureOut:
    """Multipart fields ``token`` and ``file``; no log-in needed, in limits."""
    data = file.file.read(get_settings().upload_limit_bytes + 1)
    return schemas.PictureOut(media_id=service.add_picture(session, token, data, who).id)


@router.get("/{token}", summary="What a label is")
def scan_label(token: Token, session: SessionDep, who: MaybePrincipalDep) -> schemas.ScanOut:
    """Without a log-in: estate, device and place only; of an order nothing."""
    return schemas.ScanOut.of(service.scan(session, token, who))


@router.post("/{token}/take", summary="Take the order of a label")
def take_order(token: Token, body: schemas.TakeIn, session: SessionDep, who: PrincipalDep) -> OrderOut:
    """The move to accepted, by a technician who may make it."""
    return OrderOut.model_validate(service.take(session, token, body.number, who).order)


@router.post("/{token}/reports", status_code=201, summary="Report a fault at a label")
def report_at(
    token: Token, body: schemas.ScannedReportIn, session: SessionDep, who: MaybePrincipalDep, key: Key = None
) -> schemas.ReportedOut:
    """With or without a log-in; an open order of the device is joined. Too often is 429 with Retry-After."""
    return schemas.ReportedOut.of(service.report(session, token, body.to_said(key), who))


@router.post("/{token}/revoke", status_code=204, dependencies=[MANAGE], summary="Revoke a label")
def revoke_label(token: Token, session: SessionDep, who: PrincipalDep) -> Response:
    """A lost or copied label opens nothing any more; the next one printed is another."""
    service.revoke(session, token, who)
    return Response(status_code=204)
