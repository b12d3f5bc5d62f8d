"""`make openapi`: the pages' API types from the backend's OpenAPI description.

`--check` changes nothing and fails when the committed types are not those of the backend.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from backend.ops.config import Config, load
from backend.ops.console import Board
from backend.ops.environment import child_environment
from backend.ops.processes import placeholders
from backend.ops.tools import machine_node, with_path

DUMP = """
import json
import sys

from backend.main import app

with open(sys.argv[1], "w", encoding="utf-8") as file:
    json.dump(app.openapi(), file, ensure_ascii=False, indent=1)
"""


def generate(config: Config, target: Path) -> None:
    """Write the types of the present backend to this file. Raises CalledProcessError."""
    folder = config.root / "connectors" / "web" / "pages"
    environment = child_environment(config)
    node = machine_node(os.environ) or config.root / ".venv" / "bin"
    with tempfile.TemporaryDirectory() as scratch:
        description = str(Path(scratch) / "openapi.json")
        python = placeholders(config)["python"]
        subprocess.run([python, "-c", DUMP, description], cwd=config.root, env=environment, check=True)
        tool = folder / "node_modules" / ".bin" / "openapi-typescript"
        command = [str(tool), description, "--output", str(target)]
        subprocess.run(command, cwd=folder, env=with_path(node, environment), check=True, stdout=subprocess.DEVNULL)


def main(argv: Sequence[str] | None = None) -> int:
    """Generate or check from the command line."""
    parser = argparse.ArgumentParser(prog="backend.ops.openapi", description=__doc__)
    parser.add_argument("--check", action="store_true", help="fail when the committed types are stale")
    check = parser.parse_args(argv).check
    config = load()
    committed = config.root / "connectors" / "web" / "pages" / "src" / "api" / "schema.d.ts"
    if not check:
        generate(config, committed)
        Board().say(f"✓ {config.shown(committed)}")
        return 0
    with tempfile.TemporaryDirectory() as scratch:
        fresh = Path(scratch) / "schema.d.ts"
        generate(config, fresh)
        same = committed.is_file() and committed.read_bytes() == fresh.read_bytes()
    if not same:
        Board().say(f"✗ {config.shown(committed)} 过期了：make openapi · is stale: make openapi")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
