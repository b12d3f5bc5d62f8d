"""Tables of the store. Residents read none of them."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.kit.db import Base, BigId, UtcDateTime, code_column, id_column
from backend.kit.scope import EstateScoped


class StockItem(EstateScoped, Base):
    """Something that is kept. ``aliases`` are what technicians call it."""

    __tablename__ = "stock_items"
    __table_args__ = (UniqueConstraint("community_id", "code"), Base.__table_args__)

    id: Mapped[int] = id_column()
    code: Mapped[str] = code_column(32)
    name: Mapped[str] = code_column(64)
    aliases: Mapped[list[Any]] = mapped_column(JSON, default=list)
    unit: Mapped[str] = code_column(8)
    price_fen: Mapped[int] = mapped_column(BigInteger)
    minimum_milli: Mapped[int] = mapped_column(BigInteger, default=0)
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class StockBalance(EstateScoped, Base):
    """What is on hand of an item: the sum of its movements, changed with each of them by one conditional UPDATE.

    ``low_told``: the desk knows that it is below the minimum.
    """

    __tablename__ = "stock_balances"
    __table_args__ = (CheckConstraint("on_hand_milli >= 0", name="not_negative"), Base.__table_args__)
    __audited__ = False  # the ledger says it

    item_id: Mapped[int] = mapped_column(BigId, ForeignKey("stock_items.id"), primary_key=True, autoincrement=False)
    on_hand_milli: Mapped[int] = mapped_column(BigInteger, default=0)
    low_told: Mapped[bool] = mapped_column(default=False)


class StockMovement(EstateScoped, Base):
    """One line of the ledger. ``order_number`` is a work order's, by its number only: this domain lies below them."""

    __tablename__ = "stock_movements"
    __table_args__ = (Index("ix_stock_movements_item", "item_id", "id"), Base.__table_args__)
    __append_only__ = True
    __audited__ = False  # it says who and when itself

    id: Mapped[int] = id_column()
    item_id: Mapped[int] = mapped_column(BigId, ForeignKey("stock_items.id"))
    kind: Mapped[str] = code_column(16)
    change_milli: Mapped[int] = mapped_column(BigInteger)
    balance_milli: Mapped[int] = mapped_column(BigInteger)
    reason: Mapped[str | None] = mapped_column(Text)
    order_number: Mapped[str | None] = code_column(24, index=True)
    source_key: Mapped[str | None] = code_column(190, unique=True)
    by_id: Mapped[int | None] = mapped_column(BigId)
    by_name: Mapped[str] = code_column(64)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class PriceItem(EstateScoped, Base):
    """A line of the price list: what the labour of a paid repair costs."""

    __tablename__ = "price_items"
    __table_args__ = (UniqueConstraint("community_id", "code"), Base.__table_args__)

    id: Mapped[int] = id_column()
    code: Mapped[str] = code_column(32)
    name: Mapped[str] = code_column(64)
    category: Mapped[str] = code_column(32)
    kind: Mapped[str] = code_column(16)
    unit: Mapped[str] = code_column(8)
    labour_fen: Mapped[int] = mapped_column(BigInteger)
    note: Mapped[str | None] = mapped_column(Text)
    active: Mapped[bool] = mapped_column(default=True)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
