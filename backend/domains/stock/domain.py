"""Kinds, views and sums of the store. Quantities are thousandths (milli), money is fen. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

MILLI = 1000
IN, OUT, RETURN, ADJUST = "in", "out", "return", "adjust"
KINDS: dict[str, str] = {IN: "入库", OUT: "出库", RETURN: "退库", ADJUST: "盘点"}

LABOUR, SERVICE = "labour", "service"
PRICE_KINDS: dict[str, str] = {LABOUR: "人工", SERVICE: "服务"}
HOUR = "小时"
"""The unit of prices by time; the first such labour of an estate is what minutes are reckoned with."""

LARGEST_MILLI = 100_000 * MILLI
LARGEST_FEN = 100_000_00


def to_milli(quantity: Decimal) -> int:
    """Return a quantity of at most three decimal places in thousandths."""
    return int(quantity * MILLI)


def amount_fen(quantity_milli: int, price_fen: int, per: int = 1) -> int:
    """Return what a quantity costs, rounded half up once, to the fen. ``per``: units of the quantity to one of the price."""
    whole = MILLI * per
    return (2 * quantity_milli * price_fen + whole) // (2 * whole)


def quantity_text(milli: int) -> str:
    """Return a quantity as people write it: 2, 1.5, -0.25."""
    sign, milli = ("-", -milli) if milli < 0 else ("", milli)
    whole, rest = divmod(milli, MILLI)
    return f"{sign}{whole}" + (f".{rest:03d}".rstrip("0") if rest else "")


def yuan(fen: int) -> str:
    """Return money as people read it: ¥12.50."""
    sign, fen = ("-", -fen) if fen < 0 else ("", fen)
    return f"{sign}¥{fen // 100}.{fen % 100:02d}"


@dataclass(frozen=True, slots=True)
class ItemView:
    """An item with what is on hand, outside its session."""

    id: int
    community_id: int
    code: str
    name: str
    aliases: tuple[str, ...]
    unit: str
    price_fen: int
    minimum_milli: int
    active: bool
    on_hand_milli: int = 0

    @property
    def low(self) -> bool:
        """Whether there is less than there should be."""
        return self.active and self.on_hand_milli < self.minimum_milli


@dataclass(frozen=True, slots=True)
class NewItem:
    """What is needed to enter an item. Without a code it gets one."""

    name: str
    unit: str
    price_fen: int
    code: str | None = None
    aliases: tuple[str, ...] = ()
    minimum_milli: int = 0


@dataclass(frozen=True, slots=True)
class ItemEdit:
    """A correction: only the fields that were given."""

    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class MovementView:
    """A line of the ledger outside its session; ``change_milli`` is signed, ``balance_milli`` what was there after it."""

    id: int
    item_id: int
    kind: str
    change_milli: int
    balance_milli: int
    reason: str | None
    order_number: str | None
    by_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Cause:
    """Why something moves: words, the order it is for, and a key that makes the movement happen once."""

    reason: str | None = None
    order_number: str | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True)
class PriceView:
    """A line of the price list outside its session."""

    id: int
    community_id: int
    code: str
    name: str
    category: str
    kind: str
    unit: str
    labour_fen: int
    note: str | None
    active: bool


@dataclass(frozen=True, slots=True)
class NewPrice:
    """A line of the price list as it should be."""

    code: str
    name: str
    category: str
    unit: str
    labour_fen: int
    kind: str = LABOUR
    note: str | None = None
    active: bool = True
