"""What the equipment API takes and gives."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from backend.domains.equipment.domain import KINDS, STATUSES, AssetEdit, NewAsset
from backend.kit.fields import BLANK_IS_NONE, VISIBLE, MaybeHouse, MaybeName, MaybeStorey, Name, OneOf

Code = Annotated[str, StringConstraints(max_length=32), VISIBLE]
MAY_BE_EMPTY = frozenset({"building", "unit", "floor", "place"})


class AssetIn(BaseModel):
    """A new asset."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    kind: Annotated[str, OneOf(KINDS)]
    community: Name
    code: Annotated[Code | None, BLANK_IS_NONE] = None
    building: MaybeHouse = None
    unit: MaybeHouse = None
    floor: MaybeStorey = None
    place: MaybeName = None
    aliases: list[Name] = Field(default_factory=list, max_length=20)
    same_name_meant: bool = Field(False, description="another asset is called so, and that is meant")

    def to_command(self) -> NewAsset:
        """Return the dataclass the service takes."""
        return NewAsset(
            self.name, self.kind, self.building, self.unit, self.floor, self.place,
            tuple(self.aliases), self.code, self.same_name_meant,
        )  # fmt: skip


class AssetPatch(BaseModel):
    """A correction; only what is given changes. A place that is emptied is null."""

    model_config = ConfigDict(extra="forbid")

    name: Name | None = None
    kind: Annotated[str, OneOf(KINDS)] | None = None
    building: MaybeHouse = None
    unit: MaybeHouse = None
    floor: MaybeStorey = None
    place: MaybeName = None
    aliases: list[Name] | None = Field(None, max_length=20)
    status: Annotated[str, OneOf(STATUSES)] | None = None
    same_name_meant: bool = False

    def to_command(self) -> AssetEdit:
        """Return the dataclass the service takes; what cannot be empty stays as it is when null."""
        given = self.model_dump(exclude_unset=True, exclude={"same_name_meant"})
        kept = {k: v for k, v in given.items() if v is not None or k in MAY_BE_EMPTY}
        return AssetEdit(kept, self.same_name_meant)


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
