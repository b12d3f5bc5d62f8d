"""Migrations go up, match the models, go down to nothing and up again, on every kind of database."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import inspect

from backend import migrate
from backend.kit import db
from backend.settings import get_settings
from tests.backend.conftest import KINDS
from tests.backend.support import environment, fresh_database


@pytest.fixture(scope="module", params=KINDS)
def upgraded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("migrations")
    with fresh_database(request.param, folder) as url, environment(url, "http://127.0.0.1:9", folder):
        assert migrate.main([]) == 0
        yield url


def tables() -> set[str]:
    return set(inspect(db.get_engine()).get_table_names())


class TestRoundTrip:
    def test_the_newest_schema_is_that_of_the_models(self, upgraded: str) -> None:
        assert migrate.main(["check"]) == 0

    def test_upgrading_twice_changes_nothing(self, upgraded: str) -> None:
        before = tables()
        assert migrate.main(["upgrade"]) == 0
        assert tables() == before

    def test_downgrading_leaves_nothing_and_upgrading_brings_it_back(self, upgraded: str) -> None:
        before = tables()
        assert migrate.main(["downgrade", "base"]) == 0
        assert tables() == {"alembic_version"}
        assert migrate.main([]) == 0
        assert tables() == before

    def test_an_unknown_revision_is_told(self, upgraded: str, capsys: pytest.CaptureFixture[str]) -> None:
        assert migrate.main(["upgrade", "nonsense"]) == 1
        assert "nonsense" in capsys.readouterr().err

    def test_it_is_the_database_of_the_settings(self, upgraded: str) -> None:
        assert get_settings().database_url == upgraded
