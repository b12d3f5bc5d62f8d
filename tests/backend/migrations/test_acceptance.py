"""What was there before acceptance had timers and ratings had a history."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, MetaData, Table, text

from backend import migrate
from backend.kit import db
from tests.backend.conftest import KINDS
from tests.backend.support import environment, fresh_database

BEFORE, THIS = "d40a517e0004", "e5acce970005"


@pytest.fixture(params=KINDS)
def before(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[None]:
    with fresh_database(request.param, tmp_path) as url, environment(url, "http://127.0.0.1:9", tmp_path):
        assert migrate.main(["upgrade", BEFORE]) == 0
        yield


def insert(connection: Connection, name: str, **values: Any) -> None:
    """Insert a row; columns that this test does not care for get something that fits."""
    table = Table(name, MetaData(), autoload_with=connection)
    for column in table.columns:
        if column.name not in values and not column.nullable and not column.server_default and column.name != "id":
            values[column.name] = FITS.get(type(column.type).__name__.upper(), 1)
    connection.execute(table.insert().values(values))


FITS: dict[str, Any] = {"VARCHAR": "x", "TEXT": "x", "LONGTEXT": "[]", "JSON": [], "BOOLEAN": False}
FITS |= dict.fromkeys(("DATETIME", "TIMESTAMP"), datetime(2026, 11, 1))  # noqa: DTZ001  (as the databases keep it)


def test_finished_orders_wait_from_now_on_and_ratings_are_kept(before: None) -> None:
    with db.get_engine().begin() as connection:
        insert(connection, "companies", id=1)
        insert(connection, "communities", id=1, company_id=1)
        for number, status, stars in ((1, "finished", None), (2, "accepted_by_owner", None), (3, "closed", 4)):
            order = {"id": number, "number": f"SH-{number}", "status": status, "rating_stars": stars}
            insert(connection, "work_orders", community_id=1, **order)
            line = {"work_order_id": number, "community_id": 1}
            insert(connection, "work_order_events", kind="transition", to_status="finished", **line)
            if stars:
                insert(connection, "work_order_events", kind="rating", **line)
    assert migrate.main(["upgrade", THIS]) == 0
    with db.get_engine().begin() as connection:
        timers = connection.execute(text("SELECT work_order_id, round, stage FROM acceptances ORDER BY id"))
        assert [tuple(row) for row in timers] == [(1, 1, "waiting"), (2, 1, "accepted")]
        ratings = connection.execute(text("SELECT work_order_id, round, stars FROM work_order_ratings"))
        assert [tuple(row) for row in ratings] == [(3, 1, 4)]
