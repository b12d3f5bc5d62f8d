"""The equipment of a demo estate: two elevators a building, doors and lights of each unit, and the plant."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from backend.domains.equipment import repository
from backend.domains.equipment.domain import NewAsset
from backend.domains.equipment.models import Asset
from backend.kit import clock

_NUMERALS = "零一二三四五六七八九"
_LIGHTS = (("D", "楼下", "路灯"), ("L", "大堂", "照明"), ("C", "楼道", "照明"))


def seed(session: Session, community_id: int, buildings: int, units: int, gates: tuple[str, ...]) -> None:
    """Fill the ledger of an estate that has none. System work."""
    if repository.count(session, community_id):
        return
    added = [*_of_buildings(buildings, units), *_of_estate(gates)]
    session.execute(insert(Asset), [_row(community_id, new) for new in added])


def _row(community_id: int, new: NewAsset) -> dict[str, Any]:
    return {
        "community_id": community_id,
        "code": new.code,
        "name": new.name,
        "aliases": list(new.aliases),
        "kind": new.kind,
        "building": new.building,
        "unit": new.unit,
        "floor": new.floor,
        "place": new.place,
        "status": "up",
        "created_at": clock.now(),
    }


def _of_buildings(buildings: int, units: int) -> Iterator[NewAsset]:
    for b in range(1, buildings + 1):
        for u in range(1, units + 1):
            at, where = f"{b:02d}-{u}", f"{b}号楼{u}单元"
            yield NewAsset(
                f"{b}号楼{u}号梯", "elevator", str(b), str(u), None, "电梯", _elevator_names(b, u), f"DT-{at}"
            )
            yield NewAsset(f"{where}门禁", "door", str(b), str(u), "1", "单元门", ("单元门禁", "单元门"), f"MJ-{at}")
            for letter, place, thing in _LIGHTS:
                name = f"{where}{place}{thing}"
                yield NewAsset(name, "light", str(b), str(u), None, place, (), f"ZM-{at}-{letter}")


def _elevator_names(building: int, number: int) -> tuple[str, ...]:
    said = (f"{number}号", f"{_NUMERALS[number]}号")
    short = [name for word in said for name in (f"{word}梯", f"{word}电梯")]
    return (*short, f"{building}号楼{number}号电梯", f"{building}栋{number}号梯")


def _of_estate(gates: tuple[str, ...]) -> Iterator[NewAsset]:
    for number in (1, 2):
        name = f"{number}号生活水泵"
        yield NewAsset(name, "pump", None, None, "B1", "水泵房", (f"{number}号水泵",), f"SB-{number:02d}")
    yield NewAsset("消防喷淋泵", "pump", None, None, "B1", "水泵房", ("喷淋泵",), "SB-03")
    yield NewAsset("消防主机", "fire_panel", None, None, None, "消防控制室", ("火灾报警主机",), "XF-01")
    yield NewAsset("1号变压器", "transformer", None, None, "B1", "配电房", ("变压器",), "BY-01")
    for number, gate in enumerate(gates, start=1):
        yield NewAsset(
            f"{gate}道闸", "door", None, None, None, gate, (f"{gate}门禁", f"{gate}闸机"), f"DZ-{number:02d}"
        )
        yield NewAsset(f"{gate}监控", "camera", None, None, None, gate, (f"{gate}摄像头",), f"JK-{number:02d}")
