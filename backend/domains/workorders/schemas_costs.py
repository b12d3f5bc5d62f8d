"""What the API of an order's costs takes and gives; quotes are in ``schemas_quotes``. Quantities are decimals, sent as texts; money is fen."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from backend.domains.stock.service import quantity_text, to_milli
from backend.domains.workorders.domain_costs import (
    COST_KINDS,
    PAYERS,
    WHYS,
    Charge,
    Costs,
    CostView,
    Share,
    Wanted,
)
from backend.domains.workorders.schemas_quotes import CustomIn, QuoteOut, Strictly
from backend.kit.fields import Code, Count, Name, Quantity, RowId, refusal

Minutes = Annotated[Count, Field(ge=1, le=24 * 60)]


class MaterialIn(Strictly):
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


class LabourIn(Strictly):
    """Minutes, so many of a line of the price list, or of something that stands in no list."""

    minutes: Minutes | None = None
    price_code: Code | None = None
    custom: CustomIn | None = None
    quantity: Quantity | None = None
    charge: Charge | None = None

    @model_validator(mode="after")
    def _one(self) -> "LabourIn":
        if [self.minutes, self.price_code, self.custom].count(None) != 2:
            raise refusal("minutes、price_code 和 custom 要填一个")
        if self.minutes is not None and self.quantity is not None:
            raise refusal("quantity 和 price_code 或 custom 一起填")
        return self

    def to_command(self) -> Wanted:
        """Return the dataclass."""
        quantity = to_milli(self.quantity) if self.quantity is not None else None
        custom = self.custom.to_command() if self.custom else None
        return Wanted(
            quantity, price_code=self.price_code, minutes=self.minutes, charge=self.charge, custom=custom
        )  # fmt: skip


class ReturnIn(Strictly):
    """How much comes back; all of it where that is left out."""

    quantity: Quantity | None = None


class ChargeIn(Strictly):
    """Who pays."""

    charge: Charge


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


class ShareOut(BaseModel):
    """What one of the orders costs that were merged."""

    model_config = ConfigDict(from_attributes=True)

    number: str
    total_fen: int
    owner_fen: int
    company_fen: int


class TogetherOut(BaseModel):
    """An order and all that was merged into it: the sums of all, and the share of each, its own first."""

    total_fen: int
    owner_fen: int
    company_fen: int
    shares: list[ShareOut]

    @classmethod
    def of(cls, shares: Sequence[Share]) -> "TogetherOut | None":
        """Return the sums of shares; None without any."""
        if not shares:
            return None
        return cls(
            total_fen=sum(s.total_fen for s in shares),
            owner_fen=sum(s.owner_fen for s in shares),
            company_fen=sum(s.company_fen for s in shares),
            shares=[ShareOut.model_validate(s) for s in shares],
        )


class CostsOut(BaseModel):
    """What an order costs: to staff all of it, to the household what is charged to it (then ``company_fen`` is null).

    The sums are of this order alone; ``together`` has those with the orders that were merged into it.
    """

    number: str
    lines: list[CostLineOut]
    materials_fen: int
    labour_fen: int
    services_fen: int
    custom_fen: int = Field(description="what stands in no list")
    total_fen: int = Field(description="of this order alone")
    owner_fen: int
    company_fen: int | None
    consented_fen: int = Field(description="the most that may be charged to the owner")
    quote: QuoteOut | None = Field(description="the one that counts")
    may_add: bool
    together: TogetherOut | None = Field(description="for the desk; null where no order was merged into this one")
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
            custom_fen=costs.sums.custom_fen,
            total_fen=costs.sums.total_fen,
            owner_fen=costs.sums.owner_fen,
            company_fen=costs.sums.company_fen if costs.whole else None,
            consented_fen=costs.consented_fen,
            quote=QuoteOut.of(costs.quote) if costs.quote else None,
            may_add=costs.may_add,
            together=TogetherOut.of(costs.shares),
            answer=costs.answer,
        )
