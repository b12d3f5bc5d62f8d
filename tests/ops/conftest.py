"""Fakes for the operations tests: tiny process tables, a folder for each run, a quiet board."""

import io
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from backend.ops.config import Config, load
from backend.ops.console import Board
from backend.ops.processes import Process
from backend.ops.supervisor import Outcome, Policy, Supervisor

FAST = Policy(first_delay_s=0.05, deaths=3, within_s=30, slow_delay_s=60, stop_grace_s=1.0)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def eventually(check: Callable[[], bool], within_s: float = 15.0) -> None:
    deadline = time.monotonic() + within_s
    while not check():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


@pytest.fixture
def config(tmp_path: Path) -> Config:
    ports = {
        "GUANJIA_PUBLIC_PORT": str(free_port()),
        "GUANJIA_PUBLIC_HOST": "127.0.0.1",
        "GUANJIA_BACKEND_URL": f"http://127.0.0.1:{free_port()}",
        "GUANJIA_RASA_URL": f"http://127.0.0.1:{free_port()}",
        "GUANJIA_ACTIONS_URL": f"http://127.0.0.1:{free_port()}/webhook",
        "GUANJIA_WECHAT_EMULATOR_PORT": str(free_port()),
    }
    return load({"GUANJIA_VAR_DIR": "var", **ports}, root=tmp_path)


class Screen:
    """A board that keeps what it printed."""

    def __init__(self) -> None:
        self.stream = io.StringIO()
        self.board = Board(self.stream)

    @property
    def text(self) -> str:
        return self.stream.getvalue()


@pytest.fixture
def screen() -> Screen:
    return Screen()


def script(name: str, code: str, ready: str = "log:up", after: tuple[str, ...] = (), port: str = "") -> Process:
    """A table row that runs a line of Python."""
    return Process(name, name, (sys.executable, "-u", "-c", code), ready, after, port)


STAYS = "import time; print('up', flush=True); time.sleep(600)"


class Run:
    """A supervisor at work in a thread of its own."""

    def __init__(self, table: list[Process], config: Config, screen: Screen) -> None:
        self.supervisor = Supervisor(table, config, {}, screen.board, FAST)
        self.outcome: Outcome | None = None
        self._thread = threading.Thread(target=self._work)
        self._thread.start()

    def _work(self) -> None:
        self.outcome = self.supervisor.run()

    def wait_ready(self) -> None:
        eventually(lambda: self.supervisor.all_ready.is_set() or not self._thread.is_alive())
        assert self.supervisor.all_ready.is_set()

    def wait_end(self) -> None:
        self._thread.join(timeout=20)
        assert not self._thread.is_alive()

    def stop(self) -> None:
        self.supervisor.stopping.set()
        self.wait_end()


@pytest.fixture
def start(config: Config, screen: Screen) -> Iterator[Callable[..., Run]]:
    runs: list[Run] = []

    def begin(*table: Process) -> Run:
        runs.append(Run(list(table), config, screen))
        return runs[-1]

    yield begin
    for run in runs:
        run.stop()
