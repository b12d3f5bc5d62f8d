"""The price list of an estate. Raises NoSuchPrice."""

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backend.domains.stock import repository
from backend.domains.stock.domain import NewPrice, PriceView
from backend.domains.stock.errors import NoSuchPrice
from backend.domains.stock.models import PriceItem
from backend.kit import clock
from backend.kit.problems import Conflict

FIELDS = ("name", "category", "kind", "unit", "labour_fen", "note", "active")


def listed(session: Session, community_id: int | None, q: str | None, all_: bool) -> list[PriceView]:
    """Return the price list; with ``all_`` also what is not offered any more."""
    return [_view(p) for p in repository.prices(session, community_id, q, all_)]


def price(session: Session, community_id: int, code: str) -> PriceView:
    """Return a line that is in use. Raises NoSuchPrice."""
    found = repository.price_by_code(session, community_id, code.upper())
    if found is None or not found.active:
        raise NoSuchPrice()
    return _view(found)


def hourly(session: Session, community_id: int) -> PriceView | None:
    """Return what an hour of labour costs, None where the list does not say."""
    found = repository.hourly(session, community_id)
    return _view(found) if found else None


def put(session: Session, community_id: int, wanted: NewPrice) -> PriceView:
    """Make a line be so; it is entered when there is none with this code."""
    row = repository.price_by_code(session, community_id, wanted.code)
    if row is None:
        row = PriceItem(community_id=community_id, code=wanted.code)
    changed = [name for name in FIELDS if getattr(row, name) != getattr(wanted, name)]
    for name in changed:
        setattr(row, name, getattr(wanted, name))
    if changed:
        row.updated_at = clock.now()
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as error:  # somebody entered the same code at the same moment
        raise Conflict() from error
    return _view(row)


def _view(p: PriceItem) -> PriceView:
    return PriceView(p.id, p.community_id, p.code, p.name, p.category, p.kind, p.unit, p.labour_fen, p.note, p.active)
