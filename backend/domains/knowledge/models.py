"""Documents, their sections, and the version of what an estate knows."""

from datetime import datetime

from sqlalchemy import ColumnElement, ForeignKey, LargeBinary, Text, UniqueConstraint
from sqlalchemy.dialects import mysql
from sqlalchemy.orm import Mapped, mapped_column

from backend.domains.knowledge.domain import Status
from backend.kit.auth import Principal
from backend.kit.db import Base, BigId, UtcDateTime, code_column, id_column
from backend.kit.scope import EstateScoped, Scoped

_Bytes = LargeBinary().with_variant(mysql.MEDIUMBLOB(), "mysql", "mariadb")


class _OfAnEstate(EstateScoped):
    """Read by everybody of the estate (the bot quotes it to them), written by those who work there."""

    __abstract__ = True

    @classmethod
    def resident_rule(cls, who: Principal) -> ColumnElement[bool]:
        """Residents read what their own estate knows."""
        return cls.community_id.in_(who.community_ids)

    def writable_by(self, who: Principal) -> bool:
        """Only those who manage what is known, in the estates they work for."""
        return "knowledge.manage" in who.permissions and self.community_id in who.staff_community_ids


class Document(_OfAnEstate, Base):
    """A file of an estate. ``updated_at`` is when its present text was uploaded."""

    __tablename__ = "documents"
    __table_args__ = (UniqueConstraint("community_id", "file_name"), Base.__table_args__)

    id: Mapped[int] = id_column()
    title: Mapped[str] = code_column(200)
    file_name: Mapped[str] = code_column(160)
    kind: Mapped[str] = code_column(8)
    sha256: Mapped[str] = code_column(64, index=True)
    size_bytes: Mapped[int]
    pages: Mapped[int | None]
    status: Mapped[Status] = code_column(16, index=True)
    failure: Mapped[str | None] = mapped_column(Text)
    uploaded_by_id: Mapped[int | None] = mapped_column(BigId)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Section(_OfAnEstate, Base):
    """A piece of a document. ``vectors`` (float32, one row each: heading, whole, its units) are of ``encoder``.

    Its text never changes: another text is another section, and ``digest`` tells them apart even if an id comes again.
    """

    __tablename__ = "document_sections"
    __audited__ = False

    id: Mapped[int] = id_column()
    document_id: Mapped[int] = mapped_column(BigId, ForeignKey("documents.id"), index=True)
    position: Mapped[int]
    title: Mapped[str] = code_column(200)
    text: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = code_column(32)
    encoder: Mapped[str | None] = code_column(128, index=True)
    vectors: Mapped[bytes | None] = mapped_column(_Bytes, deferred=True)


class KnowledgeVersion(Scoped, Base):
    """Counts the changes to what an estate knows, so that every process sees that its memory is old."""

    __tablename__ = "knowledge_versions"
    __audited__ = False

    community_id: Mapped[int] = mapped_column(BigId, ForeignKey("communities.id"), primary_key=True)
    version: Mapped[int] = mapped_column(default=0)

    @classmethod
    def readable_by(cls, who: Principal) -> ColumnElement[bool]:
        """Everybody of the estate."""
        return cls.community_id.in_(who.community_ids)

    def writable_by(self, who: Principal) -> bool:
        """Those who manage what is known there."""
        return "knowledge.manage" in who.permissions and self.community_id in who.staff_community_ids
