"""What the API of quotes takes and gives, and what stands in no list. Quantities are decimals, sent as texts; money is fen."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, Strict, StringConstraints, model_validator

from backend.domains.stock.service import to_milli
from backend.domains.workorders.domain_costs import (
    COST_KINDS,
    CUSTOM,
    LARGEST_CUSTOM_FEN,
    QUOTE_TITLES,
    Custom,
    QuoteLine,
    QuoteView,
    Wanted,
)
from backend.kit.fields import VISIBLE, Code, MaybeWords, Name, Quantity, RowId, refusal

Unit = Annotated[str, StringConstraints(max_length=8), VISIBLE]


class Strictly(BaseModel):
    """A body that refuses unknown fields."""

    model_config = ConfigDict(extra="forbid")


class CustomIn(Strictly):
    """Something that stands in no list, by who may set prices."""

    what: Name
    unit: Unit
    price_fen: Annotated[int, Strict(), Field(ge=1, le=LARGEST_CUSTOM_FEN)]

    def to_command(self) -> Custom:
        """Return the dataclass."""
        return Custom(self.what, self.unit, self.price_fen)


class QuoteLineIn(Strictly):
    """So many of a line of the price list, of an item of the store, or of something that stands in neither."""

    price_code: Code | None = None
    item_id: RowId | None = None
    custom: CustomIn | None = None
    quantity: Quantity | None = None

    @model_validator(mode="after")
    def _one(self) -> "QuoteLineIn":
        if [self.item_id, self.price_code, self.custom].count(None) != 2:
            raise refusal("item_id、price_code 和 custom 要填一个")
        return self

    def to_command(self) -> Wanted:
        """Return the dataclass."""
        quantity = to_milli(self.quantity) if self.quantity is not None else None
        custom = self.custom.to_command() if self.custom else None
        return Wanted(quantity, self.item_id, price_code=self.price_code, custom=custom)


class QuoteIn(Strictly):
    """A quote for all that the owner will pay for the order."""

    lines: Annotated[list[QuoteLineIn], Field(min_length=1, max_length=30)]


class DecisionIn(Strictly):
    """The owner's word."""

    accept: Annotated[bool, Strict()]
    words: MaybeWords = None


class QuoteLineOut(BaseModel):
    """A line of a quote as it was shown. ``custom``: its price is of no list."""

    kind: str
    kind_title: str
    custom: bool
    what: str
    quantity: str
    unit: str
    price_fen: int
    price_unit: str
    amount_fen: int

    @classmethod
    def of(cls, line: QuoteLine) -> "QuoteLineOut":
        """Return the line as the API gives it."""
        return cls(**asdict(line), kind_title=COST_KINDS[line.kind], custom=line.kind == CUSTOM)


class QuoteOut(BaseModel):
    """A quote and what was said to it. ``yours``: the viewer may answer it now."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    number: str
    state: str
    state_title: str
    total_fen: int
    lines: list[QuoteLineOut]
    by: str
    at: datetime
    decided_at: datetime | None
    decided_by: str | None
    words: str | None
    yours: bool

    @classmethod
    def of(cls, quote: QuoteView) -> "QuoteOut":
        """Return the quote as the API gives it."""
        return cls(
            id=quote.id,
            number=quote.number,
            state=quote.state,
            state_title=QUOTE_TITLES[quote.state],
            total_fen=quote.total_fen,
            lines=[QuoteLineOut.of(line) for line in quote.lines],
            by=quote.by_name,
            at=quote.at,
            decided_at=quote.decided_at,
            decided_by=quote.decided_by,
            words=quote.words,
            yours=quote.yours,
        )
