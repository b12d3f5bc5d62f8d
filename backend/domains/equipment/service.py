"""Use cases of the ledger."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from backend.domains.equipment import repository
from backend.domains.equipment.domain import (
    KIND_OF_CATEGORY,
    KINDS,
    STATUSES,
    AssetView,
    NewAsset,
    narrow,
)
from backend.domains.equipment.models import Asset
from backend.domains.estate import service as estate
from backend.kit import clock
from backend.kit.problems import InvalidInput

__all__ = ["KINDS", "STATUSES", "AssetView", "NewAsset", "add", "find_meant", "names", "search", "views"]


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
    return [_view(a) for a in repository.search(session, q, community_id, after_id, limit)]


def names(session: Session, community_id: int) -> list[AssetView]:
    """Return every asset of an estate, for the vocabulary."""
    return [_view(a) for a in repository.of_community(session, community_id)]


def add(session: Session, community_id: int, new: NewAsset) -> AssetView:
    """Enter an asset; from now on it is understood in chat. Raises InvalidInput for an unknown kind."""
    if new.kind not in KINDS:
        raise InvalidInput(errors=[{"field": "kind", "message": "没有这种设备"}])
    code = new.code or f"EQ{repository.count(session, community_id) + 1:05d}"
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
    session.add(asset)
    session.flush()
    estate.vocabulary_changed(session, community_id)
    return _view(asset)


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
