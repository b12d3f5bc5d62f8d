"""Ready means that a message is answered in time."""

import threading

import httpx
import pytest

from backend.kit import encoder
from tests.backend.conftest import sqlite_only
from tests.backend.support import World

pytestmark = sqlite_only


def readiness(world: World) -> tuple[int, str]:
    answer = httpx.get(f"{world.served.url}/readyz", timeout=30, trust_env=False)
    return answer.status_code, answer.json()["dependencies"]["encoder"]


def test_not_while_the_encoder_is_being_loaded(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    may_end = threading.Event()
    loading = threading.Thread(target=may_end.wait, daemon=True)
    loading.start()
    monkeypatch.setattr(encoder._Process, "warming", loading)
    assert readiness(world) == (503, "false")
    may_end.set()
    loading.join()
    assert readiness(world)[1] == "ok"
