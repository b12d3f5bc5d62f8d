"""Tables of the estate. They hold no personal data and are the same for everybody who may know the estate."""

from typing import Any

from sqlalchemy import JSON, ColumnElement, Double, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.kit.auth import Principal
from backend.kit.db import Base, BigId, code_column, id_column
from backend.kit.scope import EstateScoped, Open


class Company(Open, Base):
    """A property company."""

    __tablename__ = "companies"
    why_open = "a name and a code, nobody's data"

    id: Mapped[int] = id_column()
    code: Mapped[str] = code_column(32, unique=True)
    name: Mapped[str] = code_column(64)


class Community(Open, Base):
    """An estate. ``vocabulary_version`` grows with each change of a name that people may say."""

    __tablename__ = "communities"
    why_open = "a name and a code, nobody's data"

    id: Mapped[int] = id_column()
    company_id: Mapped[int] = mapped_column(BigId, ForeignKey("companies.id"))
    code: Mapped[str] = code_column(32, unique=True)
    name: Mapped[str] = code_column(64)
    number_prefix: Mapped[str] = code_column(4, unique=True)
    phone: Mapped[str] = code_column(32)
    vocabulary_version: Mapped[int] = mapped_column(default=1)


class _EstateKnowledge(EstateScoped):
    """Rows that everybody of the estate may read."""

    @classmethod
    def resident_rule(cls, who: Principal) -> ColumnElement[bool]:
        """Residents read what describes their own estate."""
        return cls.community_id.in_(who.community_ids)


class Building(_EstateKnowledge, Base):
    """A building: its number as digits, how many units, floors and rooms a floor, and where it stands (WGS-84)."""

    __tablename__ = "buildings"
    __table_args__ = (UniqueConstraint("community_id", "number"), Base.__table_args__)

    id: Mapped[int] = id_column()
    number: Mapped[str] = code_column(8)
    units: Mapped[int]
    floors: Mapped[int]
    rooms_a_floor: Mapped[int]
    lat: Mapped[float | None] = mapped_column(Double)
    lng: Mapped[float | None] = mapped_column(Double)


class Room(_EstateKnowledge, Base):
    """A home or shop. Numbers are strings of digits as in the contract."""

    __tablename__ = "rooms"
    __table_args__ = (
        UniqueConstraint("community_id", "building", "unit", "number"),
        Base.__table_args__,
    )

    id: Mapped[int] = id_column()
    building: Mapped[str] = code_column(8)
    unit: Mapped[str] = code_column(8)
    floor: Mapped[str] = code_column(8)
    number: Mapped[str] = code_column(16)

    @property
    def label(self) -> str:
        """The address as people write it: 3号楼2单元1201."""
        return f"{self.building}号楼{self.unit}单元{self.number}"


class Place(_EstateKnowledge, Base):
    """A named place of the estate outside the homes, and where it is (WGS-84), if that is known."""

    __tablename__ = "places"

    id: Mapped[int] = id_column()
    name: Mapped[str] = code_column(64)
    aliases: Mapped[list[Any]] = mapped_column(JSON, default=list)
    building: Mapped[str | None] = code_column(8)
    unit: Mapped[str | None] = code_column(8)
    floor: Mapped[str | None] = code_column(8)
    lat: Mapped[float | None] = mapped_column(Double)
    lng: Mapped[float | None] = mapped_column(Double)
