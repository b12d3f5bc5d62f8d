"""What the media API gives."""

from pydantic import BaseModel


class MediaOut(BaseModel):
    """An uploaded picture."""

    media_id: str
    url: str
    content_type: str
