"""The vector of each report that may be told again, and the pairs that people said are not the same."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.kit.db import Base, BigId, UtcDateTime, code_column, id_column
from backend.kit.scope import EstateScoped


class FaultVector(EstateScoped, Base):
    """The words of an order as a unit vector (float32) of ``encoder``. Derived: it can be made again from the order.

    An ``id`` never comes again, so that a process can read what is new by the ids it has not seen. Only vectors of
    ``public`` orders are searched among; those of homes are compared with one another only.
    """

    __tablename__ = "fault_vectors"
    __audited__ = False
    __table_args__ = (
        Index("ix_fault_vectors_community_encoder", "community_id", "encoder", "id"),
        {**Base.__table_args__, "sqlite_autoincrement": True},
    )

    id: Mapped[int] = id_column()
    order_id: Mapped[int] = mapped_column(BigId, ForeignKey("work_orders.id"), unique=True)
    encoder: Mapped[str] = code_column(128)
    public: Mapped[bool]
    vector: Mapped[bytes] = mapped_column(LargeBinary)


class NotSame(EstateScoped, Base):
    """Two orders that somebody said are different faults. The smaller id stands first. ``score`` is the cosine then."""

    __tablename__ = "not_same_faults"
    __table_args__ = (UniqueConstraint("first_id", "second_id"), Base.__table_args__)

    id: Mapped[int] = id_column()
    first_id: Mapped[int] = mapped_column(BigId, ForeignKey("work_orders.id"))
    second_id: Mapped[int] = mapped_column(BigId, ForeignKey("work_orders.id"), index=True)
    said_by_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"))
    by_staff: Mapped[bool]
    score: Mapped[float | None]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
