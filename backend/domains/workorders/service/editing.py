"""Corrections by the desk of what was understood wrongly."""

import re
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from backend.domains.dispatch import service as dispatch
from backend.domains.estate import service as estate
from backend.domains.identity import service as identity
from backend.domains.workorders import repository
from backend.domains.workorders.domain import CATEGORIES, SCOPES, URGENCIES, Confirmation, Edit, Status
from backend.domains.workorders.models import WorkOrder
from backend.domains.workorders.service import clocks, dispatching, holding, quotes, record
from backend.domains.workorders.service.checks import is_strangers_home, require_asset, require_open
from backend.domains.workorders.service.moves import get
from backend.domains.workorders.service.vectors import embed_again
from backend.domains.workorders.service.views import location_of
from backend.kit.auth import Claims, Principal
from backend.kit.problems import Conflict, InvalidInput
from backend.kit.scope import system_scope

_TITLES = {
    "category": ("类别", CATEGORIES),
    "urgency": ("紧急程度", URGENCIES),
    "scope": ("范围", SCOPES),
}
_TITLE = "更正"
_OF_URGENCY = re.compile(f"({_TITLES['category'][0]}：[^；]*；)?{_TITLES['urgency'][0]}：")
"""How the line of a correction begins in which the urgency became another."""
_INSIDE = {
    "building": ("unit", "floor", "room", "place"),
    "unit": ("floor", "room", "place"),
    "floor": ("room",),
}
"""What is not known any more when a part of a location becomes another, unless it is given as well."""
_PARTS = ("building", "unit", "floor", "room", "place")


def edit(session: Session, number: str, wanted: Edit, who: Principal) -> WorkOrder:
    """Correct what was understood wrongly. Raises Conflict for a stale version, IllegalTransition, InvalidInput."""
    who.require("workorders.manage")
    order = get(session, number)
    require_open(order)
    if order.version != wanted.version:
        raise Conflict(version=order.version)
    home = quotes.home_of(order)
    said = [*_edit_fields(session, order, wanted), *_edit_location(session, order, wanted)]
    if not said:
        return order
    if wanted.fault or wanted.scope:
        embed_again(session, order)
    if wanted.category or wanted.urgency or wanted.scope:
        clocks.recompute(session, order)
    record.write(session, order, who, "edit", _TITLE, "；".join(said))
    _confirm(session, order, home, who)
    quotes.home_changed(session, order, home)
    holding.in_danger(session, order)
    dispatch.changed(session, order.community_id)
    record.show_live(session, order)
    return order


def _confirm(session: Session, order: WorkOrder, before: quotes.Home, who: Principal) -> None:
    """Of a home that is not the reporter's after all, only the desk speaks from now on: it is who says whose home it is.

    What turns out to be the reporter's own home needs no confirmation, and is dispatched if it waited for one.
    """
    if quotes.home_of(order) == before:
        return
    waited = order.confirmation == Confirmation.PENDING
    if not _is_strangers_home(session, order):
        order.confirmation = None
        if waited and order.status == Status.TRIAGED and not holding.is_held(session, order):
            dispatching.open_new(session, order, who)
    elif not waited:
        order.confirmation = Confirmation.CONFIRMED


def _is_strangers_home(session: Session, order: WorkOrder) -> bool:
    if order.reporter_id is None:
        return False
    with system_scope(session):
        reporter = identity.load_principal(session, Claims(order.reporter_id))
    return is_strangers_home(order, order.room_id, reporter)


def urgency_corrected_at(session: Session, order: WorkOrder) -> datetime | None:
    """Return when the desk last corrected how urgent an order is."""
    lines = (one for one in reversed(repository.timeline(session, order.id)) if one.title == _TITLE)
    return next((one.at for one in lines if _OF_URGENCY.match(one.text or "")), None)


def _edit_fields(session: Session, order: WorkOrder, wanted: Edit) -> list[str]:
    said: list[str] = []
    for name, (title, options) in _TITLES.items():
        value = getattr(wanted, name)
        if value is None or value == getattr(order, name):
            continue
        if value not in options:
            raise InvalidInput(errors=[{"field": name, "message": "不在可选范围内"}])
        said.append(f"{title}：{options[getattr(order, name)]} → {options[value]}")
        setattr(order, name, value)
    if wanted.fault and wanted.fault != order.fault:
        said.append(f"故障：{order.fault} → {wanted.fault}")
        order.fault = wanted.fault
    if wanted.asset_id is not None and wanted.asset_id != order.asset_id:
        require_asset(session, wanted.asset_id, order.community_id)
        said.append("关联设备已改")
        order.asset_id = wanted.asset_id
    return said


def _edit_location(session: Session, order: WorkOrder, wanted: Edit) -> list[str]:
    if wanted.location is None:
        return []
    with system_scope(session):
        here = estate.community(session, order.community_id).code
    if wanted.location.get("community") not in (None, here):
        raise InvalidInput(
            "工单不能改到别的小区，请在那个小区重新登记。",
            errors=[{"field": "location.community", "message": "不能改小区"}],
        )
    before = location_of(order, here)
    for name, value in _corrected(order, wanted.location).items():
        setattr(order, name, value)
    after = location_of(order, here)
    if after == before:
        return []
    with system_scope(session):
        if wanted.location.get("floor") in (None, before.floor):  # not said anew: it follows the room
            after = estate.with_floor(session, order.community_id, after)
        estate.require_existing(session, order.community_id, after)
        order.floor = after.floor
        order.room_id = estate.find_room_id(session, order.community_id, after)
    return [f"地点：{estate.in_words(before)} → {estate.in_words(after)}"]


def _corrected(order: WorkOrder, given: dict[str, Any]) -> dict[str, str | None]:
    """Return the parts that change: those given, and those that were inside one that is another now."""
    changed: dict[str, str | None] = {}
    for name in _PARTS:
        if name not in given or (given[name] or None) == getattr(order, name):
            continue
        changed.update({part: None for part in _INSIDE.get(name, ()) if part not in given})
        changed[name] = given[name] or None
    return changed
