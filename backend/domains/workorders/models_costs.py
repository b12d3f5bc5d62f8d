"""Tables of what an order costs and of the quotes its owner was asked to agree to."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ColumnElement, ForeignKey, Text, and_, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from backend.domains.workorders.domain_costs import OWNER
from backend.domains.workorders.models import WorkOrder
from backend.kit.auth import Principal
from backend.kit.db import Base, BigId, UtcDateTime, code_column, id_column
from backend.kit.scope import EstateScoped


class WorkOrderCost(EstateScoped, Base):
    """A line of an order's costs. Quantity and amount are what is left after returns; ``returned_milli`` is what went."""

    __tablename__ = "work_order_costs"

    id: Mapped[int] = id_column()
    work_order_id: Mapped[int] = mapped_column(BigId, ForeignKey("work_orders.id"), index=True)
    kind: Mapped[str] = code_column(16)
    what: Mapped[str] = mapped_column(Text)
    quantity_milli: Mapped[int] = mapped_column(BigInteger)
    returned_milli: Mapped[int] = mapped_column(BigInteger, default=0)
    unit: Mapped[str] = code_column(8)
    price_fen: Mapped[int | None] = mapped_column(BigInteger)
    price_unit: Mapped[str] = code_column(8)
    per: Mapped[int] = mapped_column(default=1)
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    charged_to: Mapped[str] = code_column(16)
    why: Mapped[str] = code_column(16)
    item_id: Mapped[int | None] = mapped_column(BigId)
    movement_id: Mapped[int | None] = mapped_column(BigId)
    price_code: Mapped[str | None] = code_column(32)
    by_id: Mapped[int] = mapped_column(BigId)
    by_name: Mapped[str] = code_column(64)
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    @classmethod
    def readable_by(cls, who: Principal) -> ColumnElement[bool]:
        """Of the orders one may read: staff everything, residents what is charged to the owner."""
        orders = cls.work_order_id.in_(select(WorkOrder.id).where(WorkOrder.readable_by(who)))
        return and_(orders, or_(cls.community_id.in_(who.staff_community_ids), cls.charged_to == OWNER))


class WorkOrderQuote(EstateScoped, Base):
    """What was offered for an order and what was said to it. The lines never change: another offer is another row."""

    __tablename__ = "work_order_quotes"

    id: Mapped[int] = id_column()
    work_order_id: Mapped[int] = mapped_column(BigId, ForeignKey("work_orders.id"), index=True)
    state: Mapped[str] = code_column(16, index=True)
    total_fen: Mapped[int] = mapped_column(BigInteger)
    lines: Mapped[list[Any]] = mapped_column(JSON)
    by_id: Mapped[int] = mapped_column(BigId)
    by_name: Mapped[str] = code_column(64)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(BigId)
    decided_by_name: Mapped[str | None] = code_column(64)
    words: Mapped[str | None] = mapped_column(Text)

    @classmethod
    def readable_by(cls, who: Principal) -> ColumnElement[bool]:
        """The quotes of the orders one may read."""
        return cls.work_order_id.in_(select(WorkOrder.id).where(WorkOrder.readable_by(who)))
