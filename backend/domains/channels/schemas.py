"""What the API of channels gives."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict


class BindingOut(BaseModel):
    """An account of a channel that is somebody's."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    channel: str
    channel_title: str
    person_id: int
    person_name: str
    bound_at: datetime
    follows: bool


class BindingsOut(BaseModel):
    """Bindings, oldest first."""

    items: list[BindingOut]
