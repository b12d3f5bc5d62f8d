"""Finds and ends processes that left their group, and those that a killed run left behind."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

from backend.ops.steps import end_group

Family = Mapping[int, str]


def command_lines() -> dict[int, tuple[int, str]]:
    """Return pid → (parent, command line) of every process, as `ps` tells."""
    listing = subprocess.run(
        ["ps", "-A", "-ww", "-o", "pid=,ppid=,args="],
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    ).stdout
    found: dict[int, tuple[int, str]] = {}
    for line in listing.splitlines():
        words = line.split(None, 2)
        if len(words) == 3:
            found[int(words[0])] = (int(words[1]), words[2])
    return found


def descendants(roots: Iterable[int]) -> dict[int, str]:
    """Return pid → command line of everything these processes have started, themselves left out."""
    try:
        everything = command_lines()
    except OSError:
        return {}
    found: dict[int, str] = {}
    queue = list(roots)
    while queue:
        parent = queue.pop()
        for pid, (above, line) in everything.items():
            if above == parent and pid not in found:
                found[pid] = line
                queue.append(pid)
    return found


def end_all(family: Family) -> None:
    """Kill those of the family that are still the same processes."""
    if not family:
        return
    now = command_lines()
    for pid, line in family.items():
        if now.get(pid, (0, ""))[1] == line:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)


def end_leftovers(pids_file: Path, interpreters: Iterable[str]) -> list[str]:
    """End what a killed supervisor left running; return the names. A reused pid is left alone."""
    try:
        pids = json.loads(pids_file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    starts = tuple(interpreters)
    now = command_lines()
    ended = []
    for name, pid in pids.items():
        line = now.get(pid, (0, ""))[1]
        if name != "supervisor" and line.startswith(starts):
            end_group(pid, grace_s=5.0)
            ended.append(name)
    pids_file.unlink(missing_ok=True)
    return ended
