"""Stamps that let a second start skip work: a digest of what a result was made from.

A stamp lies inside the folder it vouches for, so deleting the result deletes the stamp.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

STAMP = ".guanjia-stamp"


def digest(files: Iterable[Path], *words: str) -> str:
    """Return one digest over the files' names and contents and some more words."""
    total = hashlib.sha256()
    for word in words:
        total.update(word.encode() + b"\0")
    for path in files:
        total.update(path.name.encode() + b"\0")
        total.update(hashlib.sha256(path.read_bytes()).digest() if path.is_file() else b"-")
    return total.hexdigest()


def tree(folder: Path, skip: frozenset[str]) -> list[Path]:
    """Return every file below a folder in a fixed order, leaving out folders named in `skip`."""
    found: list[Path] = []
    for path in sorted(folder.iterdir()):
        if path.name in skip:
            continue
        if path.is_dir():
            found.extend(tree(path, skip))
        else:
            found.append(path)
    return found


def matches(folder: Path, value: str) -> bool:
    """Whether the folder's stamp says that it was made from `value`."""
    stamp = folder / STAMP
    return stamp.is_file() and stamp.read_text(encoding="utf-8").strip() == value


def write(folder: Path, value: str) -> None:
    """Stamp the folder; the stamp appears whole or not at all."""
    draft = folder / f"{STAMP}.new"
    draft.write_text(value + "\n", encoding="utf-8")
    draft.replace(folder / STAMP)
