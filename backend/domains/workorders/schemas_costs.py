"""What the API of an order's costs and quotes takes and gives. Quantities are decimals, sent as texts; money is fen."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, Strict, model_validator

from backend.domains.stock.service import quantity_text, to_milli
from backend.domains.workorders.domain_costs import (
    COST_KINDS,
    PAYERS,
    QUOTE_TITLES,
    WHYS,
    Charge,
    Costs,
    CostView,
    QuoteView,
    Wanted,
)
from backend.kit.fields import Code, Count, MaybeWords, Name, Quantity, RowId, refusal


class _Strictly(BaseModel):
    model_config = ConfigDict(extra="forbid")


Minutes = Annotated[Count, Field(ge=1, le=24 * 60)]


class MaterialIn(_Strictly):
    """So much of an item of the store, or words for it (「角阀」 with a quantity, 「换了两个角阀」)."""

    item_id: RowId | None = None
    words: Name | None = None
    quantity: Quantity | None = None
    charge: Charge | None = Field(None, description="left out: by the rule, the owner in a home, else the company")

    @model_validator(mode="after")
    def _one(self) -> "MaterialIn":
        if (self.item_id is None) == (self.words is None):
            raise refusal("item_id 和 words 要填一个")
        return self

    def to_command(self) -> Wanted:
        """Return the dataclass."""
        quantity = to_milli(self.quantity) if self.quantity is not None else None
        return Wanted(quantity, self.item_id, self.words, charge=self.charge)


class LabourIn(_Strictly):
    """Minutes, or so many of a line of the price list."""

    minutes: Minutes | None = None
    price_code: Code | None = None
    quantity: Quantity | None = None
    charge: Charge | None = None

    @model_validator(mode="after")
    def _one(self) -> "LabourIn":
        if (self.minutes is None) == (self.price_code is None):
            raise refusal("minutes 和 price_code 要填一个")
        if self.minutes is not None and self.quantity is not None:
            raise refusal("quantity 和 price_code 一起填")
        return self

    def to_command(self) -> Wanted:
        """Return the dataclass."""
        quantity = to_milli(self.quantity) if self.quantity is not None else None
        return Wanted(quantity, price_code=self.price_code, minutes=self.minutes, charge=self.charge)


class ReturnIn(_Strictly):
    """How much comes back; all of it where that is left out."""

    quantity: Quantity | None = None


class ChargeIn(_Strictly):
    """Who pays."""

    charge: Charge


class QuoteLineIn(_Strictly):
    """So many of a line of the price list, or of an item of the store."""

    price_code: Code | None = None
    item_id: RowId | None = None
    quantity: Quantity | None = None

    @model_validator(mode="after")
    def _one(self) -> "QuoteLineIn":
        if (self.item_id is None) == (self.price_code is None):
            raise refusal("item_id 和 price_code 要填一个")
        return self

    def to_command(self) -> Wanted:
        """Return the dataclass."""
        quantity = to_milli(self.quantity) if self.quantity is not None else None
        return Wanted(quantity, self.item_id, price_code=self.price_code)


class QuoteIn(_Strictly):
    """A quote for all that the owner will pay for the order."""

    lines: Annotated[list[QuoteLineIn], Field(min_length=1, max_length=30)]


class DecisionIn(_Strictly):
    """The owner's word."""

    accept: Annotated[bool, Strict()]
    words: MaybeWords = None


class CostLineOut(BaseModel):
    """A cost line; quantity and amount are what is left after returns."""

    id: int
    kind: str
    kind_title: str
    what: str
    quantity: str
    returned: str
    unit: str
    price_fen: int | None
    price_unit: str
    amount_fen: int
    charged_to: str
    charged_to_title: str
    why: str
    why_title: str
    item_id: int | None
    movement_id: int | None
    price_code: str | None
    by: str
    at: datetime

    @classmethod
    def of(cls, line: CostView) -> "CostLineOut":
        """Return the line as the API gives it."""
        return cls(
            id=line.id,
            kind=line.kind,
            kind_title=COST_KINDS[line.kind],
            what=line.what,
            quantity=quantity_text(line.quantity_milli),
            returned=quantity_text(line.returned_milli),
            unit=line.unit,
            price_fen=line.price_fen,
            price_unit=line.price_unit,
            amount_fen=line.amount_fen,
            charged_to=line.charged_to,
            charged_to_title=PAYERS[line.charged_to],
            why=line.why,
            why_title=WHYS[line.why],
            item_id=line.item_id,
            movement_id=line.movement_id,
            price_code=line.price_code,
            by=line.by_name,
            at=line.at,
        )


class QuoteLineOut(BaseModel):
    """A line of a quote as it was shown."""

    model_config = ConfigDict(from_attributes=True)

    kind: str
    what: str
    quantity: str
    unit: str
    price_fen: int
    price_unit: str
    amount_fen: int


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
            lines=[QuoteLineOut.model_validate(line) for line in quote.lines],
            by=quote.by_name,
            at=quote.at,
            decided_at=quote.decided_at,
            decided_by=quote.decided_by,
            words=quote.words,
            yours=quote.yours,
        )


class CostsOut(BaseModel):
    """What an order costs: to staff all of it, to the household what is charged to it (then ``company_fen`` is null)."""

    number: str
    lines: list[CostLineOut]
    materials_fen: int
    labour_fen: int
    services_fen: int
    total_fen: int
    owner_fen: int
    company_fen: int | None
    consented_fen: int = Field(description="the most that may be charged to the owner")
    quote: QuoteOut | None = Field(description="the one that counts")
    may_add: bool
    answer: str | None = Field(description="a word for who asked, where things went other than asked")

    @classmethod
    def of(cls, costs: Costs) -> "CostsOut":
        """Return the costs as the API gives them."""
        return cls(
            number=costs.number,
            lines=[CostLineOut.of(line) for line in costs.lines],
            materials_fen=costs.sums.materials_fen,
            labour_fen=costs.sums.labour_fen,
            services_fen=costs.sums.services_fen,
            total_fen=costs.sums.total_fen,
            owner_fen=costs.sums.owner_fen,
            company_fen=costs.sums.company_fen if costs.whole else None,
            consented_fen=costs.consented_fen,
            quote=QuoteOut.of(costs.quote) if costs.quote else None,
            may_add=costs.may_add,
            answer=costs.answer,
        )
