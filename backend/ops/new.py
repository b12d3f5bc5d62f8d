"""`make new name=renovation title=装修申请`: lays the empty files of a capability, overwriting nothing."""

from __future__ import annotations

import argparse
import keyword
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from backend.ops.config import ROOT
from backend.ops.console import Board

DOMAIN = {
    "__init__.py": '"""{Name} {title}: what it is for, the words it uses, its states."""\n',
    "api.py": '"""Routes of {name}: parse, call the service, return."""\n\n'
    "from fastapi import APIRouter\n\n"
    'router = APIRouter(prefix="/{path}", tags=["{name}"])\n',
    "schemas.py": '"""What requests and responses of {name} look like."""\n',
    "service.py": '"""Use cases of {name}, one function a verb."""\n',
    "repository.py": '"""Every SQL statement of {name}."""\n',
    "models.py": '"""Tables of {name}."""\n',
    "domain.py": '"""Rules of {name}: dataclasses, enums and the table of moves. Pure."""\n',
    "errors.py": '"""Problems of {name}."""\n',
}
FILES = {
    **{f"backend/domains/{{name}}/{file}": text for file, text in DOMAIN.items()},
    "actions/{name}.py": '"""Actions of {name} {title}: read slots, call the backend, choose words, set slots."""\n',
    "nlu_data/{name}.yml": '# {title}: intents, entities, slots, form, responses, nlu and rules of {name}.\nversion: "3.1"\n',
    "tests/backend/domains/{name}/__init__.py": "",
    "tests/backend/domains/{name}/test_service.py": '"""What the service of {name} promises."""\n',
    "tests/actions/test_{name}.py": '"""What the actions of {name} say and do."""\n',
    "tests/conversations/test_{name}.yml": 'version: "3.1"\n',
}
NEXT = (
    '接下来 next: fill the three places (CONTRIBUTING.md), then `make migration m="{name}"`, `make train`, `make test`.'
)


def files(name: str, title: str) -> dict[str, str]:
    """Return the capability's files: place → content."""
    words = {"name": name, "Name": name.capitalize(), "title": title, "path": name.replace("_", "-")}
    return {place.format_map(words): text.format_map(words) for place, text in FILES.items()}


def complaint(name: str, root: Path) -> str | None:
    """Return why this cannot be the name of a new capability, or None."""
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or keyword.iskeyword(name):
        return "make new name=renovation：名字用小写英文单词，可带下划线 · a lower-case English word"
    if (root / "backend" / "domains" / name).exists():
        return f"已经有了 · exists already: backend/domains/{name}"
    return None


def main(argv: Sequence[str] | None = None, root: Path = ROOT) -> int:
    """Lay the files from the command line."""
    parser = argparse.ArgumentParser(prog="backend.ops.new", description=__doc__)
    parser.add_argument("name")
    parser.add_argument("--title", default="（中文名）")
    options = parser.parse_args(argv)
    board = Board()
    problem = complaint(options.name, root)
    if problem is not None:
        board.say(f"✗ {problem}")
        return 2
    for place, text in files(options.name, options.title or "（中文名）").items():
        if (root / place).exists():
            board.say(f"  {place}  已有，保留 · kept")
            continue
        (root / place).parent.mkdir(parents=True, exist_ok=True)
        (root / place).write_text(text, encoding="utf-8")
        board.say(f"  {place}")
    board.say(NEXT.format(name=options.name))
    return 0


if __name__ == "__main__":
    sys.exit(main())
