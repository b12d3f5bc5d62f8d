"""Tables behind the lists of orders: what the search reads, saved filters, and what was done to many at once."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ColumnElement, ForeignKey, Text, UniqueConstraint, and_, false, or_
from sqlalchemy.orm import Mapped, mapped_column

from backend.kit.auth import Principal
from backend.kit.db import Base, BigId, UtcDateTime, code_column, id_column
from backend.kit.scope import Scoped


class OrderWords(Scoped, Base):
    """What the search finds an order by (see ``finding``): a row an order, written with it, not with its moves.

    PostgreSQL has an index of its own over both columns (``only_words_pairs``, see the migration).
    """

    __tablename__ = "work_order_words"
    __audited__ = False

    work_order_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("work_orders.id"), primary_key=True, autoincrement=False
    )
    community_id: Mapped[int] = mapped_column(BigId)
    words: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(Text)

    @classmethod
    def readable_by(cls, who: Principal) -> ColumnElement[bool]:
        """Nobody reads it: it only narrows a query of orders, which are limited themselves."""
        return false()

    def writable_by(self, who: Principal) -> bool:
        """It is written beside its order (``repository_words``), never by itself."""
        return False


class SavedFilter(Scoped, Base):
    """A list of orders that somebody wants back by its name; with an estate, their colleagues there see it as well."""

    __tablename__ = "saved_filters"
    __table_args__ = (UniqueConstraint("person_id", "name"), Base.__table_args__)

    id: Mapped[int] = id_column()
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"))
    community_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("communities.id"), index=True)
    name: Mapped[str] = code_column(32)
    query: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @classmethod
    def readable_by(cls, who: Principal) -> ColumnElement[bool]:
        """One's own, and what colleagues share in an estate one runs orders for."""
        if "workorders.read" not in who.permissions:
            return cls.person_id == who.person_id
        return or_(cls.person_id == who.person_id, cls.community_id.in_(who.staff_community_ids))

    def writable_by(self, who: Principal) -> bool:
        """Only one's own, shared only where one works."""
        return self.person_id == who.person_id and (
            self.community_id is None or self.community_id in who.staff_community_ids
        )


class BulkChange(Scoped, Base):
    """One change of many orders: what was wanted, what came of each, and what is needed to take it back."""

    __tablename__ = "bulk_changes"
    __table_args__ = (UniqueConstraint("person_id", "key"), Base.__table_args__)
    __audited__ = False

    id: Mapped[int] = id_column()
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"))
    key: Mapped[str | None] = code_column(128)
    action: Mapped[str] = code_column(16)
    wanted: Mapped[dict[str, Any]] = mapped_column(JSON)
    results: Mapped[list[Any]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    undone: Mapped[list[Any] | None] = mapped_column(JSON)

    @classmethod
    def readable_by(cls, who: Principal) -> ColumnElement[bool]:
        """One's own."""
        return and_(cls.person_id == who.person_id)

    def writable_by(self, who: Principal) -> bool:
        """One's own."""
        return self.person_id == who.person_id
