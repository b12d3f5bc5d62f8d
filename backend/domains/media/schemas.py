"""What the media API gives."""

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from backend.domains.media.taken import Taken, wrong_place
from backend.kit.fields import refusal


def _degrees(written: str) -> tuple[float, float]:
    lat, lng = (float(part) for part in written.split(","))
    return lat, lng


def _possible(written: str) -> str:
    try:
        wrong = wrong_place(*_degrees(written))
    except ValueError:
        raise refusal("拍摄地点要写成「纬度,经度」") from None
    if wrong is not None:
        raise refusal(wrong)
    return written


Position = Annotated[str, StringConstraints(max_length=64), AfterValidator(_possible)]
"""A place (WGS 84), written as latitude and longitude with a comma between."""


def stated(taken_at: datetime | None, position: str | None) -> Taken:
    """Return what a phone says of a photo beside it."""
    return Taken(taken_at, *(_degrees(position) if position else (None, None)))


class MediaOut(BaseModel):
    """An uploaded picture."""

    media_id: str
    url: str
    content_type: str


class MediaAboutOut(BaseModel):
    """What a photo said of itself when it came, or its phone. It is not in the file that anybody gets."""

    model_config = ConfigDict(from_attributes=True)

    media_id: str
    content_type: str
    size_bytes: int
    uploaded_by_id: int
    uploaded_at: datetime
    taken_at: datetime | None
    lat: float | None
    lng: float | None
    taken_source: str | None = Field(description="who says when: file (the photo itself) or phone")
    place_source: str | None = Field(description="who says where: file or phone")
