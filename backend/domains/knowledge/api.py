"""Routes of the knowledge base: documents for the desk, answers for everybody."""

from collections.abc import Sequence
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, File, Form, Query, Request, UploadFile
from fastapi.responses import FileResponse
from sqlalchemy.orm import Session

from backend.domains.estate import service as estate
from backend.domains.identity import service as identity
from backend.domains.knowledge import service
from backend.domains.knowledge.domain import STATUS_TITLES, DocumentView, Passage
from backend.domains.knowledge.ranking import LINE
from backend.domains.knowledge.schemas import (
    AnswerOut,
    DocumentDetail,
    DocumentOut,
    DocumentPage,
    PassageOut,
    QuestionIn,
    SectionOut,
    TriedOut,
    TriedPassageOut,
)
from backend.kit import db
from backend.kit.auth import Principal
from backend.kit.http import PrincipalDep, SessionDep, TokenDep, authenticate, requires
from backend.kit.paging import Cursor, Limit, decode_int
from backend.kit.problems import InvalidInput
from backend.settings import get_settings

router = APIRouter(prefix="/knowledge", tags=["knowledge"])
MANAGE = "knowledge.manage"


def _here(session: Session, who: Principal, code: str | None) -> int:
    """Return the estate that is meant among those the person works for. Raises InvalidInput."""
    mine = {c.code: c.id for c in estate.communities(session) if c.id in who.staff_community_ids}
    if code is None and len(mine) == 1:
        return next(iter(mine.values()))
    if code not in mine:
        message = "请选一个小区" if code is None else "没有这个小区"
        raise InvalidInput(f"{message}。", errors=[{"field": "community", "message": message}])
    return mine[code]


def _out(session: Session, views: Sequence[DocumentView]) -> list[DocumentOut]:
    people = identity.views(session, list({v.uploaded_by_id for v in views if v.uploaded_by_id}))
    names = {i: person.name for i, person in people.items()}
    places = {i: estate.community(session, i) for i in {v.community_id for v in views}}
    return [
        DocumentOut(
            id=v.id,
            title=v.title,
            file_name=v.file_name,
            kind=v.kind,
            size_bytes=v.size_bytes,
            pages=v.pages,
            status=v.status,
            status_title=STATUS_TITLES[v.status],
            failure=v.failure,
            sections=v.sections,
            embedded=v.embedded,
            community=places[v.community_id].code,
            community_name=places[v.community_id].name,
            uploaded_by=names.get(v.uploaded_by_id or 0),
            created_at=v.created_at,
            updated_at=v.updated_at,
        )
        for v in views
    ]


@router.post("/documents", status_code=201, summary="Upload a document")
def upload(
    request: Request,
    token: TokenDep,
    file: Annotated[UploadFile, File(description="Markdown, DOCX or PDF")],
    community: Annotated[str | None, Form(max_length=32)] = None,
    replace: Annotated[bool, Form()] = False,
) -> DocumentOut:
    """Read, cut and store a file; it answers by its words at once, by its meaning when it has been indexed."""
    load = request.app.state.load_principal
    with db.transaction(read_only=True) as session:  # reading takes seconds; nobody else may wait for it
        who = authenticate(session, token, load)
        who.require(MANAGE)
        _here(session, who, community)
    data = file.file.read(get_settings().upload_limit_bytes + 1)
    new = service.upload(file.filename, data)
    with db.transaction() as session:
        who = authenticate(session, token, load)
        who.require(MANAGE)
        stored = service.add(session, who, _here(session, who, community), new, replace)
        return _out(session, [stored])[0]


@router.get("/documents", dependencies=[requires(MANAGE)], summary="List documents")
def documents(
    session: SessionDep,
    who: PrincipalDep,
    community: Annotated[str | None, Query(max_length=32)] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> DocumentPage:
    """Documents of the estates one works for, newest first."""
    ids = [_here(session, who, community)] if community else sorted(who.staff_community_ids)
    page = service.page(session, ids, decode_int(cursor), limit)
    return DocumentPage(items=_out(session, page.items), next=page.next)


@router.get("/documents/{document_id}", dependencies=[requires(MANAGE)], summary="One document with its sections")
def document(document_id: int, session: SessionDep, _who: PrincipalDep) -> DocumentDetail:
    """The document and its sections in reading order."""
    view, parts = service.detail(session, document_id)
    shown = [SectionOut.model_validate(part) for part in parts]
    return DocumentDetail(**_out(session, [view])[0].model_dump(), parts=shown)


@router.get(
    "/documents/{document_id}/file",
    dependencies=[requires(MANAGE)],
    summary="The original file",
    response_class=FileResponse,
)
def original(document_id: int, session: SessionDep, _who: PrincipalDep) -> FileResponse:
    """The file as it was uploaded, always as a download."""
    view, path = service.file_of(session, document_id)
    headers = {
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(view.file_name)}",
    }
    return FileResponse(path, media_type="application/octet-stream", headers=headers)


@router.post("/documents/{document_id}/reindex", dependencies=[requires(MANAGE)], summary="Index a document again")
def reindex(document_id: int, session: SessionDep, _who: PrincipalDep) -> DocumentOut:
    """Have the meaning of its sections worked out again; meanwhile they are found by their words."""
    return _out(session, [service.reindex(session, document_id)])[0]


@router.delete(
    "/documents/{document_id}", status_code=204, dependencies=[requires(MANAGE)], summary="Delete a document"
)
def delete(document_id: int, session: SessionDep, _who: PrincipalDep) -> None:
    """From now on nothing of it is quoted."""
    service.delete(session, document_id)


@router.post("/answer", summary="Ask")
def answer(request: Request, body: QuestionIn, token: TokenDep) -> AnswerOut:
    """Passages of the documents of one's own estates that answer a question."""
    with db.transaction(read_only=True) as session:
        who = authenticate(session, token, request.app.state.load_principal)
        found = service.answer(session, who, body.question, body.community)
        return AnswerOut(found=found.found, passages=_passages(session, found.passages))


@router.post("/try", summary="Try what the bot would answer")
def try_out(request: Request, body: QuestionIn, token: TokenDep) -> TriedOut:
    """What would be quoted, with scores, and what came next."""
    with db.transaction(read_only=True) as session:
        who = authenticate(session, token, request.app.state.load_principal)
        who.require(MANAGE)
        found = service.answer(session, who, body.question, body.community)
        tried = [(p, True) for p in found.passages] + [(p, False) for p in found.nearest]
        shown = zip(_passages(session, [p for p, _ in tried]), tried, strict=True)
        passages = [
            TriedPassageOut(**out.model_dump(), meaning=p.meaning, words=p.words, quoted=quoted)
            for out, (p, quoted) in shown
        ]
        return TriedOut(found=found.found, line=LINE, by_meaning=found.by_meaning, passages=passages)


def _passages(session: Session, passages: Sequence[Passage]) -> list[PassageOut]:
    places = {i: estate.community(session, i) for i in {p.community_id for p in passages}}
    return [
        PassageOut(
            text=p.text,
            document=p.document,
            section=p.section,
            score=p.score,
            updated_at=p.updated_at,
            document_id=p.document_id,
            community=places[p.community_id].code,
            community_name=places[p.community_id].name,
        )
        for p in passages
    ]
