"""Routes of media: upload and fetch."""

from typing import Annotated, Literal

from fastapi import APIRouter, Form, UploadFile
from fastapi.responses import FileResponse

from backend.domains.media import service
from backend.domains.media.schemas import MediaAboutOut, MediaOut, Position, stated
from backend.kit.fields import Moment
from backend.kit.http import PrincipalDep, SessionDep, requires
from backend.settings import get_settings

router = APIRouter(prefix="/media", tags=["media"])


@router.post("", status_code=201, summary="Upload a picture")
def upload(
    file: UploadFile,
    session: SessionDep,
    who: PrincipalDep,
    taken_at: Annotated[Moment | None, Form(description="when, if the file has lost it; not in the future")] = None,
    position: Annotated[Position | None, Form(description="where: 22.54310,114.05790 (WGS 84)")] = None,
) -> MediaOut:
    """Multipart field ``file``: JPEG, PNG, WebP or GIF up to 10 MB.

    A phone that has made a photo small says beside it when and where it was taken; what stands in the file counts first.
    """
    data = file.file.read(get_settings().upload_limit_bytes + 1)
    kept = service.store(session, who, data, stated(taken_at, position))
    return MediaOut(media_id=kept.id, url=f"/api/v1/media/{kept.id}", content_type=kept.content_type)


@router.get("/{media_id}/about", summary="When and where a photo was taken", dependencies=[requires("workorders.read")])
def about(media_id: str, session: SessionDep, who: PrincipalDep) -> MediaAboutOut:
    """For the desk: what the photo said of itself, or the phone that sent it."""
    return MediaAboutOut.model_validate(service.about(session, media_id, who))


@router.get("/{media_id}", summary="Fetch a picture", response_class=FileResponse)
def fetch(media_id: str, session: SessionDep, who: PrincipalDep, size: Literal["thumb"] | None = None) -> FileResponse:
    """The picture, for those who may see it; ``size=thumb`` gives it small (longest side 480, JPEG or WebP)."""
    kept = service.get(session, media_id, who)
    if size is not None:
        session.rollback()  # nothing was written; no connection is kept while a picture is drawn
        kept = service.thumbnail(kept)
    return FileResponse(
        kept.path,
        media_type=kept.content_type,
        headers={
            "Cache-Control": "private, max-age=86400",
            "X-Content-Type-Options": "nosniff",
            "Content-Disposition": "inline",
        },
    )
