"""Run a program of the bot's environment to its end: its output in a log, stopped when it takes too long or nobody wants it.

The child's standard input is a pipe that stays open: when this process dies the pipe closes and the child ends itself.
"""

import os
import shlex
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from backend.settings import PROJECT

POLL_S = 0.2
GRACE_S = 3.0


class TookTooLong(Exception):
    """The child was ended because its time was over."""


class NotWanted(Exception):
    """The child was ended because ``wanted`` said no."""


def run(command: str, arguments: Sequence[str], log: Path, wanted: Callable[[], bool], timeout_s: float) -> int:
    """Return the exit code (minus the signal when one ended it). ``wanted`` is asked a few times a second.

    Raises TookTooLong, NotWanted, OSError (cannot be started, or the log cannot be written).
    """
    with log.open("ab") as out:
        child = subprocess.Popen(
            [*shlex.split(command), *arguments],
            cwd=PROJECT,
            stdin=subprocess.PIPE,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    deadline = time.monotonic() + timeout_s
    try:
        while True:
            try:
                return child.wait(POLL_S)
            except subprocess.TimeoutExpired:
                if not wanted():
                    raise NotWanted from None
                if time.monotonic() > deadline:
                    raise TookTooLong from None
    finally:
        _end(child)
        if child.stdin is not None:
            child.stdin.close()


def _end(child: subprocess.Popen[bytes]) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        if child.poll() is not None:
            return
        try:
            os.killpg(child.pid, number)
            child.wait(GRACE_S)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            continue
