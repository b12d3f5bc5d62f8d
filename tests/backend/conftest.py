"""Fixtures: one world per kind of database, migrated and seeded once, with a scripted bot."""

import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import jieba  # libraries of the backend; their warnings are not ours
    import jieba.posseg  # noqa: F401
    import jionlp  # noqa: F401
    import spacy.lang.zh  # noqa: F401

from tests.backend.support import FakeRasa, Served, User, World, environment, forget_settings, fresh_database, running

KINDS = ("sqlite", "postgresql", "mariadb")
sqlite_only = pytest.mark.parametrize("world", ["sqlite"], indirect=True, scope="session")


@pytest.fixture(scope="session")
def var_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("var")


@pytest.fixture(scope="session")
def rasa_server() -> Iterator[FakeRasa]:
    fake = FakeRasa()
    with Served(fake) as served:
        fake.url = served.url
        yield fake


@pytest.fixture(scope="session", params=KINDS)
def world(request: pytest.FixtureRequest, var_dir: Path, rasa_server: FakeRasa) -> Iterator[World]:
    """The running backend over one kind of database."""
    with (
        fresh_database(request.param, var_dir) as url,
        environment(url, rasa_server.url, var_dir),
        running(request.param, url, rasa_server) as running_world,
    ):
        yield running_world
    forget_settings()


@pytest.fixture
def rasa(world: World) -> Iterator[FakeRasa]:
    world.rasa.reset()
    yield world.rasa
    world.rasa.reset()


@pytest.fixture
def owner(world: World) -> User:
    """A new owner of 阳光花园 7号楼1单元901."""
    return world.new()
