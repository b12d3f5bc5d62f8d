"""What must hold for the content of an order, however it came in. Raises InvalidInput, naming the field."""

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from backend.domains.equipment import service as equipment
from backend.domains.estate import service as estate
from backend.domains.media import service as media
from backend.domains.workorders.domain import CATEGORIES, ENDED, SCOPES, SOURCES, URGENCIES, Report
from backend.domains.workorders.errors import IllegalTransition
from backend.domains.workorders.models import WorkOrder
from backend.kit.auth import Principal
from backend.kit.problems import InvalidInput
from backend.kit.scope import system_scope

TABLES: Mapping[str, Mapping[str, str]] = {
    "category": CATEGORIES,
    "urgency": URGENCIES,
    "scope": SCOPES,
    "source": SOURCES,
}


def require_known(report: Report) -> None:
    """Refuse values outside the contract."""
    errors = [
        {"field": name, "message": "不在可选范围内"}
        for name, table in TABLES.items()
        if (value := getattr(report, name)) is not None and value not in table
    ]
    if errors:
        raise InvalidInput(errors=errors)


def require_asset(session: Session, asset_id: int | None, community_id: int) -> None:
    """Refuse equipment that is not in the ledger of the order's estate."""
    if asset_id is None:
        return
    with system_scope(session):
        asset = equipment.views(session, [asset_id]).get(asset_id)
    if asset is None or asset.community_id != community_id:
        raise InvalidInput("没有这台设备。", errors=[{"field": "asset_id", "message": "没有这台设备"}])


def require_pictures(session: Session, ids: Sequence[str]) -> None:
    """Refuse pictures that the session's principal neither sent nor, at the desk, has in their estates."""
    media.require(session, ids)


def source_of(who: Principal) -> str:
    """Return where an order comes from, by the token of who reports."""
    if who.via == "bot":
        return who.channel if who.channel in SOURCES else "web"
    return "staff" if who.is_staff else "web"


def is_strangers_home(report: Report | WorkOrder, room_id: int | None, who: Principal) -> bool:
    """Tell whether somebody who lives here reports a fault inside a home that is not theirs, whatever they call it."""
    inside = report.scope == estate.PRIVATE or bool(report.room)
    return inside and not who.is_staff and room_id not in who.room_ids


def require_open(order: WorkOrder) -> None:
    """Refuse to add to or correct what has ended. Raises IllegalTransition."""
    if order.status in ENDED:
        raise IllegalTransition("这张工单已经结束了，有新情况请重新报修。")
