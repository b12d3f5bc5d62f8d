"""Ctrl-C, a closed terminal and a polite kill all mean the same: stop."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator
from types import FrameType
from typing import Callable

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupted(BaseException):
    """A stop was asked for while nothing was supervised yet."""


@contextlib.contextmanager
def handling(action: Callable[[], None]) -> Iterator[None]:
    """Call `action` on each stop signal until the block ends. Main thread only."""

    def handler(_number: int, _frame: FrameType | None) -> None:
        action()

    before = {number: signal.signal(number, handler) for number in STOPPING}
    try:
        yield
    finally:
        for number, old in before.items():
            signal.signal(number, old)


def _interrupt() -> None:
    raise Interrupted


def interruptible() -> contextlib.AbstractContextManager[None]:
    """Turn each stop signal into Interrupted."""
    return handling(_interrupt)
