"""The equipment ledger."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ColumnElement, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.kit.auth import Principal
from backend.kit.db import Base, UtcDateTime, code_column, id_column
from backend.kit.scope import EstateScoped


class Asset(EstateScoped, Base):
    """One piece of equipment. ``code`` is what stands on its label."""

    __tablename__ = "assets"
    __table_args__ = (UniqueConstraint("community_id", "code"), Base.__table_args__)

    id: Mapped[int] = id_column()
    code: Mapped[str] = code_column(32)
    name: Mapped[str] = code_column(64)
    aliases: Mapped[list[Any]] = mapped_column(JSON, default=list)
    kind: Mapped[str] = code_column(32, index=True)
    building: Mapped[str | None] = code_column(8)
    unit: Mapped[str | None] = code_column(8)
    floor: Mapped[str | None] = code_column(8)
    place: Mapped[str | None] = code_column(64)
    status: Mapped[str] = code_column(16, default="up")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @classmethod
    def staff_rule(cls, who: Principal) -> ColumnElement[bool]:
        """Staff read the equipment of their estates."""
        return cls.community_id.in_(who.staff_community_ids)

    @classmethod
    def resident_rule(cls, who: Principal) -> ColumnElement[bool]:
        """Residents may name the equipment of their estate (「2号梯」), so it must be findable for them."""
        return cls.community_id.in_(who.community_ids)
