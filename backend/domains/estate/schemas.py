"""What the estate API gives."""

from pydantic import BaseModel


class RoomOut(BaseModel):
    """A home or shop by its address."""

    id: int
    community: str
    label: str


class RoomPage(BaseModel):
    """The first of what was found."""

    items: list[RoomOut]
