"""Brings the database to the newest schema: ``python -m backend.migrate``.

Also ``revision "message"`` (write a migration from the models), ``downgrade [target]``, ``check`` and ``current``.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError

ROOT = Path(__file__).resolve().parents[1]


def config() -> Config:
    """Return Alembic's settings (``[tool.alembic]`` in pyproject.toml)."""
    return Config(toml_file=ROOT / "pyproject.toml")


def upgrade(target: str = "head") -> None:
    """Bring the database of the settings to a revision."""
    command.upgrade(config(), target)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; without any, upgrade to the newest revision."""
    parser = argparse.ArgumentParser(prog="backend.migrate", description=__doc__)
    commands = parser.add_subparsers(dest="command")
    commands.add_parser("upgrade").add_argument("target", nargs="?", default="head")
    commands.add_parser("downgrade").add_argument("target", nargs="?", default="-1")
    commands.add_parser("revision").add_argument("message")
    commands.add_parser("check")
    commands.add_parser("current")
    arguments = parser.parse_args(argv)
    settings = config()
    try:
        match arguments.command:
            case "downgrade":
                command.downgrade(settings, arguments.target)
            case "revision":
                command.revision(settings, arguments.message, autogenerate=True)
            case "check":
                command.check(settings)
            case "current":
                command.current(settings)
            case _:
                upgrade(getattr(arguments, "target", "head"))
    except CommandError as error:
        print(f"✗ {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
