"""What the API of the store takes and gives. Quantities are decimals with at most three places, sent as texts."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, Strict, StringConstraints

from backend.domains.stock.domain import (
    KINDS,
    LABOUR,
    LARGEST_FEN,
    PRICE_KINDS,
    ItemEdit,
    ItemView,
    MovementView,
    NewItem,
    NewPrice,
    PriceView,
    quantity_text,
    to_milli,
)
from backend.kit.fields import BLANK_IS_NONE, VISIBLE, Code, Counted, MaybeWords, Name, OneOf, RowId

Fen = Annotated[int, Strict(), Field(ge=0, le=LARGEST_FEN)]
MaybeCode = Annotated[Code | None, BLANK_IS_NONE]
Unit = Annotated[str, StringConstraints(max_length=8), VISIBLE]
Aliases = Annotated[list[Name], Field(max_length=20)]


class Strictly(BaseModel):
    """A body that refuses unknown fields."""

    model_config = ConfigDict(extra="forbid")


class ItemIn(Strictly):
    """A new item."""

    community: Name
    name: Name
    unit: Unit
    price_fen: Fen
    code: MaybeCode = None
    aliases: Aliases = Field(default_factory=list)
    minimum: Counted = Decimal(0)

    def to_command(self) -> NewItem:
        """Return the dataclass the service takes."""
        aliases = tuple(dict.fromkeys(self.aliases))
        return NewItem(self.name, self.unit, self.price_fen, self.code, aliases, to_milli(self.minimum))


class ItemPatch(Strictly):
    """A correction; only what is given changes."""

    name: Name | None = None
    unit: Unit | None = None
    price_fen: Fen | None = None
    aliases: Aliases | None = None
    minimum: Counted | None = None
    active: Annotated[bool, Strict()] | None = None

    def to_command(self) -> ItemEdit:
        """Return the dataclass the service takes."""
        given = {k: v for k, v in self.model_dump(exclude_unset=True).items() if v is not None}
        if "minimum" in given:
            given["minimum_milli"] = to_milli(given.pop("minimum"))
        if "aliases" in given:
            given["aliases"] = list(dict.fromkeys(given["aliases"]))
        return ItemEdit(given)


class ItemOut(BaseModel):
    """An item and what is on hand."""

    id: int
    community: str
    code: str
    name: str
    aliases: list[str]
    unit: str
    price_fen: int
    minimum: str
    on_hand: str
    low: bool
    active: bool

    @classmethod
    def of(cls, item: ItemView, community: str) -> "ItemOut":
        """Return the item as the API gives it."""
        return cls(
            id=item.id,
            community=community,
            code=item.code,
            name=item.name,
            aliases=list(item.aliases),
            unit=item.unit,
            price_fen=item.price_fen,
            minimum=quantity_text(item.minimum_milli),
            on_hand=quantity_text(item.on_hand_milli),
            low=item.low,
            active=item.active,
        )


class ItemPage(BaseModel):
    """A page of the store."""

    items: list[ItemOut]
    next: str | None


class MovementIn(Strictly):
    """``in``: so much has come. ``adjust``: so much was counted; the difference is written down."""

    item_id: RowId
    kind: Literal["in", "adjust"]
    quantity: Counted
    reason: MaybeWords = None


class MovementOut(BaseModel):
    """A line of the ledger. ``quantity`` has a sign."""

    id: int
    item_id: int
    kind: str
    kind_title: str
    quantity: str
    balance: str
    reason: str | None
    order_number: str | None
    by: str
    at: datetime

    @classmethod
    def of(cls, m: MovementView) -> "MovementOut":
        """Return the line as the API gives it."""
        return cls(
            id=m.id,
            item_id=m.item_id,
            kind=m.kind,
            kind_title=KINDS[m.kind],
            quantity=quantity_text(m.change_milli),
            balance=quantity_text(m.balance_milli),
            reason=m.reason,
            order_number=m.order_number,
            by=m.by_name,
            at=m.at,
        )


class MovementPage(BaseModel):
    """A page of an item's ledger, newest first."""

    items: list[MovementOut]
    next: str | None


class ImportedOut(BaseModel):
    """How many rows were entered, corrected, and as they were."""

    added: int
    changed: int
    unchanged: int


class PriceIn(Strictly):
    """A line of the price list as it should be."""

    community: Name
    name: Name
    category: Annotated[str, StringConstraints(max_length=32), VISIBLE]
    unit: Unit
    labour_fen: Fen
    kind: Annotated[str, OneOf(PRICE_KINDS)] = LABOUR
    note: MaybeWords = None
    active: Annotated[bool, Strict()] = True

    def to_command(self, code: str) -> NewPrice:
        """Return the dataclass the service takes."""
        return NewPrice(
            code, self.name, self.category, self.unit, self.labour_fen, self.kind, self.note, self.active
        )  # fmt: skip


class PriceOut(BaseModel):
    """A line of the price list."""

    code: str
    community: str
    name: str
    category: str
    kind: str
    kind_title: str
    unit: str
    labour_fen: int
    note: str | None
    active: bool

    @classmethod
    def of(cls, p: PriceView, community: str) -> "PriceOut":
        """Return the line as the API gives it."""
        return cls(
            code=p.code,
            community=community,
            name=p.name,
            category=p.category,
            kind=p.kind,
            kind_title=PRICE_KINDS[p.kind],
            unit=p.unit,
            labour_fen=p.labour_fen,
            note=p.note,
            active=p.active,
        )


class PriceList(BaseModel):
    """The price list."""

    items: list[PriceOut]
