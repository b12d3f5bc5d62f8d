"""Routes for what an order costs and for quotes. Every change answers with the costs as they are then."""

from typing import Annotated

from fastapi import APIRouter, Header, Path
from sqlalchemy.orm import Session

from backend.domains.stock.service import to_milli
from backend.domains.workorders import schemas_costs as schemas
from backend.domains.workorders.schemas_quotes import DecisionIn, QuoteIn, QuoteOut
from backend.domains.workorders.service import costs, materials, quotes
from backend.kit.auth import Principal
from backend.kit.fields import LARGEST_ID
from backend.kit.http import PrincipalDep, SessionDep

router = APIRouter()
Key = Annotated[str | None, Header(alias="Idempotency-Key", max_length=128)]
LineId = Annotated[int, Path(ge=1, le=LARGEST_ID)]


def _out(session: Session, number: str, who: Principal, answer: str | None = None) -> schemas.CostsOut:
    return schemas.CostsOut.of(costs.costs(session, number, who, answer))


@router.get("/quotes/waiting", summary="Quotes that wait for one's answer")
def waiting_quotes(session: SessionDep, who: PrincipalDep) -> list[QuoteOut]:
    """The open quotes for one's own home, newest first."""
    return [QuoteOut.of(quote) for quote in quotes.waiting(session, who)]


@router.get("/{number}/costs", summary="What a work order costs")
def get_costs(number: str, session: SessionDep, who: PrincipalDep) -> schemas.CostsOut:
    """Lines, sums and the quote that counts. The household sees what is charged to it, staff everything."""
    return _out(session, number, who)


@router.post("/{number}/materials", status_code=201, summary="Use material on a work order")
def add_material(
    number: str, body: schemas.MaterialIn, session: SessionDep, who: PrincipalDep, key: Key = None
) -> schemas.CostsOut:
    """Take it from the store; words that mean no item with a number are kept as words without a price."""
    _, answer = materials.add(session, number, body.to_command(), who, key)
    return _out(session, number, who, answer)


@router.post("/{number}/materials/{cost_id}/return", summary="Give material back")
def return_material(
    number: str, cost_id: LineId, body: schemas.ReturnIn, session: SessionDep, who: PrincipalDep, key: Key = None
) -> schemas.CostsOut:
    """Put it back into the store, whole or in part; also when the order has ended. Any other line is crossed out."""
    back = to_milli(body.quantity) if body.quantity is not None else None
    costs.give_back(session, number, cost_id, back, who, key)
    return _out(session, number, who)


@router.post("/{number}/labour", status_code=201, summary="Charge labour on a work order")
def add_labour(
    number: str, body: schemas.LabourIn, session: SessionDep, who: PrincipalDep, key: Key = None
) -> schemas.CostsOut:
    """Minutes at the price of an hour, or a line of the price list."""
    costs.add_work(session, number, body.to_command(), who, key)
    return _out(session, number, who)


@router.post("/{number}/costs/{cost_id}/charge", summary="Let somebody else pay")
def charge_cost(
    number: str, cost_id: LineId, body: schemas.ChargeIn, session: SessionDep, who: PrincipalDep
) -> schemas.CostsOut:
    """The desk decides; the owner only pays what they agreed to."""
    costs.charge(session, number, cost_id, body.charge, who)
    return _out(session, number, who)


@router.get("/{number}/quotes", summary="The quotes of a work order")
def list_quotes(number: str, session: SessionDep, who: PrincipalDep) -> list[QuoteOut]:
    """Every quote with its exact lines and what was said to it, oldest first."""
    return [QuoteOut.of(quote) for quote in quotes.history(session, number, who)]


@router.post("/{number}/quotes", status_code=201, summary="Make a quote")
def make_quote(number: str, body: QuoteIn, session: SessionDep, who: PrincipalDep, key: Key = None) -> schemas.CostsOut:
    """What the owner will pay for the order; they are asked at once. It takes the place of an earlier quote."""
    quotes.make(session, number, [line.to_command() for line in body.lines], who, key)
    return _out(session, number, who)


@router.post("/{number}/quotes/{quote_id}/decision", summary="Answer a quote")
def decide_quote(
    number: str, quote_id: LineId, body: DecisionIn, session: SessionDep, who: PrincipalDep
) -> schemas.CostsOut:
    """Agree or not, for those who live there only. The same answer again changes nothing."""
    quotes.decide(session, number, quote_id, body.accept, body.words, who)
    return _out(session, number, who)
