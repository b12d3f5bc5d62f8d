"""Runs in Rasa's environment: `bot/.venv/bin/python -m pytest -c /dev/null --rootdir . tests/bot`."""

import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from bot.settings import prepare_environment  # noqa: E402

prepare_environment()

import pytest  # noqa: E402

from bot.evaluate import Row, examples  # noqa: E402
from bot.train import fingerprint, train  # noqa: E402


@pytest.fixture(scope="session")
def rows() -> list[Row]:
    """Every training example as (clean text, intent, fields)."""
    return examples()


@pytest.fixture(scope="session")
def model_path(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The model that `make run` trained, or one trained now (about a minute)."""
    name = f"{fingerprint()}.tar.gz"
    ready = ROOT / "var" / "models" / name
    if ready.exists():
        yield ready
        return
    models = tmp_path_factory.mktemp("models")
    train(models, name)
    yield models / name
