"""What the person at the terminal sees: a live line for each running step, plain lines in a log.

Times are seconds. A `Board` may be used from several threads.
"""

from __future__ import annotations

import re
import shutil
import sys
import threading
import time
import unicodedata
from dataclasses import dataclass
from typing import TextIO

REFRESH_S = 0.2
HEARTBEAT_S = 15.0
WORTH_TELLING_S = 0.5
WARNING = re.compile(r"^\S+:\d+: \w*Warning: ")


def shorten(text: str, columns: int) -> str:
    """Cut text to a terminal width; a Chinese character takes two columns."""
    used = 0
    for index, char in enumerate(text):
        used += 2 if unicodedata.east_asian_width(char) in "WF" else 1
        if used > columns:
            return text[:index]
    return text


@dataclass
class Activity:
    """A step that is running now."""

    title: str
    started: float
    told: float | None = None
    last: str = ""


class Board:
    """Prints lines that stay, and redraws the lines of running steps below them."""

    def __init__(self, stream: TextIO | None = None, heartbeat_s: float = HEARTBEAT_S) -> None:
        self._stream = sys.stdout if stream is None else stream
        self._live = self._stream.isatty()
        self._heartbeat_s = heartbeat_s
        self._lock = threading.RLock()
        self._active: dict[str, Activity] = {}
        self._drawn = 0
        self._closing = threading.Event()
        self._ticker: threading.Thread | None = None

    def __enter__(self) -> Board:
        self._closing.clear()
        self._ticker = threading.Thread(target=self._tick, daemon=True)
        self._ticker.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        if self._ticker is not None:
            self._ticker.join()
        with self._lock:
            self._active.clear()
            self._erase()
            self._redraw()

    def say(self, text: str = "") -> None:
        """Print a line that stays."""
        with self._lock:
            self._erase()
            self._stream.write(text + "\n")
            self._redraw()

    def begin(self, name: str, title: str) -> None:
        """Show that a step has started."""
        now = time.monotonic()
        with self._lock:
            self._active[name] = Activity(title, now)

    def note(self, name: str, line: str) -> None:
        """Show the newest line that a step's tool wrote; warnings of Python and what belongs to a line are left to the log."""
        telling = line.strip() and not line[0].isspace() and not WARNING.search(line)
        with self._lock:
            if telling and name in self._active:
                self._active[name].last = line.strip()

    def end(self, name: str, ok: bool = True) -> None:
        """Show that a step has ended and how long it took; one that only checked leaves no line."""
        with self._lock:
            activity = self._active.pop(name, None)
        if activity is not None:
            took = time.monotonic() - activity.started
            if ok and took < WORTH_TELLING_S:
                return
            self.say(f"{'✓' if ok else '✗'} {activity.title}  {took:.1f} s")

    def _tick(self) -> None:
        while not self._closing.wait(REFRESH_S):
            with self._lock:
                if self._live:
                    self._erase()
                    self._redraw()
                else:
                    self._beat()

    def _beat(self) -> None:
        now = time.monotonic()
        for activity in self._active.values():
            if activity.told is None and now - activity.started >= WORTH_TELLING_S:
                self._stream.write(f"… {activity.title}\n")
            elif activity.told is None or now - activity.told < self._heartbeat_s:
                continue
            else:
                self._stream.write(f"  {_describe(activity, now)}\n")
            activity.told = now
            self._stream.flush()

    def _erase(self) -> None:
        if self._drawn:
            self._stream.write(f"\x1b[{self._drawn}A\x1b[J")
            self._drawn = 0

    def _redraw(self) -> None:
        if self._live:
            now = time.monotonic()
            columns = shutil.get_terminal_size().columns - 1
            for activity in self._active.values():
                self._stream.write(shorten(f"⋯ {_describe(activity, now)}", columns) + "\n")
            self._drawn = len(self._active)
        self._stream.flush()


def _describe(activity: Activity, now: float) -> str:
    tail = f"  {activity.last}" if activity.last else ""
    return f"{activity.title}  {now - activity.started:.0f} s{tail}"
