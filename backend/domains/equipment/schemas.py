"""What the equipment API takes and gives."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from backend.domains.equipment.domain import NewAsset

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]
Digits = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[0-9A-Za-z]{1,8}$")]


class AssetIn(BaseModel):
    """A new asset."""

    model_config = ConfigDict(extra="forbid")

    name: Words
    kind: Words
    community: Words
    code: Annotated[str, StringConstraints(strip_whitespace=True, max_length=32)] | None = None
    building: Digits | None = None
    unit: Digits | None = None
    floor: Digits | None = None
    place: Words | None = None
    aliases: list[Words] = Field(default_factory=list, max_length=20)

    def to_command(self) -> NewAsset:
        """Return the dataclass the service takes."""
        return NewAsset(
            self.name, self.kind, self.building, self.unit, self.floor, self.place,
            tuple(self.aliases), self.code or None,
        )  # fmt: skip


class AssetOut(BaseModel):
    """An asset as the console shows it."""

    id: int
    code: str
    name: str
    aliases: list[str]
    kind: str
    kind_title: str
    community: str
    building: str | None
    unit: str | None
    floor: str | None
    place: str | None
    place_text: str
    status: str
    status_title: str


class AssetPage(BaseModel):
    """A page of the ledger."""

    items: list[AssetOut]
    next: str | None


class KindOut(BaseModel):
    """A kind of equipment."""

    value: str
    title: str
