"""Labels of the training page joined with the training data: what people said last wins.

A label is an example of Rasa's format (`nlu:` blocks, with `metadata` where a fault has fields). The same words
under another intent, or with other fields, leave the data; words that the data has in the same way are not doubled.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from rasa.shared.utils.io import read_yaml_file, write_yaml

Meaning = tuple[str, tuple[tuple[str, str], ...]]


def lines_of(block: dict[str, Any]) -> list[str]:
    """Return the examples of a block."""
    lines = (line.strip() for line in str(block.get("examples") or "").splitlines())
    return [line[2:].strip() for line in lines if line.startswith("- ")]


def _meaning(block: dict[str, Any]) -> Meaning:
    return str(block["intent"]), tuple(sorted((block.get("metadata") or {}).items()))


def _agree(said: Meaning, known: Meaning) -> bool:
    return said[0] == known[0] and set(said[1]) <= set(known[1])


def _blocks(path: Path) -> list[dict[str, Any]]:
    return list((read_yaml_file(str(path)) or {}).get("nlu") or [])


def join(data: Path, labels: Path, into: Path) -> int:
    """Write `data` with `labels` into the new folder `into`; return how many labels are new."""
    into.mkdir(parents=True)
    said = {text: _meaning(block) for block in _blocks(labels) for text in lines_of(block)}
    known: set[str] = set()
    for path in sorted(data.glob("*.yml")):
        content = read_yaml_file(str(path)) or {}
        blocks = [block for block in content.get("nlu") or [] if "intent" in block]
        dropped = 0
        for block in blocks:
            kept = []
            for text in lines_of(block):
                if text in said and not _agree(said[text], _meaning(block)):
                    dropped += 1
                    continue
                known.add(text)
                kept.append(text)
            block["examples"] = "".join(f"- {text}\n" for text in kept)
        if dropped:
            content["nlu"] = [b for b in content["nlu"] if b.get("examples")]
            write_yaml(content, into / path.name)
        else:
            shutil.copyfile(path, into / path.name)
    new = {text: meaning for text, meaning in said.items() if text not in known}
    _write(new, into / "zz_labels.yml")
    return len(new)


def _write(new: dict[str, Meaning], path: Path) -> None:
    if not new:
        return
    blocks: dict[Meaning, list[str]] = {}
    for text, meaning in new.items():
        blocks.setdefault(meaning, []).append(text)
    nlu = [
        {
            "intent": intent,
            **({"metadata": dict(fields)} if fields else {}),
            "examples": "".join(f"- {text}\n" for text in texts),
        }
        for (intent, fields), texts in blocks.items()
    ]
    write_yaml({"version": "3.1", "nlu": nlu}, path)
