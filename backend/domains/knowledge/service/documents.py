"""Use cases of documents: upload, replace, delete, index again, list."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from backend.domains.knowledge import files, repository
from backend.domains.knowledge.cutting import cut
from backend.domains.knowledge.domain import DocumentView, Piece, ReadDocument, SectionView, Status, may_become
from backend.domains.knowledge.errors import DocumentExists, DocumentTooLarge, NoSuchDocument, Unreadable
from backend.domains.knowledge.models import Document, Section
from backend.domains.knowledge.reading import kinds, sandbox
from backend.domains.knowledge.service.embedding import tell
from backend.kit import clock, db
from backend.kit.auth import Principal
from backend.kit.paging import Page, page_of
from backend.kit.problems import Conflict
from backend.kit.scope import principal_of, system_scope
from backend.settings import get_settings

MOST_CHARACTERS = 600_000
MOST_SECTIONS = 3_000
TITLE_CHARS = 200
_EMPTY = "这个文件里没有读到文字。请检查内容后再上传。"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that has been read and cut: ready to be stored."""

    file_name: str
    kind: str
    sha256: str
    size_bytes: int
    title: str
    pages: int | None
    pieces: tuple[Piece, ...]
    data: bytes = field(repr=False)


def upload(name: str | None, data: bytes) -> Upload:
    """Read and cut a file; slow, so outside any transaction. Raises UnknownKind, Unreadable, DocumentTooLarge."""
    if not data:
        raise Unreadable("文件是空的。")
    limit = get_settings().upload_limit_bytes
    if len(data) > limit:
        raise DocumentTooLarge(f"文件超过 {limit // (1024 * 1024)} MB，请拆分后再上传。")
    file_name = kinds.safe_name(name)
    kind = kinds.kind_of(file_name, data)
    return prepare(file_name, kind, data, sandbox.read(kind, data))


def prepare(file_name: str, kind: str, data: bytes, read: ReadDocument) -> Upload:
    """Cut what was read. Raises Unreadable (no words), DocumentTooLarge."""
    pieces = cut(read)
    characters = sum(len(piece.text) for piece in pieces)
    if not any(character.isalnum() for piece in pieces for character in piece.text):
        raise Unreadable(_EMPTY)
    if characters > MOST_CHARACTERS or len(pieces) > MOST_SECTIONS:
        raise DocumentTooLarge(f"这个文件有 {characters} 个字，最多 {MOST_CHARACTERS} 个字。请拆成几个文件上传。")
    title = (read.title or file_name.rsplit(".", 1)[0] or file_name)[:TITLE_CHARS]
    digest = hashlib.sha256(data).hexdigest()
    return Upload(file_name, kind, digest, len(data), title, read.pages, tuple(pieces), data)


def add(session: Session, who: Principal, community_id: int, new: Upload, replace: bool = False) -> DocumentView:
    """Store a document; its words answer at once. Raises DocumentExists unless ``replace``; the same file twice is one."""
    known = repository.by_name(session, community_id, new.file_name)
    if known is not None and known.sha256 == new.sha256:
        return _views(session, [known])[0]
    if known is not None and not replace:
        raise DocumentExists(f"已经有一份《{known.file_name}》。要用新文件替换它吗？", document_id=known.id)
    document = known or Document(community_id=community_id, file_name=new.file_name, created_at=clock.now())
    _write(session, document, new, who.person_id)
    return _views(session, [document])[0]


def seed(session: Session, community_id: int, new: Upload) -> None:
    """Store a document without anybody having uploaded it. System work."""
    document = Document(community_id=community_id, file_name=new.file_name, created_at=clock.now())
    _write(session, document, new, None)


def _write(session: Session, document: Document, new: Upload, by: int | None) -> None:
    files.keep(new.sha256, new.data)
    old_file = document.sha256 if document.id else None
    kept = repository.vectors_by_digest(session, document.id) if document.id else {}
    document.title, document.kind, document.sha256 = new.title, new.kind, new.sha256
    document.size_bytes, document.pages = new.size_bytes, new.pages
    document.status, document.failure = Status.UPLOADED, None
    document.uploaded_by_id, document.updated_at = by, clock.now()
    session.add(document)
    session.flush()
    repository.delete_sections(session, document.id)
    for position, piece in enumerate(new.pieces):
        digest = _digest(new.title, piece)
        encoder, vectors = kept.get(digest, (None, None))
        session.add(
            Section(
                community_id=document.community_id,
                document_id=document.id,
                position=position,
                title=piece.title,
                text=piece.text,
                digest=digest,
                encoder=encoder,
                vectors=vectors,
            )
        )
    session.flush()
    if all(_digest(new.title, piece) in kept for piece in new.pieces):
        document.status = Status.READY
    repository.bump(session, document.community_id)
    _drop_file(session, old_file)
    tell(session, document)


def _digest(document_title: str, piece: Piece) -> str:
    """Tell sections apart by all that their vectors are made of."""
    said = "\x00".join((piece.title or document_title, piece.text))
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def delete(session: Session, document_id: int) -> None:
    """Delete a document; nothing of it is quoted any more. Raises NoSuchDocument."""
    document = _document(session, document_id)
    sha256, community_id = document.sha256, document.community_id
    repository.delete_sections(session, document.id)
    session.delete(document)
    session.flush()
    repository.bump(session, community_id)
    _drop_file(session, sha256)


def _drop_file(session: Session, sha256: str | None) -> None:
    """Delete a file that no document has any more, once that is certain."""
    if sha256 is None:
        return
    with system_scope(session):
        unused = repository.users_of_file(session, sha256) == 0
    if unused:
        db.after_commit(session, lambda: files.drop(sha256))


def reindex(session: Session, document_id: int) -> DocumentView:
    """Have the vectors of a document made anew; its words go on answering. Raises NoSuchDocument, Conflict."""
    document = _document(session, document_id)
    if document.status != Status.UPLOADED and not may_become(document.status, Status.UPLOADED):
        raise Conflict()
    repository.forget_vectors(session, document.id)
    document.status, document.failure = Status.UPLOADED, None
    session.flush()
    repository.bump(session, document.community_id)
    tell(session, document)
    return _views(session, [document])[0]


def page(
    session: Session, community_ids: Sequence[int] | None, before_id: int | None, limit: int
) -> Page[DocumentView]:
    """Return a page of documents, newest first."""
    rows = repository.page(session, community_ids, before_id, limit + 1)
    return page_of(_views(session, rows), limit, lambda view: view.id)


def get(session: Session, document_id: int) -> DocumentView:
    """Return a document. Raises NoSuchDocument."""
    return _views(session, [_document(session, document_id)])[0]


def detail(session: Session, document_id: int) -> tuple[DocumentView, list[SectionView]]:
    """Return a document and its sections. Raises NoSuchDocument."""
    view = get(session, document_id)
    rows = repository.sections_of(session, document_id)
    return view, [SectionView(s.id, s.position, s.title, s.text, s.encoder is not None) for s in rows]


def file_of(session: Session, document_id: int) -> tuple[DocumentView, files.Path]:
    """Return a document and where its file lies. Raises NoSuchDocument."""
    document = _document(session, document_id)
    path = files.path_of(document.sha256)
    if not path.exists():
        raise NoSuchDocument("原文件已经不在了，可以重新上传。")
    return _views(session, [document])[0], path


def _document(session: Session, document_id: int) -> Document:
    """Return a document of an estate that the asker works for; those of the estate they live in are only quoted."""
    found, who = repository.document(session, document_id), principal_of(session)
    if found is None or (who is not None and found.community_id not in who.staff_community_ids):
        raise NoSuchDocument()
    return found


def _views(session: Session, rows: Sequence[Document]) -> list[DocumentView]:
    counted = repository.counts(session, [row.id for row in rows]) if rows else {}
    return [_view(row, counted.get(row.id, (0, 0))) for row in rows]


def _view(row: Document, counted: repository.Counts) -> DocumentView:
    return DocumentView(
        id=row.id,
        community_id=row.community_id,
        title=row.title,
        file_name=row.file_name,
        kind=row.kind,
        size_bytes=row.size_bytes,
        pages=row.pages,
        status=Status(row.status),
        failure=row.failure,
        sections=counted[0],
        embedded=counted[1],
        uploaded_by_id=row.uploaded_by_id,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
