"""One process of the table while it runs: its process group, its log, its readiness."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Mapping
from pathlib import Path

from backend.ops.probes import probe
from backend.ops.processes import EXIT, LOG, Process

KEPT_LOGS = 3
PROBE_EVERY_S = 0.1


def rotate(log: Path) -> None:
    """Put the logs of earlier runs aside: name.log → name.log.1 → name.log.2 → gone."""
    for number in range(KEPT_LOGS - 1, 0, -1):
        older = log.with_name(f"{log.name}.{number}")
        newer = log if number == 1 else log.with_name(f"{log.name}.{number - 1}")
        if newer.exists():
            newer.replace(older)


class Unit:
    """A row of the table with the process that runs for it now, if any."""

    def __init__(self, row: Process, words: Mapping[str, str], env: Mapping[str, str], log: Path, cwd: Path) -> None:
        self.row = row
        self.command = [part.format_map(words) for part in row.command]
        is_url = not row.ready.startswith(LOG) and row.ready != EXIT
        self.ready_check = row.ready.format_map(words) if is_url else row.ready
        self.log = log
        self.process: subprocess.Popen[bytes] | None = None
        self.ready = threading.Event()
        self.was_ready = False
        self._env = dict(env)
        self._cwd = cwd

    def start(self) -> None:
        """Start the process in a group of its own, its output appended to its log."""
        self.ready.clear()
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as output:
            offset = output.tell()
            self.process = subprocess.Popen(
                self.command,
                cwd=self._cwd,
                env=self._env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        if not self.row.is_job:
            watcher = threading.Thread(target=self._watch, args=(self.process, offset), daemon=True)
            watcher.start()

    def _watch(self, process: subprocess.Popen[bytes], offset: int) -> None:
        check = probe(self.ready_check, self.log, offset)
        while process.returncode is None:
            if check():
                self.ready.set()
                return
            threading.Event().wait(PROBE_EVERY_S)

    @property
    def pid(self) -> int | None:
        """Process id, which is the id of its group too."""
        return self.process.pid if self.process is not None else None

    def exit_code(self) -> int | None:
        """Return how the process ended, or None while it runs or has not been started."""
        return self.process.poll() if self.process is not None else None

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the process and everything it has started in its group."""
        if self.process is not None:
            try:
                os.killpg(self.process.pid, number)
            except (ProcessLookupError, PermissionError):
                return

    def gone(self) -> bool:
        """Whether nothing of the process's group is left."""
        if self.process is None:
            return True
        self.process.poll()
        try:
            os.killpg(self.process.pid, 0)
        except ProcessLookupError:
            return True
        except PermissionError:
            return self.process.returncode is not None
        return False

    def last_lines(self, count: int = 8) -> list[str]:
        """Return the end of the log."""
        if not self.log.is_file():
            return []
        text = self.log.read_bytes()[-8192:].decode("utf-8", "replace")
        return text.splitlines()[-count:]
