"""QR labels."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from backend.kit.db import Base, BigId, UtcDateTime, code_column, id_column
from backend.kit.scope import EstateScoped


class Label(EstateScoped, Base):
    """A QR label. ``token`` stands in its address; ``live_key`` names the target, once, until it is revoked."""

    __tablename__ = "labels"

    id: Mapped[int] = id_column()
    token: Mapped[str] = code_column(64, unique=True, info={"secret": True})
    kind: Mapped[str] = code_column(16)
    target_id: Mapped[int] = mapped_column(BigId, index=True)
    live_key: Mapped[str | None] = code_column(64, unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
