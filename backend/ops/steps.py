"""Runs set-up steps, side by side where they do not depend on each other.

Raises: SetupError, with one sentence for people and the place of the log.
"""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, TextIO

from backend.ops.console import Board

TAIL_LINES = 8


class SetupError(Exception):
    """A step that failed: what is missing, in Chinese and English, and where to read more."""

    def __init__(self, sentence: str, log: Path | None = None, tail: Sequence[str] = ()) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.log = log
        self.tail = tuple(tail)


class Shell:
    """Runs a step's tools: output goes to the step's log, the newest line to the board."""

    def __init__(self, name: str, log: Path, board: Board, cwd: Path, cancelled: threading.Event) -> None:
        self.name = name
        self.log = log
        self.cwd = cwd
        self._board = board
        self._cancelled = cancelled

    def note(self, line: str) -> None:
        """Show a line of progress."""
        self._board.note(self.name, line)

    def run(self, argv: Sequence[str], env: Mapping[str, str] | None = None, cwd: Path | None = None) -> None:
        """Run a command to its end. Raises SetupError when it cannot start or fails."""
        tail: deque[str] = deque(maxlen=TAIL_LINES)
        with self.log.open("a", encoding="utf-8") as log:
            log.write(f"$ {' '.join(argv)}\n")
            log.flush()
            try:
                with self._started(argv, env, cwd) as process:
                    code = self._follow(process, log, tail)
            except OSError as error:
                raise SetupError(f"无法启动 {argv[0]} · cannot start {argv[0]}: {error.strerror}", self.log) from None
        if code != 0:
            sentence = f"命令失败（退出码 {code}）· command failed with exit code {code}: {argv[0]}"
            raise SetupError(sentence, self.log, list(tail))

    def _started(self, argv: Sequence[str], env: Mapping[str, str] | None, cwd: Path | None) -> subprocess.Popen[str]:
        return subprocess.Popen(
            list(argv),
            cwd=cwd or self.cwd,
            env=dict(env) if env is not None else None,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
        )

    def _follow(self, process: subprocess.Popen[str], log: TextIO, tail: deque[str]) -> int:
        threading.Thread(target=self._stop_on_cancel, args=(process,), daemon=True).start()
        for line in process.stdout or ():
            log.write(line)
            log.flush()
            tail.append(line.rstrip())
            self.note(line)
        return process.wait()

    def _stop_on_cancel(self, process: subprocess.Popen[str]) -> None:
        while process.poll() is None:
            if self._cancelled.wait(0.2):
                end_group(process.pid)
                return


def end_group(group: int, grace_s: float = 2.0) -> None:
    """End a process group: ask first, then insist."""
    deadline = time.monotonic() + grace_s
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(group, number)
            while number == signal.SIGTERM and time.monotonic() < deadline:
                os.killpg(group, 0)
                time.sleep(0.05)
        except (ProcessLookupError, PermissionError):
            return


@dataclass(frozen=True)
class Step:
    """One piece of set-up. `work` returns at once when its result is already there."""

    name: str
    title: str
    work: Callable[[Shell], None]
    after: tuple[str, ...] = ()


def closure(steps: Sequence[Step], wanted: Sequence[str]) -> list[Step]:
    """Return the wanted steps and all that they need, in the order of the table."""
    by_name = {step.name: step for step in steps}
    needed: set[str] = set()
    queue = list(wanted)
    while queue:
        name = queue.pop()
        if name not in needed:
            needed.add(name)
            queue.extend(by_name[name].after)
    return [step for step in steps if step.name in needed]


def run_steps(steps: Sequence[Step], board: Board, log_dir: Path, cwd: Path) -> None:
    """Run all steps; a failure or an interrupt ends what is still running. Raises SetupError."""
    log_dir.mkdir(parents=True, exist_ok=True)
    cancelled = threading.Event()
    done: set[str] = set()
    running: dict[Future[None], Step] = {}
    pending = list(steps)
    with ThreadPoolExecutor(max_workers=max(1, len(pending))) as pool:
        try:
            while pending or running:
                for step in [s for s in pending if done.issuperset(s.after)]:
                    pending.remove(step)
                    shell = Shell(step.name, log_dir / f"setup-{step.name}.log", board, cwd, cancelled)
                    running[pool.submit(_run_one, step, shell, board)] = step
                finished, _ = wait(running, timeout=0.5, return_when=FIRST_COMPLETED)
                for future in finished:
                    step = running.pop(future)
                    future.result()
                    done.add(step.name)
        except BaseException:
            cancelled.set()
            raise


def _run_one(step: Step, shell: Shell, board: Board) -> None:
    shell.log.write_text("", encoding="utf-8")
    board.begin(step.name, step.title)
    ok = False
    try:
        step.work(shell)
        ok = True
    except SetupError as error:
        raise SetupError(f"{step.title}：{error.sentence}", error.log, error.tail) from None
    finally:
        board.end(step.name, ok)
