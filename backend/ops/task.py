"""Runs one module of the project with the settings and secrets of a run.

`python3 -m backend.ops.task backend.migrate [argument …]`; modules of `bot` run in Rasa's environment.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from backend.ops.config import Config, ConfigError, load
from backend.ops.console import Board
from backend.ops.environment import child_environment
from backend.ops.processes import placeholders


def command(config: Config, module: str, arguments: Sequence[str]) -> list[str]:
    """Return the command that runs a module in the environment it belongs to."""
    words = placeholders(config)
    python = words["bot_python" if module.split(".")[0] == "bot" else "python"]
    return [python, "-m", module, *arguments]


def main(argv: Sequence[str]) -> NoReturn:
    """Become the module's process."""
    if not argv:
        sys.exit("python3 -m backend.ops.task MODULE [argument …]")
    try:
        config = load()
    except ConfigError as error:
        Board().say(f"✗ {error}")
        sys.exit(2)
    line = command(config, argv[0], argv[1:])
    os.chdir(config.root)
    os.execve(line[0], line, child_environment(config))


if __name__ == "__main__":
    main(sys.argv[1:])
