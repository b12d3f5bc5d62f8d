"""The items of a store: find, enter, correct. Raises NoSuchItem, ItemCodeTaken, UnitInUse, InvalidInput."""

from collections.abc import Sequence

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backend.domains.stock import repository
from backend.domains.stock.domain import ItemEdit, ItemView, NewItem
from backend.domains.stock.errors import ItemCodeTaken, NoSuchItem, UnitInUse
from backend.domains.stock.models import StockItem
from backend.domains.stock.words import Part, Read, read_parts
from backend.kit import clock

CODES_TRIED = 50


def view(item: StockItem, on_hand_milli: int) -> ItemView:
    """Return an item outside its session."""
    return ItemView(
        item.id, item.community_id, item.code, item.name, tuple(item.aliases), item.unit, item.price_fen,
        item.minimum_milli, item.active, on_hand_milli,
    )  # fmt: skip


def get(session: Session, item_id: int, community_id: int | None = None) -> ItemView:
    """Return an item that the session's principal may read, of this estate where one is given. Raises NoSuchItem."""
    found = repository.get(session, item_id)
    if found is None or community_id not in (None, found[0].community_id):
        raise NoSuchItem()
    return view(*found)


def search(
    session: Session, q: str | None, community_id: int | None, low: bool, after_id: int | None, limit: int
) -> list[ItemView]:
    """Return a page of the store."""
    return [view(*kept) for kept in repository.search(session, q, community_id, low, after_id, limit)]


def of_community(session: Session, community_id: int) -> list[ItemView]:
    """Return the whole store of an estate."""
    return [view(*kept) for kept in repository.of_community(session, community_id)]


def read(session: Session, community_id: int, words: str) -> Read:
    """Return the parts with their numbers that words name beyond doubt, and what else they name with a number."""
    return read_parts(words, [view(*kept) for kept in repository.of_community(session, community_id, True)])


def named(session: Session, community_id: int, name: str) -> ItemView | None:
    """Return the one item that is called exactly so, None when none or several are."""
    wanted = name.casefold().strip()
    found = [
        view(*kept)
        for kept in repository.of_community(session, community_id, True)
        if wanted in {n.casefold() for n in (kept[0].name, kept[0].code, *kept[0].aliases)}
    ]
    return found[0] if len(found) == 1 else None


def add(session: Session, community_id: int, new: NewItem) -> ItemView:
    """Enter an item with nothing on hand. A code that is given must be free."""
    count = repository.count(session, community_id)
    own = [f"WL{number:04d}" for number in range(count + 1, count + 1 + CODES_TRIED)]
    codes = [new.code] if new.code else own
    known = repository.by_codes(session, community_id, codes)
    for code in codes:
        if code in known:
            continue
        item = StockItem(
            community_id=community_id,
            code=code,
            name=new.name,
            aliases=list(new.aliases),
            unit=new.unit,
            price_fen=new.price_fen,
            minimum_milli=new.minimum_milli,
            active=True,
            created_at=clock.now(),
        )
        try:
            with session.begin_nested():
                repository.add(session, item)
            return view(item, 0)
        except IntegrityError:  # somebody entered the same code at the same moment
            continue
    raise ItemCodeTaken(f"编码 {new.code} 已经有物料在用，请换一个。" if new.code else None)


def edit(session: Session, item_id: int, wanted: ItemEdit) -> ItemView:
    """Correct an item, or put it out of use or back."""
    repository.change(session, item_id, 0)  # the balance first, as who moves the item does: nobody waits in a circle
    found = repository.get(session, item_id)
    if found is None:
        raise NoSuchItem()
    item, on_hand = found
    if wanted.fields.get("unit", item.unit) != item.unit and repository.has_moved(session, item_id):
        raise UnitInUse()
    for name, value in wanted.fields.items():
        if getattr(item, name) != value:
            setattr(item, name, value)
    session.flush()
    edited = view(item, on_hand)
    if not edited.low:
        repository.set_low_told(session, item_id, False)
    return edited


def put_all(session: Session, community_id: int, wanted: Sequence[NewItem]) -> dict[str, int]:
    """Enter or correct items by their codes, all or none; return how many were added, changed and as they were."""
    known = repository.by_codes(session, community_id, [new.code for new in wanted if new.code])
    for item_id in sorted(item.id for item in known.values()):
        repository.change(session, item_id, 0)
    done = {"added": 0, "changed": 0, "unchanged": 0}
    for new in sorted(wanted, key=lambda new: new.code or ""):
        item = known.get(new.code or "")
        if item is None:
            add(session, community_id, new)
            done["added"] += 1
            continue
        fields = {
            "name": new.name,
            "aliases": list(new.aliases),
            "unit": new.unit,
            "price_fen": new.price_fen,
            "minimum_milli": new.minimum_milli,
        }
        same = all(getattr(item, name) == value for name, value in fields.items())
        done["unchanged" if same else "changed"] += 1
        if not same:
            edit(session, item.id, ItemEdit(fields))
    return done


__all__ = ["Part", "Read", "add", "edit", "get", "named", "of_community", "put_all", "read", "search", "view"]
