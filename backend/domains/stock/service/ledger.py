"""Move things in and out of the store: a conditional UPDATE of the balance and a line of the ledger, or neither.

Whoever changes an item's balance first holds its row until their transaction ends, so the lines of an item follow one
another and each says what was there after it. Raises ShortOfStock, NoSuchItem.
"""

from sqlalchemy.orm import Session

from backend.domains.identity import service as identity
from backend.domains.notices import service as notices
from backend.domains.stock import repository
from backend.domains.stock.domain import ADJUST, IN, OUT, RETURN, Cause, ItemView, MovementView, quantity_text
from backend.domains.stock.errors import NoSuchItem, ShortOfStock
from backend.domains.stock.models import StockItem, StockMovement
from backend.domains.stock.service.items import view
from backend.kit import clock
from backend.kit.auth import Principal, Role
from backend.kit.problems import InvalidInput

DESK_ROLES = (Role.CUSTOMER_SERVICE, Role.MANAGER)
LOW = "库存不多了：{name}（{code}）还剩 {left} {unit}，低于最低库存 {minimum} {unit}，请补货。"


def take(session: Session, item_id: int, quantity_milli: int, who: Principal, cause: Cause) -> MovementView:
    """Take from the store. Raises ShortOfStock and takes nothing when less is there."""
    return _booked(session, item_id, OUT, -quantity_milli, who, cause)


def give_back(session: Session, item_id: int, quantity_milli: int, who: Principal, cause: Cause) -> MovementView:
    """Put back what was taken and not used."""
    return _booked(session, item_id, RETURN, quantity_milli, who, cause)


def enter(session: Session, item_id: int, quantity_milli: int, who: Principal, cause: Cause) -> MovementView:
    """Put new things into the store."""
    return _booked(session, item_id, IN, quantity_milli, who, cause)


def count(session: Session, item_id: int, counted_milli: int, who: Principal, cause: Cause) -> MovementView:
    """Write down what was counted; the difference is the movement."""
    if (known := _known(session, cause)) is not None:
        return known
    repository.change(session, item_id, 0)  # nobody takes anything between counting and writing
    return _booked(session, item_id, ADJUST, counted_milli - repository.on_hand(session, item_id), who, cause)


def page(session: Session, item_id: int, before_id: int | None, limit: int) -> list[MovementView]:
    """Return the ledger of an item, newest first."""
    _kept(session, item_id)
    return [_view(m) for m in repository.movements(session, item_id, before_id, limit)]


def _kept(session: Session, item_id: int) -> StockItem:
    found = repository.get(session, item_id)
    if found is None:
        raise NoSuchItem()
    return found[0]


def _known(session: Session, cause: Cause) -> MovementView | None:
    found = repository.movement_by_key(session, cause.key) if cause.key else None
    return _view(found) if found else None


def _booked(session: Session, item_id: int, kind: str, change_milli: int, who: Principal, cause: Cause) -> MovementView:
    if (known := _known(session, cause)) is not None:
        return known
    item = _kept(session, item_id)
    if kind in (IN, OUT) and not item.active:
        raise InvalidInput(f"{item.name}已经停用，不能出入库。", errors=[{"field": "item_id", "message": "已停用"}])
    if not repository.change(session, item_id, change_milli):
        left = quantity_text(repository.on_hand(session, item_id))
        raise ShortOfStock(f"库存不足：{item.name}只剩 {left} {item.unit}。", item_id=item_id, on_hand=left)
    balance = repository.on_hand(session, item_id)
    line = StockMovement(
        item_id=item_id,
        community_id=item.community_id,
        kind=kind,
        change_milli=change_milli,
        balance_milli=balance,
        reason=cause.reason,
        order_number=cause.order_number,
        source_key=cause.key,
        by_id=who.person_id,
        by_name=who.name,
        at=clock.now(),
    )
    session.add(line)
    session.flush()
    _watch(session, view(item, balance), line)
    return _view(line)


def _watch(session: Session, item: ItemView, line: StockMovement) -> None:
    """Tell the desk once when there is too little; a refill makes it new."""
    if not item.low:
        repository.set_low_told(session, item.id, False)
    elif line.change_milli < 0 and repository.set_low_told(session, item.id, True):
        text = LOW.format(
            name=item.name,
            code=item.code,
            unit=item.unit,
            left=quantity_text(item.on_hand_milli),
            minimum=quantity_text(item.minimum_milli),
        )
        telling = notices.Telling(item.community_id, text, f"stock:{item.id}:low:{line.id}")
        notices.tell(session, identity.staff_ids(session, item.community_id, list(DESK_ROLES)), telling)


def _view(m: StockMovement) -> MovementView:
    return MovementView(
        m.id, m.item_id, m.kind, m.change_milli, m.balance_milli, m.reason, m.order_number, m.by_name, m.at
    )
