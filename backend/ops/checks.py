"""`make check`: every check by name with its time; all are run, all that fail are named.

`python3 -m backend.ops.checks [name …]` runs some of them. Files over 400 lines fail (generated migrations aside).
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from backend.ops.config import ROOT, load
from backend.ops.console import Board
from backend.ops.environment import child_environment
from backend.ops.stamps import tree

LINES_AT_MOST = 400
CODE = ("bot", "actions", "backend", "connectors", "speech", "tests")
TYPED = ("backend", "actions", "connectors", "speech")
ENDINGS = (".py", ".ts", ".vue")
QUIET = {"NO_COLOR": "1", "RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3"}
SKIP = frozenset({"node_modules", "dist", ".venv", "__pycache__", "generated", ".rasa"})


def commands(root: Path) -> dict[str, list[str]]:
    """Return the checks that are programs of their own: name → command."""
    tools = root / ".venv" / "bin"
    code = [name for name in CODE if (root / name).is_dir()]
    typed = [name for name in TYPED if any((root / name).glob("*.py"))]
    return {
        "format": [str(tools / "ruff"), "format", "--check", "--quiet", *code],
        "lint": [str(tools / "ruff"), "check", "--quiet", *code],
        "types": [str(tools / "mypy"), "--strict", *typed],
        "imports": [str(tools / "lint-imports")],
        "dialogue": [
            *(str(root / "bot/.venv/bin/python"), "-W", "ignore", "-m", "rasa", "data", "validate"),
            *("--domain", "bot/domain.yml", "--data", "nlu_data", "--config", "bot/config.yml"),
            "--fail-on-warnings",
        ],
    }


def long_files(root: Path) -> Iterator[str]:
    """Yield the source files that are too long to have one reason to change."""
    for folder in CODE:
        if not (root / folder).is_dir():
            continue
        for path in tree(root / folder, SKIP):
            if path.suffix in ENDINGS and not path.name.endswith(".d.ts") and path.parent.name != "versions":
                lines = path.read_bytes().count(b"\n")
                if lines > LINES_AT_MOST:
                    yield f"{path.relative_to(root)}: {lines} lines, at most {LINES_AT_MOST}"


def run_command(argv: Sequence[str], root: Path) -> str:
    """Return what a failed check printed, or nothing when it passed."""
    env = {**child_environment(load(os.environ, root)), **QUIET}
    try:
        done = subprocess.run(
            list(argv),
            cwd=root,
            env=env,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
    except OSError as error:
        return f"cannot start {argv[0]}: {error.strerror}"
    return "" if done.returncode == 0 else (done.stdout + done.stderr).strip() or "failed"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the checks from the command line."""
    table = commands(ROOT)
    names = [*table, "sizes"]
    parser = argparse.ArgumentParser(prog="backend.ops.checks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(names))
    wanted = parser.parse_args(argv).names or names
    board = Board()
    failed = []
    for name in wanted:
        began = time.monotonic()
        if name == "sizes":
            complaint = "\n".join(long_files(ROOT))
        elif name in table:
            complaint = run_command(table[name], ROOT)
        else:
            parser.error(f"no check is called {name}; there are {', '.join(names)}")
        board.say(f"{'✗' if complaint else '✓'} {name}  {time.monotonic() - began:.1f} s")
        if complaint:
            failed.append(name)
            board.say(complaint)
    if failed:
        board.say(f"\n✗ make check: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
