"""Knows when a process is up: its address answers 200, or its log says so."""

from __future__ import annotations

import http.client
import re
from pathlib import Path
from typing import Callable
from urllib.parse import urlsplit

from backend.ops.processes import LOG

TIMEOUT_S = 5.0


def answers(url: str) -> bool:
    """Whether this address answers 200. No proxy is asked: it is this machine."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port or 80, timeout=TIMEOUT_S)
    try:
        connection.request("GET", parts.path or "/")
        with connection.getresponse() as response:
            return response.status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def says(log: Path, pattern: str, offset: int) -> bool:
    """Whether the log, from this byte on, has a line that fits the pattern."""
    if not log.is_file():
        return False
    with log.open("rb") as file:
        file.seek(offset)
        return re.search(pattern, file.read().decode("utf-8", "replace")) is not None


def probe(ready: str, log: Path, offset: int) -> Callable[[], bool]:
    """Return the check of a table row's `ready`."""
    if ready.startswith(LOG):
        return lambda: says(log, ready[len(LOG) :], offset)
    return lambda: answers(ready)
