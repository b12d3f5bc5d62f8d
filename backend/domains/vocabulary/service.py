"""The live vocabulary of each estate, cached until one of its names changes."""

from collections.abc import Iterator
from threading import Lock

from sqlalchemy.orm import Session

from backend.domains.equipment import service as equipment
from backend.domains.estate import service as estate
from backend.domains.identity import service as identity
from backend.domains.vocabulary.domain import Mention, Name, NameKind, Vocabulary
from backend.kit.auth import Role
from backend.kit.scope import system_scope

__all__ = ["Mention", "NameKind", "mentions"]

_cache: dict[tuple[str, int], tuple[int, Vocabulary]] = {}
_lock = Lock()


def mentions(session: Session, community_id: int, text: str) -> list[Mention]:
    """Return the estate's names in a text."""
    with system_scope(session):
        return _vocabulary(session, community_id).mentions(text)


def _vocabulary(session: Session, community_id: int) -> Vocabulary:
    version = estate.vocabulary_version(session, community_id)
    key = (str(session.get_bind().engine.url), community_id)
    cached = _cache.get(key)
    if cached is not None and cached[0] == version:
        return cached[1]
    with _lock:
        built = Vocabulary(_names(session, community_id))
        _cache[key] = (version, built)
    return built


def _names(session: Session, community_id: int) -> Iterator[Name]:
    for word in estate.building_names(session, community_id):
        yield Name(word, NameKind.BUILDING, word.removesuffix("号楼"))
    for place in estate.place_names(session, community_id):
        for word in (place.name, *place.aliases):
            yield Name(word, NameKind.PLACE, place.name)
    for asset in equipment.names(session, community_id):
        for word in (asset.name, *asset.aliases):
            yield Name(word, NameKind.DEVICE, str(asset.id))
    for person in identity.technicians(session, community_id):
        yield Name(person.name, NameKind.TECHNICIAN, str(person.id))
        yield Name(identity.called(person.name, Role.TECHNICIAN), NameKind.TECHNICIAN, str(person.id))
