"""A whole system for a benchmark: a var folder and ports of its own, started and stopped like `make run`."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[2]
START_TIMEOUT_S = 300.0


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [int(one.getsockname()[1]) for one in sockets]
    for one in sockets:
        one.close()
    return ports


def _surroundings() -> dict[str, str]:
    """Return the environment without settings of ours: tests in this process may have set some for themselves."""
    ours = ("GUANJIA_", "RASA_", "DATABASE_URL", "REDIS_URL")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


class System:
    """One installation. `env` is what its processes are told; `var` is removed at the end."""

    def __init__(self, database_url: str | None) -> None:
        self.var = Path(tempfile.mkdtemp(prefix="guanjia-bench-"))
        public, backend, rasa, actions, emulator = _free_ports(5)
        self.public_url = f"http://127.0.0.1:{public}"
        self.emulator_url = f"http://127.0.0.1:{emulator}"
        self.rasa_url = f"http://127.0.0.1:{rasa}"
        self.env = {
            **_surroundings(),
            "GUANJIA_VAR_DIR": str(self.var),
            "GUANJIA_PUBLIC_HOST": "127.0.0.1",
            "GUANJIA_PUBLIC_PORT": str(public),
            "GUANJIA_BACKEND_URL": f"http://127.0.0.1:{backend}",
            "GUANJIA_RASA_URL": self.rasa_url,
            "GUANJIA_ACTIONS_URL": f"http://127.0.0.1:{actions}/webhook",
            "GUANJIA_WECHAT_EMULATOR_PORT": str(emulator),
            "GUANJIA_RASA_CREDENTIALS": "tests/bench/credentials.yml",
            "GUANJIA_DEMO": "true",
        }
        if database_url:
            self.env["DATABASE_URL"] = database_url
        models = ROOT / "var" / "models"
        if models.is_dir():
            shutil.copytree(models, self.var / "models")
        self._run: subprocess.Popen[bytes] | None = None

    def start(self) -> float:
        """Start everything and return the seconds until all of it was ready."""
        began = time.monotonic()
        with (self.var / "run.out").open("ab") as out:
            self._run = subprocess.Popen(
                [sys.executable, "-m", "backend.ops.run"],
                cwd=ROOT,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        ready = self.var / "run" / "ready.json"
        while not ready.exists():
            if self._run.poll() is not None or time.monotonic() - began > START_TIMEOUT_S:
                raise SystemExit("the system did not start:\n" + (self.var / "run.out").read_text()[-4000:])
            time.sleep(0.05)
        return time.monotonic() - began

    def stop(self) -> None:
        """Stop everything."""
        if self._run is not None:
            self._run.send_signal(signal.SIGTERM)
            self._run.wait(timeout=30)
            self._run = None

    def remove(self) -> None:
        """Stop everything and forget it."""
        self.stop()
        shutil.rmtree(self.var, ignore_errors=True)

    def task(self, *module_and_arguments: str) -> None:
        """Run a one-off command of the project with this system's settings."""
        done = subprocess.run(
            [sys.executable, "-m", "backend.ops.task", *module_and_arguments],
            cwd=ROOT,
            env=self.env,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise SystemExit(f"{module_and_arguments}: {done.stdout}{done.stderr}"[-4000:])

    def secret(self, file: str) -> str:
        """Return one of the secrets that the run has made."""
        return (self.var / file).read_text(encoding="ascii").strip()

    def pids(self) -> dict[str, int]:
        """Return process name → process id, as they are now."""
        return dict(json.loads((self.var / "run" / "pids.json").read_text()))

    def signal(self, name: str, what: signal.Signals) -> int:
        """Send a signal to a process and all it has started; return the process id."""
        pid = self.pids()[name]
        process = psutil.Process(pid)
        for member in [*process.children(recursive=True), process]:
            member.send_signal(what)
        return pid

    def members(self) -> set[psutil.Process]:
        """Return every process of the system as of now."""
        if self._run is None:
            return set()
        supervisor = psutil.Process(self._run.pid)
        return {supervisor, *supervisor.children(recursive=True)}

    def log_tails(self, lines: int = 15) -> list[tuple[str, str]]:
        """Return the end of every log that says anything."""
        logs = sorted((self.var / "log").glob("*.log"))
        tails = [(log.name, log.read_text(errors="replace").splitlines()[-lines:]) for log in logs]
        return [(name, "\n".join(tail)) for name, tail in tails if tail]

    def memory_mb(self) -> dict[str, float]:
        """Return process name → resident MB, each with everything that it has started."""
        pids = self.pids()
        found = {}
        for name, pid in pids.items():
            process = psutil.Process(pid)
            family = [process] if name == "supervisor" else [process, *process.children(recursive=True)]
            found[name] = sum(member.memory_info().rss for member in family) / 1e6
        return found
