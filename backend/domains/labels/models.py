"""Labels, and how often strangers used them lately."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from backend.kit.db import Base, BigId, UtcDateTime, code_column, id_column
from backend.kit.scope import EstateScoped, Open


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


class LabelCount(Open, Base):
    """How often something was done under a key until a moment. The key is a digest of an address or a label."""

    __tablename__ = "label_counts"
    __audited__ = False
    why_open = "digests and numbers, nobody's data"

    key: Mapped[str] = code_column(96, primary_key=True)
    count: Mapped[int]
    until: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
