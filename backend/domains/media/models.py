"""Uploaded files."""

from datetime import datetime

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Mapped, mapped_column

from backend.kit.auth import Principal
from backend.kit.db import Base, BigId, UtcDateTime, code_column
from backend.kit.scope import EstateScoped


class Media(EstateScoped, Base):
    """An uploaded picture; the bytes lie under ``var/media`` by their SHA-256."""

    __tablename__ = "media"

    id: Mapped[str] = code_column(32, primary_key=True)
    owner_id: Mapped[int] = mapped_column(BigId, index=True)
    sha256: Mapped[str] = code_column(64, index=True)
    content_type: Mapped[str] = code_column(32)
    size_bytes: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @classmethod
    def resident_rule(cls, who: Principal) -> ColumnElement[bool]:
        """Residents see what they sent themselves."""
        return cls.owner_id == who.person_id
