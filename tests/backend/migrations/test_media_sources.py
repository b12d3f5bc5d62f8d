"""Photos from before phones said anything beside them: what is known of them stood in their files."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from backend import migrate
from backend.kit import db
from tests.backend.conftest import KINDS
from tests.backend.migrations.test_acceptance import insert
from tests.backend.support import environment, fresh_database

BEFORE, THIS = "a7115e5c0007", "a81e5f0b0008"
MOMENT = datetime(2026, 11, 1)  # noqa: DTZ001  (as the databases keep it)


@pytest.fixture(params=KINDS)
def before(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[None]:
    with fresh_database(request.param, tmp_path) as url, environment(url, "http://127.0.0.1:9", tmp_path):
        assert migrate.main(["upgrade", BEFORE]) == 0
        yield


def test_what_is_known_was_said_by_the_file(before: None) -> None:
    with db.get_engine().begin() as connection:
        insert(connection, "companies", id=1)
        insert(connection, "communities", id=1, company_id=1)
        for name, said in (("a", {"taken_at": MOMENT}), ("b", {"lat": 22.5, "lng": 114.0}), ("c", {})):
            insert(connection, "media", id=name, community_id=1, **said)
    assert migrate.main(["upgrade", THIS]) == 0
    with db.get_engine().begin() as connection:
        rows = connection.execute(text("SELECT id, taken_source, place_source FROM media ORDER BY id"))
        assert [tuple(row) for row in rows] == [("a", "file", None), ("b", None, "file"), ("c", None, None)]
