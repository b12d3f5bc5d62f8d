"""What an order costs and who pays: kinds, reasons, sums. Money is fen, quantities are thousandths. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

MATERIAL, LABOUR, SERVICE, CUSTOM = "material", "labour", "service", "custom"
COST_KINDS: dict[str, str] = {MATERIAL: "材料", LABOUR: "人工", SERVICE: "服务", CUSTOM: "自定义项目"}
"""``CUSTOM`` stands in no list: somebody who may set prices named it and its price."""
LARGEST_CUSTOM_FEN = 10_000_000

OWNER, COMPANY = "owner", "company"
PAYERS: dict[str, str] = {OWNER: "业主", COMPANY: "公司"}

USUAL, WARRANTY, DECISION, UNCONSENTED, UNPRICED, MOVED = (
    "usual", "warranty", "decision", "unconsented", "unpriced", "moved",
)  # fmt: skip
WHYS: dict[str, str] = {
    USUAL: "按规定",
    WARRANTY: "质保期内",
    DECISION: "公司决定",
    UNCONSENTED: "业主未同意",
    UNPRICED: "未定价",
    MOVED: "地点更正",
}


class Charge(StrEnum):
    """Who is asked to pay for a line: the owner, or the company because of the warranty or by its own decision."""

    OWNER = "owner"
    WARRANTY = "warranty"
    COMPANY = "company"


class QuoteState(StrEnum):
    """Where a quote stands.

    open ──► accepted          declined ──► accepted: the owner thought again, the lines are the same
      ├────► declined
      ├────► replaced           by a newer quote
      └────► withdrawn          the order ended, or turned out to be about another place
    """

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"


QUOTE_TITLES: dict[QuoteState, str] = {
    QuoteState.OPEN: "等业主答复",
    QuoteState.ACCEPTED: "业主已同意",
    QuoteState.DECLINED: "业主不同意",
    QuoteState.REPLACED: "已改报",
    QuoteState.WITHDRAWN: "已作废",
}
IN_FORCE = (QuoteState.OPEN, QuoteState.ACCEPTED, QuoteState.DECLINED)
"""The newest quote in one of these states is the order's quote."""


@dataclass(frozen=True, slots=True)
class Priced:
    """What is charged or offered: so much of something at a price. ``per``: units of the quantity to one of the price."""

    kind: str
    what: str
    quantity_milli: int
    unit: str
    price_fen: int | None
    price_unit: str
    amount_fen: int
    per: int = 1
    item_id: int | None = None
    price_code: str | None = None


@dataclass(frozen=True, slots=True)
class Custom:
    """Something that stands in no list, at the price that somebody who may set prices gives it."""

    what: str
    unit: str
    price_fen: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody asks to have charged or offered: an item, words for one, a line of the price list, minutes, or
    something of no list."""

    quantity_milli: int | None = None
    item_id: int | None = None
    words: str | None = None
    price_code: str | None = None
    minutes: int | None = None
    charge: Charge | None = None
    custom: Custom | None = None


@dataclass(frozen=True, slots=True)
class CostView:
    """A cost line outside its session; quantity and amount are what is left after returns."""

    id: int
    kind: str
    what: str
    quantity_milli: int
    returned_milli: int
    unit: str
    price_fen: int | None
    price_unit: str
    amount_fen: int
    charged_to: str
    why: str
    item_id: int | None
    movement_id: int | None
    price_code: str | None
    by_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """A line of a quote, as it was shown."""

    kind: str
    what: str
    quantity: str
    unit: str
    price_fen: int
    price_unit: str
    amount_fen: int


@dataclass(frozen=True, slots=True)
class QuoteView:
    """A quote outside its session. ``yours``: the viewer may answer it now."""

    id: int
    number: str
    state: QuoteState
    total_fen: int
    lines: tuple[QuoteLine, ...]
    by_name: str
    at: datetime
    decided_at: datetime | None
    decided_by: str | None
    words: str | None
    yours: bool


@dataclass(frozen=True, slots=True)
class Sums:
    """The sums of cost lines. ``total`` is materials + labour + services + custom, and owner + company, always."""

    materials_fen: int
    labour_fen: int
    services_fen: int
    custom_fen: int
    owner_fen: int
    company_fen: int

    @property
    def total_fen(self) -> int:
        """Return what the order costs."""
        return self.materials_fen + self.labour_fen + self.services_fen + self.custom_fen


def sums(lines: Iterable[CostView]) -> Sums:
    """Return the sums of lines."""
    found = list(lines)

    def of(**wanted: str) -> int:
        return sum(line.amount_fen for line in found if all(getattr(line, k) == v for k, v in wanted.items()))

    return Sums(*(of(kind=kind) for kind in COST_KINDS), *(of(charged_to=payer) for payer in PAYERS))


@dataclass(frozen=True, slots=True)
class Share:
    """What one of several orders costs that were merged."""

    number: str
    owner_fen: int
    company_fen: int

    @property
    def total_fen(self) -> int:
        """Return what the order costs."""
        return self.owner_fen + self.company_fen


@dataclass(frozen=True, slots=True)
class Costs:
    """What an order costs as a viewer may see it: staff all, the household what is charged to it.

    ``shares`` are its own and those of the orders merged into it, for the desk; empty where none was.
    """

    number: str
    lines: tuple[CostView, ...]
    sums: Sums
    quote: QuoteView | None
    consented_fen: int
    whole: bool
    may_add: bool
    answer: str | None = None
    shares: tuple[Share, ...] = ()
