"""Take, keep and give back pictures."""

import hashlib
import os
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import BoundedSemaphore

from sqlalchemy.orm import Session

from backend.domains.media import repository
from backend.domains.media.domain import content_type_of
from backend.domains.media.models import Media
from backend.domains.media.pictures import NotAPicture, TooMuchToDraw, cleaned
from backend.domains.media.taken import UNSAID, Taken, settled, taken, wrong_moment
from backend.domains.media.thumbnails import small
from backend.kit import clock
from backend.kit.auth import Principal
from backend.kit.problems import Forbidden, InvalidInput, NotFound, TooLarge, UnsupportedMedia
from backend.kit.scope import system_scope
from backend.settings import get_settings

THUMB_SIDE = 480
DRAWN_AT_ONCE = 2
"""A picture of 50 megapixels takes 200 MB while it is drawn."""
_drawing = BoundedSemaphore(DRAWN_AT_ONCE)
_also_seen: list[Callable[[Session, str, Principal], bool]] = []


def also_seen(rule: Callable[[Session, str, Principal], bool]) -> None:
    """Add a rule by which somebody may see a picture that is not theirs; the domains above have them."""
    _also_seen.append(rule)


@dataclass(frozen=True, slots=True)
class MediaView:
    """A picture outside its session."""

    id: str
    content_type: str
    path: Path


@dataclass(frozen=True, slots=True)
class MediaAbout:
    """What is known of a picture besides the picture."""

    media_id: str
    content_type: str
    size_bytes: int
    uploaded_by_id: int
    uploaded_at: datetime
    taken_at: datetime | None
    lat: float | None
    lng: float | None
    taken_source: str | None
    place_source: str | None


def _path(sha256: str) -> Path:
    return get_settings().var_dir / "media" / sha256[:2] / sha256


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{uuid.uuid4().hex}.part")
    part.write_bytes(data)
    os.replace(part, path)


def store(session: Session, who: Principal, data: bytes, stated: Taken = UNSAID) -> MediaView:
    """Keep a picture, without where it was taken: that stands beside it, as the photo or its phone (``stated``) says.

    Raises TooLarge, InvalidInput (empty, or stated what cannot be) or UnsupportedMedia.
    """
    if not data:
        raise InvalidInput("文件是空的。", errors=[{"field": "file", "message": "文件是空的"}])
    if len(data) > get_settings().upload_limit_bytes:
        raise TooLarge("图片超过 10 MB，请压缩后再发。")
    content_type = content_type_of(data[:16])
    if content_type is None:
        raise UnsupportedMedia()
    if not who.community_ids:
        raise Forbidden("您还没有绑定小区，请联系物业登记。")
    _require_possible(stated)
    data, by_file = _read(data, content_type)
    found, taken_source, place_source = settled(by_file, stated, clock.now())
    digest = hashlib.sha256(data).hexdigest()
    path = _path(digest)
    if not path.exists():
        _write(path, data)
    row = Media(
        id=uuid.uuid4().hex,
        community_id=min(who.community_ids),
        owner_id=who.person_id,
        sha256=digest,
        content_type=content_type,
        size_bytes=len(data),
        created_at=clock.now(),
        taken_at=found.at,
        lat=found.lat,
        lng=found.lng,
        taken_source=taken_source,
        place_source=place_source,
    )
    session.add(row)
    session.flush()
    return MediaView(row.id, content_type, path)


def _require_possible(stated: Taken) -> None:
    wrong = wrong_moment(stated.at, clock.now()) if stated.at is not None else None
    if wrong is not None:
        raise InvalidInput(f"{wrong}。", errors=[{"field": "taken_at", "message": wrong}])


def _read(data: bytes, content_type: str) -> tuple[bytes, Taken]:
    with _drawing:
        try:
            alone = cleaned(data, content_type)
            return alone, taken(data, content_type, clock.now())
        except TooMuchToDraw as error:
            raise UnsupportedMedia("这张图片太大了（超过五千万像素，或者动图太长），请换一张小一点的。") from error
        except NotAPicture as error:
            raise UnsupportedMedia("这张图片打不开，可能已经损坏，请换一张。") from error


def get(session: Session, media_id: str, who: Principal) -> MediaView:
    """Return a picture that ``who`` may see: their own, their estate's desk's, or of an order they hold. Raises NotFound."""
    row = repository.get(session, media_id)
    if row is None and any(rule(session, media_id, who) for rule in _also_seen):
        with system_scope(session):
            row = repository.get(session, media_id)
    if row is None or not _path(row.sha256).exists():
        raise NotFound("没有找到这张图片。")
    return MediaView(row.id, row.content_type, _path(row.sha256))


def about(session: Session, media_id: str, who: Principal) -> MediaAbout:
    """Return when and where a picture that ``who`` may see was taken. Raises NotFound. For staff only."""
    get(session, media_id, who)
    with system_scope(session):
        row = repository.by_ids(session, [media_id])[0]
    return MediaAbout(
        media_id=row.id,
        content_type=row.content_type,
        size_bytes=row.size_bytes,
        uploaded_by_id=row.owner_id,
        uploaded_at=row.created_at,
        taken_at=row.taken_at,
        lat=row.lat,
        lng=row.lng,
        taken_source=row.taken_source,
        place_source=row.place_source,
    )


def thumbnail(kept: MediaView) -> MediaView:
    """Return a picture small, made when it is first asked for; as it is where it cannot be made smaller."""
    path = kept.path.with_suffix(f".{THUMB_SIDE}")
    if not path.exists():
        with _drawing:
            made = small(kept.path.read_bytes(), THUMB_SIDE)
        if made is None:
            return kept
        _write(path, made)
    with path.open("rb") as file:
        content_type = content_type_of(file.read(16))
    return MediaView(kept.id, content_type or kept.content_type, path)


def require(session: Session, ids: Sequence[str], field: str = "attachments") -> None:
    """Raise InvalidInput unless the session's principal sent all these pictures or has them at their desk."""
    found = {row.id for row in repository.by_ids(session, ids)} if ids else set()
    if not found.issuperset(ids):
        raise InvalidInput("有图片没传成功，请重新选择。", errors=[{"field": field, "message": "找不到图片"}])
