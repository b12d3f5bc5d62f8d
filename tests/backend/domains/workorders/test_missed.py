"""The filter of orders that were promised and that nobody came for in time: list, spreadsheet, saved views, estates."""

import io
from collections.abc import Iterator

import openpyxl
import pytest
from sqlalchemy import update

from backend.domains.clocks.models import Promise
from backend.kit import clock, db
from backend.kit.scope import system_scope
from tests.backend.conftest import sqlite_only
from tests.backend.domains.workorders.test_clocks import WEDNESDAY, Now, opened
from tests.backend.support import World, is_problem


@pytest.fixture
def standing(world: World) -> Iterator[Now]:
    """A clock that stands; nothing else was promised before."""
    with db.transaction() as session, system_scope(session):
        session.execute(update(Promise).values(void_at=WEDNESDAY))
    moment = Now()
    with clock.use_clock(lambda: moment.at):
        yield moment


@sqlite_only
def test_the_filter_is_kept_with_a_view_exported_and_stays_in_the_estate(world: World, standing: Now) -> None:
    lake = {"community": "lakeside", "building": "1", "unit": "1", "room": "501"}
    here, there = opened(world.new()), opened(world.chenjing, location=lake)
    standing.later(200)
    for who, wanted in ((world.kefu, {here}), (world.quyu, {here, there})):
        found = who.get("/work-orders", missed=30, limit=50).json()["items"]
        assert {o["number"] for o in found} == wanted
    sheet = world.kefu.get("/work-orders/export.xlsx", missed=30)
    rows = list(openpyxl.load_workbook(io.BytesIO(sheet.content)).active.values)
    assert [row[0] for row in rows[1:]] == [here]
    kept = world.kefu.post("/work-orders/filters", {"name": "失约", "query": {"missed": ["30"]}})
    assert kept.json()["query"] == {"missed": ["30"]}
    for days in (0, 367):
        is_problem(world.kefu.get("/work-orders", missed=days), 422)
