"""Uploaded files."""

from datetime import datetime

from sqlalchemy import ColumnElement, false
from sqlalchemy.orm import Mapped, mapped_column

from backend.kit.auth import Principal
from backend.kit.db import Base, BigId, UtcDateTime, code_column
from backend.kit.scope import EstateScoped


class Media(EstateScoped, Base):
    """An uploaded picture; the bytes lie under ``var/media`` by their SHA-256.

    When and where it was taken (WGS 84) is what the photo said of itself before that was taken out of the file, or what
    the phone said that sent it: the sources tell which.
    """

    __tablename__ = "media"

    id: Mapped[str] = code_column(32, primary_key=True)
    owner_id: Mapped[int] = mapped_column(BigId, index=True)
    sha256: Mapped[str] = code_column(64, index=True)
    content_type: Mapped[str] = code_column(32)
    size_bytes: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lat: Mapped[float | None]
    lng: Mapped[float | None]
    taken_source: Mapped[str | None] = code_column(8)
    place_source: Mapped[str | None] = code_column(8)

    @classmethod
    def staff_rule(cls, who: Principal) -> ColumnElement[bool]:
        """The desk sees its estates' pictures; a technician those of the orders they hold (see the service)."""
        if "conversations.read" in who.permissions:
            return cls.community_id.in_(who.staff_community_ids)
        return false()

    @classmethod
    def resident_rule(cls, who: Principal) -> ColumnElement[bool]:
        """Everybody sees what they sent themselves."""
        return cls.owner_id == who.person_id
