"""Names of models and which one is to be loaded: `var/models/<name>.tar.gz`, `current`, `promoted.json`.

The name of a model is the hash of everything that shapes it: training data, labels from the training page,
configuration, components, dictionary, domain. `promoted.json` is written by the backend when an administrator
promotes a model or goes back to one: {"model", "base", "labels"}. It holds as long as `base` is the hash of what
lies in the project now; new training data from a `git pull` therefore lead to a fresh model, with those labels.
"""

from __future__ import annotations

import hashlib
import json
import os
import tarfile
from dataclasses import dataclass
from pathlib import Path

from bot.settings import ROOT

DATA = "nlu_data"
SHAPING = (
    f"{DATA}/*.yml",
    "bot/config.yml",
    "bot/domain.yml",
    "bot/importer.py",
    "bot/components/*.py",
    "bot/data/*",
    "bot/uv.lock",
)


def fingerprint(root: Path = ROOT, data: Path | None = None, labels: Path | None = None) -> str:
    """Return the hash of all files that shape the model; `data` stands in for nlu_data."""
    digest = hashlib.sha256()
    for pattern in SHAPING:
        elsewhere = data is not None and pattern.startswith(DATA)
        found = data.glob("*.yml") if data is not None and elsewhere else root.glob(pattern)
        for path in sorted(found):
            if path.is_file():
                name = f"{DATA}/{path.name}" if elsewhere else str(path.relative_to(root))
                digest.update(name.encode() + b"\0" + path.read_bytes() + b"\0")
    if labels is not None and labels.is_file() and labels.stat().st_size:
        digest.update(b"labels\0" + labels.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def readable(archive: Path) -> bool:
    """Say whether a model archive is there and whole."""
    try:
        with tarfile.open(archive, "r:gz") as opened:
            return bool(opened.getnames())
    except (OSError, tarfile.TarError, EOFError):
        return False


def set_current(models: Path, name: str) -> None:
    """Name the model that the server loads, in one step."""
    draft = models / f".current.{os.getpid()}"
    draft.write_text(name + "\n")
    draft.replace(models / "current")


@dataclass(frozen=True)
class Promoted:
    """The model that an administrator chose, the `base` it was chosen over, and the labels in it."""

    model: str
    base: str
    labels: Path | None


def promoted(models: Path) -> Promoted | None:
    """Return what an administrator chose last; None when nobody has or the file cannot be read."""
    try:
        said = json.loads((models / "promoted.json").read_text(encoding="utf-8"))
        labels = models / Path(said["labels"]).name if said.get("labels") else None
        return Promoted(Path(said["model"]).name, str(said["base"]), labels)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


@dataclass(frozen=True)
class Wanted:
    """The model that should be in use, and the labels to train it with when it is not there."""

    name: str
    labels: Path | None
    is_promoted: bool


def wanted(models: Path) -> Wanted:
    """Return which model belongs to the project as it is now and to what the administrators chose."""
    chosen, base = promoted(models), fingerprint()
    if chosen is not None and chosen.base == base and readable(models / chosen.model):
        return Wanted(chosen.model, chosen.labels, True)
    labels = chosen.labels if chosen is not None and chosen.labels and chosen.labels.is_file() else None
    return Wanted(f"{fingerprint(labels=labels)}.tar.gz", labels, False)
