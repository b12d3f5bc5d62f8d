"""`make run`: set up what is missing, start everything, say where it is, stop it on Ctrl-C.

`python3 -m backend.ops.run [--exit-when-ready] [--skip-setup]`
"""

from __future__ import annotations

import argparse
import contextlib
import errno
import fcntl
import socket
import sys
import time
from collections.abc import Iterator, Sequence

from backend.ops import accounts
from backend.ops.bootstrap import Setup, tell
from backend.ops.config import PORT_VARIABLES, Config, ConfigError, load
from backend.ops.console import Board
from backend.ops.descendants import end_leftovers
from backend.ops.environment import child_environment
from backend.ops.processes import Process, placeholders, rows
from backend.ops.signals import Interrupted, handling, interruptible
from backend.ops.steps import SetupError
from backend.ops.supervisor import Outcome, Supervisor


class AlreadyRunning(Exception):
    """Another run holds this var folder."""


@contextlib.contextmanager
def run_lock(config: Config) -> Iterator[None]:
    """Hold this var folder for one run. Raises AlreadyRunning."""
    config.run_dir.mkdir(parents=True, exist_ok=True)
    with (config.run_dir / "supervisor.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in (errno.EAGAIN, errno.EACCES):
                raise
            raise AlreadyRunning from None
        yield


def port_is_free(host: str, port: int) -> bool:
    """Whether a server could listen here now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError:
            return False
    return True


def taken_port(config: Config, table: Sequence[Process]) -> str | None:
    """Return one sentence about the first port that is taken, or None."""
    for row in table:
        if not row.port:
            continue
        port = config.ports[row.port]
        public = row.port == "public_port"
        host = config.values["GUANJIA_PUBLIC_HOST"] if public else "127.0.0.1"
        if not port_is_free(host, port):
            variable = PORT_VARIABLES[row.port]
            return (
                f"端口 {port}（{row.title}）已被占用：关掉占用它的程序，或用 {variable} 换一个 · "
                f"port {port} is in use; free it or choose another with {variable}"
            )
    return None


def supervise(config: Config, board: Board, exit_when_ready: bool, setup: bool) -> int:
    """Do a whole run inside its lock. Raises SetupError, Interrupted."""
    began = time.monotonic()
    table = rows(config)
    with interruptible():
        words = placeholders(config)
        interpreters = (words["python"], words["bot_python"])
        ended = end_leftovers(config.run_dir / "pids.json", interpreters)
        if ended:
            board.say(f"上次留下的进程已结束 · ended leftovers: {', '.join(ended)}")
        sentence = taken_port(config, table)
        if sentence is not None:
            raise SetupError(sentence)
        if setup:
            Setup(config).prepare(board)
    supervisor = Supervisor(table, config, child_environment(config), board)
    supervisor.on_ready = lambda: accounts.greet(config, board, time.monotonic() - began)
    with handling(supervisor.stopping.set):
        outcome = supervisor.run(exit_when_ready)
    board.say("已全部停止 · everything has stopped")
    return 1 if outcome is Outcome.FAILED else 0


def main(argv: Sequence[str] | None = None) -> int:
    """Run from the command line; the exit code says whether it went well."""
    parser = argparse.ArgumentParser(prog="backend.ops.run", description="Run Guanjia")
    parser.add_argument("--exit-when-ready", action="store_true", help="stop once all is up")
    parser.add_argument("--skip-setup", action="store_true", help="the set-up is known to be done")
    options = parser.parse_args(argv)
    board = Board()
    try:
        config = load()
        with run_lock(config), board:
            return supervise(config, board, options.exit_when_ready, not options.skip_setup)
    except ConfigError as error:
        board.say(f"✗ {error}")
        return 2
    except AlreadyRunning:
        board.say(
            f"✗ 管家已经在运行：{config.public_url} · already running; stop it first, or use "
            "another GUANJIA_VAR_DIR and other ports"
        )
        return 1
    except SetupError as error:
        tell(error, config, board)
        return 1
    except (Interrupted, KeyboardInterrupt):
        board.say("已停止 · stopped")
        return 130


if __name__ == "__main__":
    sys.exit(main())
