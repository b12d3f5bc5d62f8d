"""Use cases of the ledger."""

from collections.abc import Sequence

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backend.domains.equipment import repository
from backend.domains.equipment.domain import (
    KIND_OF_CATEGORY,
    KINDS,
    STATUSES,
    AssetEdit,
    AssetView,
    NewAsset,
    narrow,
    search_for,
)
from backend.domains.equipment.errors import CodeTaken, NoSuchAsset, SameName
from backend.domains.equipment.models import Asset
from backend.domains.estate import service as estate
from backend.kit import clock
from backend.kit.problems import InvalidInput
from backend.kit.scope import system_scope

__all__ = [
    "KINDS",
    "STATUSES",
    "AssetEdit",
    "AssetView",
    "NewAsset",
    "add",
    "edit",
    "find_meant",
    "get",
    "names",
    "search",
    "views",
]

CODES_TRIED = 50


def _view(a: Asset) -> AssetView:
    return AssetView(
        a.id, a.community_id, a.code, a.name, tuple(a.aliases), a.kind,
        a.building, a.unit, a.floor, a.place, a.status,
    )  # fmt: skip


def views(session: Session, ids: Sequence[int]) -> dict[int, AssetView]:
    """Return assets by id."""
    return {a.id: _view(a) for a in repository.by_ids(session, ids)} if ids else {}


def search(
    session: Session, q: str | None, community_id: int | None, after_id: int | None, limit: int
) -> list[AssetView]:
    """Return a page of the ledger."""
    wanted = search_for(q, estate.as_address(q)) if q else None
    return [_view(a) for a in repository.search(session, wanted, community_id, after_id, limit)]


def get(session: Session, asset_id: int) -> AssetView:
    """Return one asset that the session's principal may read. Raises NoSuchAsset."""
    return _view(_row(session, asset_id))


def _row(session: Session, asset_id: int) -> Asset:
    found = repository.get(session, asset_id)
    if found is None:
        raise NoSuchAsset()
    return found


def names(session: Session, community_id: int) -> list[AssetView]:
    """Return every asset of an estate, for the vocabulary."""
    return [_view(a) for a in repository.of_community(session, community_id)]


def add(session: Session, community_id: int, new: NewAsset) -> AssetView:
    """Enter an asset; from now on it is understood in chat.

    Raises InvalidInput for an unknown kind or a place that does not exist, CodeTaken, and SameName when another asset
    is called so and that is not said to be meant.
    """
    _require_kind(new.kind)
    _require_place(session, community_id, new.building, new.unit)
    estate.vocabulary_changed(session, community_id)  # from here on, equipment of the estate is entered one at a time
    if not new.same_name_meant:
        _require_own_name(session, community_id, new.name)
    return _view(_entered(session, community_id, new))


def edit(session: Session, asset_id: int, wanted: AssetEdit) -> AssetView:
    """Correct an asset, or put it out of use or back. Raises NoSuchAsset, InvalidInput, SameName."""
    asset = _row(session, asset_id)
    fields = dict(wanted.fields)
    _require_kind(fields.get("kind", asset.kind))
    if fields.get("status", asset.status) not in STATUSES:
        raise InvalidInput(errors=[{"field": "status", "message": "没有这种状态"}])
    building, unit = fields.get("building", asset.building), fields.get("unit", asset.unit)
    if (building, unit) != (asset.building, asset.unit):
        _require_place(session, asset.community_id, building, unit)
    if fields.get("name", asset.name) != asset.name and not wanted.same_name_meant:
        _require_own_name(session, asset.community_id, fields["name"], asset.id)
    for name, value in fields.items():
        if getattr(asset, name) != value:
            setattr(asset, name, value)
    session.flush()
    estate.vocabulary_changed(session, asset.community_id)
    return _view(asset)


def _require_kind(kind: str) -> None:
    if kind not in KINDS:
        raise InvalidInput(errors=[{"field": "kind", "message": "没有这种设备"}])


def _require_place(session: Session, community_id: int, building: str | None, unit: str | None) -> None:
    with system_scope(session):
        estate.require_existing(session, community_id, estate.Location(None, building, unit), "")


def _require_own_name(session: Session, community_id: int, name: str, but: int | None = None) -> None:
    other = repository.same_name(session, community_id, name, but)
    if other is not None:
        raise SameName(f"已经有一台叫「{name}」的设备（编号 {other.code}）。确实是另一台，请确认后再存。")


def _entered(session: Session, community_id: int, new: NewAsset) -> Asset:
    """Return the new row. A code that was given must be free; one of our own making moves on until it is."""
    count = repository.count(session, community_id)
    own = (f"EQ{number:05d}" for number in range(count + 1, count + 1 + CODES_TRIED))
    for code in [new.code] if new.code else own:
        if repository.has_code(session, community_id, code):
            continue
        asset = Asset(
            community_id=community_id,
            code=code,
            name=new.name,
            aliases=list(new.aliases),
            kind=new.kind,
            building=new.building,
            unit=new.unit,
            floor=new.floor,
            place=new.place,
            status="up",
            created_at=clock.now(),
        )
        try:
            with session.begin_nested():
                session.add(asset)
            return asset
        except IntegrityError:  # somebody entered the same code at the same moment
            continue
    raise CodeTaken(f"编号 {new.code} 已经有设备在用，请换一个。" if new.code else None)


def find_meant(
    session: Session, community_id: int, category: str, named: Sequence[int], location: estate.Location
) -> AssetView | None:
    """Return the one asset a report is about: among those named, else by category and place; None when unclear."""
    if named:
        found = [_view(a) for a in repository.by_ids(session, named)]
        return narrow(found, location.building, location.unit, location.place)
    kinds = KIND_OF_CATEGORY.get(category, ())
    if not kinds or not (location.building and location.place):
        return None
    here = [
        _view(a)
        for a in repository.of_community(session, community_id, kinds)
        if a.building == location.building and (not location.unit or a.unit == location.unit)
    ]
    exact = [a for a in here if a.place == location.place or location.place in (a.name, *a.aliases)]
    return exact[0] if len(exact) == 1 else None
