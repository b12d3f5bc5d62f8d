"""What the insights API gives."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from backend.domains.conversations.schemas import ConversationOut
from backend.domains.workorders.schemas import OrderOut


class CardOut(BaseModel):
    """A number with its title and the console address of its rows."""

    model_config = ConfigDict(from_attributes=True)

    key: str
    title: str
    value: int
    tone: Literal["info", "warn", "danger", "done"]
    query: str
    unit: Literal["", "%"] = Field("", description="stands behind the number")


class DashboardOut(BaseModel):
    """What the desk should look at first."""

    cards: list[CardOut]
    late: list[OrderOut]
    waiting: list[ConversationOut]


class ChoiceOut(BaseModel):
    """A value of the contract and its title."""

    value: str
    title: str


class StatusOut(ChoiceOut):
    """A status, with the tone of its tag."""

    tone: str


class EnumsOut(BaseModel):
    """Every list of values that people read."""

    statuses: list[StatusOut]
    categories: list[ChoiceOut]
    urgencies: list[ChoiceOut]
    scopes: list[ChoiceOut]
    sources: list[ChoiceOut]
    intents: list[ChoiceOut]
