"""What the API gives and takes about orders that may be the same fault."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from backend.domains.workorders.schemas import OrderOut, Strict
from backend.kit.fields import Name


class DismissalIn(Strict):
    """The other order, by its number."""

    number: Name


class SameFaultOut(BaseModel):
    """Another order that may be the same fault."""

    model_config = ConfigDict(from_attributes=True)

    order: OrderOut
    score: float = Field(description="how alike the words are: a cosine, at most 1")
    place: Literal["same", "wide", "near", "partly", "unknown"]
    place_title: str
    sure: bool = Field(description="so alike that a second reporter would have joined it")
    merge: str = Field(description="number of the younger of the two")
    into: str = Field(description="number of the older")


class DifferentOut(BaseModel):
    """Another order that somebody said is another fault."""

    model_config = ConfigDict(from_attributes=True)

    number: str
    by: str
    by_staff: bool
    at: datetime


class BesideOut(BaseModel):
    """What is shown beside an order."""

    model_config = ConfigDict(from_attributes=True)

    items: list[SameFaultOut]
    different: list[DifferentOut]
    ready: bool = Field(description="false while the encoder is being loaded: there may be more")
