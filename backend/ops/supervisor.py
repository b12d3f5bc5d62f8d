"""Starts the process table, keeps it running, and ends all of it.

Durations are seconds. One thread decides; probing runs beside it. A process that dies is started
again after 1, 2, 4 … s; one that keeps dying is named plainly and tried once a minute.
"""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Callable

from backend.ops.config import Config
from backend.ops.console import Board
from backend.ops.descendants import descendants, end_all
from backend.ops.processes import Process, placeholders
from backend.ops.unit import Unit, rotate

TICK_S = 0.05


@dataclass(frozen=True)
class Policy:
    """How a process that died is started again, and how long a stop may take."""

    first_delay_s: float = 1.0
    deaths: int = 5
    within_s: float = 120.0
    slow_delay_s: float = 60.0
    deaths_before_first_ready: int = 2
    stop_grace_s: float = 6.0
    kill_grace_s: float = 2.0


class Outcome(Enum):
    """How a run ended."""

    STOPPED = 0
    FAILED = 1


@dataclass
class Life:
    """What the supervisor remembers of one unit."""

    unit: Unit
    started: float = 0.0
    done: bool = False
    next_start: float | None = 0.0
    deaths: deque[float] = field(default_factory=lambda: deque(maxlen=50))


class Supervisor:
    """Runs a process table until it is told to stop."""

    def __init__(
        self,
        table: Sequence[Process],
        config: Config,
        env: Mapping[str, str],
        board: Board,
        policy: Policy | None = None,
    ) -> None:
        self.config = config
        self.board = board
        self.policy = policy or Policy()
        self.stopping = threading.Event()
        self.all_ready = threading.Event()
        self.on_ready: Callable[[], None] = lambda: None
        self._failed = False
        words = placeholders(config)
        self._lives = {
            row.name: Life(Unit(row, words, env, config.log_dir / f"{row.name}.log", config.root)) for row in table
        }

    def run(self, exit_when_ready: bool = False) -> Outcome:
        """Start everything, watch it, and end everything before returning."""
        began = time.monotonic()
        for life in self._lives.values():
            rotate(life.unit.log)
        try:
            while not self.stopping.is_set():
                self._tick()
                if not self.all_ready.is_set() and all(x.done for x in self._lives.values()):
                    self.all_ready.set()
                    self._mark_ready(time.monotonic() - began)
                    if exit_when_ready:
                        break
                self.stopping.wait(TICK_S)
        finally:
            self._end_everything()
        return Outcome.FAILED if self._failed else Outcome.STOPPED

    def _tick(self) -> None:
        now = time.monotonic()
        for life in self._lives.values():
            if self.stopping.is_set():
                return
            if life.next_start is not None:
                if now >= life.next_start and self._prerequisites_done(life):
                    self._start(life, now)
            elif not (life.done and life.unit.row.is_job):
                self._look_after(life, now)

    def _prerequisites_done(self, life: Life) -> bool:
        return all(self._lives[name].done for name in life.unit.row.after)

    def _start(self, life: Life, now: float) -> None:
        unit = life.unit
        life.next_start = None
        life.started = now
        self.board.begin(unit.row.name, unit.row.title)
        try:
            unit.start()
        except OSError as error:
            self.board.end(unit.row.name, ok=False)
            self._fail(unit, f"无法启动 {unit.command[0]} · cannot start: {error.strerror}")
        self._write_pids()

    def _look_after(self, life: Life, now: float) -> None:
        unit = life.unit
        code = unit.exit_code()
        if unit.row.is_job:
            if code is not None:
                self._job_ended(life, code)
        elif code is not None:
            self._died(life, code, now)
        elif unit.ready.is_set() and not unit.was_ready:
            self._became_ready(life)
        elif not life.done and now - life.started > unit.row.timeout_s:
            self._fail(unit, f"{unit.row.timeout_s:.0f} 秒内没有就绪 · not ready in time")

    def _became_ready(self, life: Life) -> None:
        life.unit.was_ready = life.done = True
        self.board.end(life.unit.row.name)

    def _job_ended(self, life: Life, code: int) -> None:
        self.board.end(life.unit.row.name, ok=code == 0)
        life.done = code == 0
        if code != 0:
            self._fail(life.unit, f"退出码 {code} · exit code {code}")

    def _died(self, life: Life, code: int, now: float) -> None:
        unit, policy = life.unit, self.policy
        self.board.end(unit.row.name, ok=False)
        unit.signal(signal.SIGKILL)
        unit.was_ready = False
        life.deaths.append(now)
        recent = sum(1 for at in life.deaths if now - at <= policy.within_s)
        if not life.done and recent >= policy.deaths_before_first_ready:
            self._fail(unit, f"一启动就退出（{code}）· exits at start ({code})")
            return
        what = f"{unit.row.title}（{unit.row.name}）退出了（{code}）· exited ({code})"
        log = self.config.shown(unit.log)
        if recent >= policy.deaths:
            delay = policy.slow_delay_s
            self.board.say(
                f"✗ {what}：反复退出 {recent} 次，请看日志 {log}；每 {delay:.0f} 秒再试一次 · "
                f"it keeps dying; see {log}; next try in {delay:.0f} s"
            )
        else:
            delay = policy.first_delay_s * 2 ** (recent - 1)
            self.board.say(f"! {what}，{delay:g} 秒后重启 · restarting in {delay:g} s；日志 {log}")
        life.next_start = now + delay

    def _fail(self, unit: Unit, why: str) -> None:
        self._failed = True
        self.board.say(f"\n✗ {unit.row.title}（{unit.row.name}）没有启动：{why}")
        for line in unit.last_lines():
            self.board.say(f"    {line}")
        self.board.say(f"  日志 log: {self.config.shown(unit.log)}")
        self.stopping.set()

    def _end_everything(self) -> None:
        units = [life.unit for life in self._lives.values()]
        roots = [unit.pid for unit in units if unit.pid is not None and unit.exit_code() is None]
        family = descendants(roots)
        for unit in units:
            unit.signal(signal.SIGTERM)
        if not _wait(units, self.policy.stop_grace_s):
            for unit in units:
                unit.signal(signal.SIGKILL)
            _wait(units, self.policy.kill_grace_s)
        end_all(family)
        for name in ("pids.json", "ready.json"):
            (self.config.run_dir / name).unlink(missing_ok=True)

    def _write_pids(self) -> None:
        pids = {
            name: life.unit.pid
            for name, life in self._lives.items()
            if life.unit.pid is not None and life.unit.exit_code() is None
        }
        _write_json(self.config.run_dir / "pids.json", {"supervisor": os.getpid(), **pids})

    def _mark_ready(self, took_s: float) -> None:
        self._write_pids()
        mark = {"started_s": round(took_s, 2), "url": self.config.public_url}
        _write_json(self.config.run_dir / "ready.json", mark)
        self.on_ready()


def _wait(units: Sequence[Unit], grace_s: float) -> bool:
    deadline = time.monotonic() + grace_s
    while not all(unit.gone() for unit in units):
        if time.monotonic() > deadline:
            return False
        time.sleep(TICK_S)
    return True


def _write_json(path: Path, value: Mapping[str, object]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(path.name + ".new")
    draft.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    draft.replace(path)
