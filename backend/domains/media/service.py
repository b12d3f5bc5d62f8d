"""Take, keep and give back pictures."""

import hashlib
import os
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from backend.domains.media import repository
from backend.domains.media.domain import content_type_of
from backend.domains.media.models import Media
from backend.domains.workorders import service as workorders
from backend.kit import clock
from backend.kit.auth import Principal
from backend.kit.problems import InvalidInput, NotFound, TooLarge, UnsupportedMedia
from backend.kit.scope import system_scope
from backend.settings import get_settings


@dataclass(frozen=True, slots=True)
class MediaView:
    """A picture outside its session."""

    id: str
    content_type: str
    path: Path


def _path(sha256: str) -> Path:
    return get_settings().var_dir / "media" / sha256[:2] / sha256


def store(session: Session, who: Principal, data: bytes) -> MediaView:
    """Keep a picture. Raises TooLarge, InvalidInput (empty) or UnsupportedMedia."""
    if not data:
        raise InvalidInput("文件是空的。", errors=[{"field": "file", "message": "文件是空的"}])
    if len(data) > get_settings().upload_limit_bytes:
        raise TooLarge("图片超过 10 MB，请压缩后再发。")
    content_type = content_type_of(data[:16])
    if content_type is None:
        raise UnsupportedMedia()
    digest = hashlib.sha256(data).hexdigest()
    path = _path(digest)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(f".{uuid.uuid4().hex}.part")
        part.write_bytes(data)
        os.replace(part, path)
    row = Media(
        id=uuid.uuid4().hex,
        community_id=min(who.community_ids),
        owner_id=who.person_id,
        sha256=digest,
        content_type=content_type,
        size_bytes=len(data),
        created_at=clock.now(),
    )
    session.add(row)
    session.flush()
    return MediaView(row.id, content_type, path)


def get(session: Session, media_id: str, who: Principal) -> MediaView:
    """Return a picture that ``who`` may see: their own, their estate's desk's, or of an order they hold. Raises NotFound."""
    row = repository.get(session, media_id)
    if row is None and workorders.holds_picture(session, media_id, who):
        with system_scope(session):
            row = repository.get(session, media_id)
    if row is None or not _path(row.sha256).exists():
        raise NotFound("没有找到这张图片。")
    return MediaView(row.id, row.content_type, _path(row.sha256))


def views(session: Session, ids: Sequence[str]) -> list[MediaView]:
    """Return those of the pictures that the session's principal may see, in the order asked."""
    rows = repository.by_ids(session, ids) if ids else []
    known = {r.id: MediaView(r.id, r.content_type, _path(r.sha256)) for r in rows}
    return [known[i] for i in ids if i in known]
