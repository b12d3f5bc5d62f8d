"""Every SQL statement of the knowledge base."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, undefer

from backend.domains.knowledge.domain import Status
from backend.domains.knowledge.models import Document, KnowledgeVersion, Section

Counts = tuple[int, int]


def document(session: Session, document_id: int) -> Document | None:
    """Return a document by id."""
    return session.scalar(select(Document).where(Document.id == document_id))


def by_name(session: Session, community_id: int, file_name: str) -> Document | None:
    """Return the document of an estate with this file name."""
    return session.scalar(
        select(Document).where(Document.community_id == community_id, Document.file_name == file_name)
    )


def page(
    session: Session, community_ids: Sequence[int] | None, before_id: int | None, limit: int
) -> Sequence[Document]:
    """Return documents, newest first."""
    query = select(Document).order_by(Document.id.desc()).limit(limit)
    if community_ids is not None:
        query = query.where(Document.community_id.in_(community_ids))
    if before_id is not None:
        query = query.where(Document.id < before_id)
    return session.scalars(query).all()


def has_documents(session: Session, community_id: int) -> bool:
    """Tell whether an estate has any document."""
    return session.scalar(select(Document.id).where(Document.community_id == community_id).limit(1)) is not None


def users_of_file(session: Session, sha256: str) -> int:
    """Count the documents whose file has this content."""
    return session.scalars(select(func.count()).select_from(Document).where(Document.sha256 == sha256)).one()


def counts(session: Session, document_ids: Sequence[int]) -> dict[int, Counts]:
    """Return (sections, those with vectors) of documents."""
    rows = session.execute(
        select(Section.document_id, func.count(Section.id), func.count(Section.encoder))
        .where(Section.document_id.in_(document_ids))
        .group_by(Section.document_id)
    )
    return {int(document_id): (int(all_of_them), int(embedded)) for document_id, all_of_them, embedded in rows}


def sections_of(session: Session, document_id: int) -> Sequence[Section]:
    """Return the sections of a document, in reading order."""
    return session.scalars(select(Section).where(Section.document_id == document_id).order_by(Section.position)).all()


def with_documents(session: Session, section_ids: Sequence[int]) -> dict[int, tuple[Section, Document]]:
    """Return sections by id, each with its document."""
    rows = session.execute(
        select(Section, Document).join(Document, Document.id == Section.document_id).where(Section.id.in_(section_ids))
    )
    return {section.id: (section, document) for section, document in rows}


def vectors_by_digest(session: Session, document_id: int) -> dict[str, tuple[str, bytes]]:
    """Return (encoder, vectors) of a document's sections by what they say, to keep them when the text comes again."""
    rows = session.execute(
        select(Section.digest, Section.encoder, Section.vectors).where(
            Section.document_id == document_id, Section.encoder.is_not(None)
        )
    )
    return {digest: (encoder, vectors) for digest, encoder, vectors in rows if encoder and vectors}


def delete_sections(session: Session, document_id: int) -> None:
    """Delete the sections of a document."""
    session.execute(delete(Section).where(Section.document_id == document_id))


def forget_vectors(session: Session, document_id: int) -> None:
    """Take the vectors of a document away."""
    session.execute(update(Section).where(Section.document_id == document_id).values(encoder=None, vectors=None))


def signatures(session: Session, community_id: int) -> dict[int, tuple[str, str | None]]:
    """Return (digest, encoder) of every section of an estate: what a memory is compared with."""
    rows = session.execute(
        select(Section.id, Section.digest, Section.encoder).where(Section.community_id == community_id)
    )
    return {int(section_id): (digest, encoder) for section_id, digest, encoder in rows}


def load(session: Session, section_ids: Sequence[int]) -> Sequence[Section]:
    """Return sections with their vectors."""
    return session.scalars(select(Section).where(Section.id.in_(section_ids)).options(undefer(Section.vectors))).all()


def unembedded(session: Session, encoder: str | None, limit: int) -> Sequence[tuple[Section, str]]:
    """Return sections (with the title of their document) that have no vectors of this encoder, oldest document first.

    Without an encoder: those that have none at all.
    """
    old = Section.encoder.is_(None) if encoder is None else _not_by(encoder)
    rows = session.execute(
        select(Section, Document.title)
        .join(Document, Document.id == Section.document_id)
        .where(old, Document.status != Status.FAILED)
        .order_by(Document.id, Section.position)
        .limit(limit)
    )
    return [(section, title) for section, title in rows]


def left(session: Session, document_id: int, encoder: str) -> int:
    """Count the sections of a document that have no vectors of this encoder."""
    return session.scalars(
        select(func.count()).select_from(Section).where(Section.document_id == document_id, _not_by(encoder))
    ).one()


def _not_by(encoder: str) -> ColumnElement[bool]:
    return or_(Section.encoder.is_(None), Section.encoder != encoder)


def keep_vectors(session: Session, section_id: int, digest: str, encoder: str, vectors: bytes) -> bool:
    """Store the vectors of a section, unless it has gone meanwhile. Returns whether it was there."""
    done = session.execute(
        update(Section)
        .where(Section.id == section_id, Section.digest == digest)
        .values(encoder=encoder, vectors=vectors)
    )
    return bool(done.rowcount)  # type: ignore[attr-defined]


def waiting(session: Session) -> Sequence[Document]:
    """Return the documents that wait to be indexed or are being indexed."""
    return session.scalars(
        select(Document).where(Document.status.in_((Status.UPLOADED, Status.INDEXING))).order_by(Document.id)
    ).all()


def version(session: Session, community_id: int) -> int:
    """Return how often what an estate knows has changed."""
    return session.scalar(select(KnowledgeVersion.version).where(KnowledgeVersion.community_id == community_id)) or 0


def bump(session: Session, community_id: int) -> None:
    """Count a change."""
    one_more = (
        update(KnowledgeVersion)
        .where(KnowledgeVersion.community_id == community_id)
        .values(version=KnowledgeVersion.version + 1)
    )
    if session.execute(one_more).rowcount:  # type: ignore[attr-defined]
        return
    try:
        with session.begin_nested():
            session.add(KnowledgeVersion(community_id=community_id, version=1))
    except IntegrityError:  # somebody else was first
        session.execute(one_more)
