"""What a message of a channel says in words."""

from collections.abc import Collection

from sqlalchemy.orm import Session

from backend.domains.channels import domain
from backend.domains.channels.domain import Kind, Spoken, Told
from backend.domains.estate import service as estate
from backend.kit.geo import Point, distance_m
from backend.kit.scope import system_scope


def words_of(session: Session, said: Spoken, community_ids: Collection[int], has_picture: bool) -> str | Told:
    """Return what was said, as text for the inbox; Told where there is nothing to hand on."""
    if said.kind is Kind.IMAGE and not has_picture:
        return Told(domain.PICTURE_LOST)
    if said.kind is Kind.TAP:
        return domain.TAPS.get(said.key) or Told(domain.NO_SUCH_TAP)
    if said.kind is Kind.VOICE and not said.text.strip():
        return Told(domain.NOT_HEARD)
    if said.kind is Kind.OTHER:
        return Told(domain.CANNOT_READ)
    if said.kind is Kind.LOCATION and said.lat is not None and said.lng is not None:
        place = nearest(session, (said.lat, said.lng), community_ids)
        return domain.HERE.format(place=place) if place else Told(domain.FAR_AWAY)
    return said.text


def nearest(session: Session, point: Point, community_ids: Collection[int]) -> str | None:
    """Return the building or gate next to a point (WGS-84), in words; None when all are far away."""
    found: list[tuple[float, str]] = []
    with system_scope(session):
        for community_id in community_ids:
            known = estate.positions(session, community_id)
            found += [(distance_m(point, at), f"{number}号楼旁边") for number, at in known.buildings.items()]
            found += [(distance_m(point, at), name) for name, at in known.places.items()]
    away_m, words = min(found, default=(domain.NEAR_M + 1, ""))
    return words if away_m <= domain.NEAR_M else None
