"""Everything a fresh clone needs before the first process starts; a second start only checks.

`python3 -m backend.ops.bootstrap [env] [bot] [pages] [model]` does the named parts, by default all.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from backend.ops import environments, pages, tools
from backend.ops.config import Config, ConfigError, load
from backend.ops.console import Board
from backend.ops.environment import child_environment
from backend.ops.signals import Interrupted, interruptible
from backend.ops.steps import SetupError, Shell, Step, closure, run_steps

MODERN_PYTHONS = ("3.11", "3.12")
BOT_PYTHONS = ("3.10",)
ALL = ("env", "bot", "pages", "model")


class Setup:
    """The set-up steps of one project folder."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.modern = environments.Project(config.root, MODERN_PYTHONS, torch=True)
        self.bot = environments.Project(config.root / "bot", BOT_PYTHONS)
        self.pages = config.root / "connectors" / "web" / "pages"
        self.tools = config.root / "var" / "tools"
        self._uv = ""

    def steps(self) -> list[Step]:
        """Return the table of steps with what each one waits for."""
        return [
            Step("uv", "准备安装工具 uv", self.ensure_uv),
            Step("bot", "机器人环境 bot environment (Python 3.10, Rasa)", self.sync_bot, ("uv",)),
            Step("env", "主环境 main environment (Python 3.11+)", self.sync_modern, ("uv",)),
            Step("pages", "网页 web pages", self.build_pages, ("env",)),
            Step("model", "语言模型 language model", self.train, ("bot",)),
        ]

    def prepare(self, board: Board, wanted: Sequence[str] = ALL) -> None:
        """Do the wanted parts and all that they need. Raises SetupError."""
        with _alone(self.config.root / "var", board):
            steps = closure(self.steps(), wanted)
            run_steps(steps, board, self.config.log_dir, self.config.root)

    def ensure_uv(self, shell: Shell) -> None:
        """Find or install uv, unless both environments are already as they should be."""
        if self.modern.fresh() and self.bot.fresh():
            return
        self._uv = tools.find_uv(self.tools) or tools.install_uv(self.tools, shell)

    def sync_modern(self, shell: Shell) -> None:
        """Sync `.venv`; a Node installed there earlier stays."""
        with_node = replace(self.modern, groups=("node",))
        if not with_node.fresh():
            environments.sync(self.modern, self._uv, os.environ, shell)

    def sync_bot(self, shell: Shell) -> None:
        """Sync `bot/.venv`."""
        environments.sync(self.bot, self._uv, os.environ, shell)

    def build_pages(self, shell: Shell) -> None:
        """Build the pages of the web connector."""
        if pages.fresh(self.pages):
            return
        self._uv = self._uv or tools.find_uv(self.tools) or tools.install_uv(self.tools, shell)
        node = pages.node_folder(self.modern, self._uv, os.environ, shell)
        pages.build(self.pages, node, os.environ, shell)

    def train(self, shell: Shell) -> None:
        """Train a model when none belongs to the present data and configuration."""
        command = [str(self.bot.python), "-W", "ignore", "-m", "bot.train", "--if-needed"]
        shell.run(command, env=child_environment(self.config))


@contextlib.contextmanager
def _alone(folder: Path, board: Board) -> Iterator[None]:
    """Hold the set-up lock of this project folder; a second set-up waits and says so."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "setup.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            board.say("另一个准备过程正在进行，等它完成…… · another set-up is running; waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def tell(error: SetupError, config: Config, board: Board) -> None:
    """Say what failed in one sentence, then the end of its log and where the rest is."""
    board.say(f"\n✗ {error.sentence}")
    for line in error.tail:
        board.say(f"    {line}")
    if error.log is not None:
        board.say(f"  日志 log: {config.shown(error.log)}")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the set-up from the command line."""
    parser = argparse.ArgumentParser(prog="backend.ops.bootstrap", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*ALL, []], help="parts to set up; default all")
    wanted = parser.parse_args(argv).parts or ALL
    board = Board()
    try:
        config = load()
        with interruptible(), board:
            Setup(config).prepare(board, wanted)
    except ConfigError as error:
        board.say(f"✗ {error}")
        return 2
    except SetupError as error:
        tell(error, config, board)
        return 1
    except (Interrupted, KeyboardInterrupt):
        board.say("已停止 · stopped")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
