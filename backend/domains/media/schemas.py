"""What the media API gives."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict


class MediaOut(BaseModel):
    """An uploaded picture."""

    media_id: str
    url: str
    content_type: str


class MediaAboutOut(BaseModel):
    """What a photo said of itself when it came. It is not in the file that anybody gets."""

    model_config = ConfigDict(from_attributes=True)

    media_id: str
    content_type: str
    size_bytes: int
    uploaded_by_id: int
    uploaded_at: datetime
    taken_at: datetime | None
    lat: float | None
    lng: float | None
