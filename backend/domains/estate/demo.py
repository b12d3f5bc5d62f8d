"""The estates of the demo community: a company, two estates, their buildings, homes and named places."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from backend.domains.estate import repository
from backend.domains.estate.models import Building, Community, Company, Place, Room
from backend.kit.geo import Point, beside

COMPANY = ("guanjia", "安居物业")


@dataclass(frozen=True, slots=True)
class DemoEstate:
    """An estate whose buildings are all alike."""

    code: str
    name: str
    number_prefix: str
    phone: str
    buildings: int
    floors: int
    places: tuple[tuple[str, tuple[str, ...], str | None], ...]
    corner: Point = (0.0, 0.0)
    units: int = 2
    rooms_a_floor: int = 2


# Lobbies, stairs and corridors have no rows: they exist in every unit and are understood by ``estate.places``.
_GARAGE = tuple((f"地下车库{zone}区", (f"车库{zone}区", f"地库{zone}区", f"{zone}区车库"), "B1") for zone in "ABC")
ESTATES: tuple[DemoEstate, ...] = (
    DemoEstate(
        "sunshine", "阳光花园", "SH", "0755-88880001", 8, 18,
        (
            *_GARAGE,
            ("羽毛球场", ("羽毛球馆", "球场"), None),
            ("会议室", ("会议厅",), None),
            ("健身房", ("健身中心",), None),
            ("东门", ("东大门",), None),
            ("西门", ("西大门",), None),
            ("水泵房", ("泵房",), "B1"),
            ("配电房", ("配电室",), "B1"),
            ("消防控制室", ("消控室", "监控室"), None),
        ),
        corner=(22.55, 114.05),
    ),
    DemoEstate(
        "lakeside", "翠湖里", "LS", "0755-88880002", 4, 11,
        (
            *_GARAGE[:1],
            ("南门", ("南大门",), None),
            ("北门", ("北大门",), None),
            ("湖心亭", ("亭子",), None),
            ("水泵房", ("泵房",), "B1"),
        ),
        corner=(22.60, 114.10),
    ),
)  # fmt: skip

GRID_M = 60
A_ROW = 4
AWAY_M: dict[str, tuple[float, float]] = {
    "地下车库A区": (30, 30), "地下车库B区": (30, 90), "地下车库C区": (30, 150),
    "东门": (30, 240), "西门": (30, -60), "南门": (-60, 90), "北门": (120, 90),
    "羽毛球场": (-60, 30), "健身房": (-60, 120), "会议室": (-40, 150), "湖心亭": (-60, 90),
    "水泵房": (30, 45), "配电房": (30, 60), "消防控制室": (-20, 0),
}  # fmt: skip
"""Metres north and east of the corner, where 1号楼 stands; the buildings stand on a grid, four in a row."""


def seed(session: Session) -> dict[str, int]:
    """Add what is missing of the demo estates; return the id of each by its code. System work."""
    company = repository.company_by_code(session, COMPANY[0])
    if company is None:
        company = Company(code=COMPANY[0], name=COMPANY[1])
        session.add(company)
        session.flush()
    ids = {estate.code: _estate(session, company.id, estate) for estate in ESTATES}
    for estate in ESTATES:
        _locate(session, ids[estate.code], estate)
    return ids


def _estate(session: Session, company_id: int, estate: DemoEstate) -> int:
    existing = repository.community_by_code(session, estate.code)
    if existing is not None:
        return existing.id
    community = Community(
        company_id=company_id,
        code=estate.code,
        name=estate.name,
        number_prefix=estate.number_prefix,
        phone=estate.phone,
    )
    session.add(community)
    session.flush()
    here = {"community_id": community.id}
    session.execute(insert(Building), [here | row for row in _buildings(estate)])
    session.execute(insert(Room), [here | row for row in _rooms(estate)])
    session.execute(insert(Place), [here | row for row in _places(estate)])
    return community.id


def _locate(session: Session, community_id: int, estate: DemoEstate) -> None:
    """Give coordinates to what has none yet: databases that were seeded before there were any get them too."""
    for building in repository.buildings(session, community_id):
        if building.lat is None:
            row, column = divmod(int(building.number) - 1, A_ROW)
            building.lat, building.lng = beside(estate.corner, row * GRID_M, column * GRID_M)
    for place in repository.places(session, community_id):
        if place.lat is None and place.name in AWAY_M:
            place.lat, place.lng = beside(estate.corner, *AWAY_M[place.name])


def _buildings(estate: DemoEstate) -> Iterator[dict[str, Any]]:
    for number in range(1, estate.buildings + 1):
        yield {
            "number": str(number),
            "units": estate.units,
            "floors": estate.floors,
            "rooms_a_floor": estate.rooms_a_floor,
        }


def _rooms(estate: DemoEstate) -> Iterator[dict[str, Any]]:
    for building in range(1, estate.buildings + 1):
        for unit in range(1, estate.units + 1):
            for floor in range(1, estate.floors + 1):
                for door in range(1, estate.rooms_a_floor + 1):
                    yield {
                        "building": str(building),
                        "unit": str(unit),
                        "floor": str(floor),
                        "number": f"{floor}{door:02d}",
                    }


def _places(estate: DemoEstate) -> Iterator[dict[str, Any]]:
    for name, aliases, floor in estate.places:
        yield {"name": name, "aliases": list(aliases), "building": None, "unit": None, "floor": floor}


def room_ids(session: Session, community_id: int) -> list[int]:
    """Return the ids of an estate's homes. System work."""
    query = select(Room.id).where(Room.community_id == community_id).order_by(Room.id)
    return list(session.scalars(query))
