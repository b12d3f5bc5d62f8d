"""Labels as Rasa's training data: a file of their own for a training, or merged into the capability files for a review.

The capability files are read with ruamel.yaml to know where each block lies, and changed line by line, so that a review
sees the labels and nothing else. Pure.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import unified_diff
from typing import Any

from ruamel.yaml import YAML

from backend.domains.training.domain import Label
from backend.domains.training.masking import fill

LONGEST = 300
_SPACE = re.compile(r"\s+")
_BRACKETS = str.maketrans("[]{}", "【】｛｝")  # Rasa reads [words](name) as an entity

Meaning = tuple[str, tuple[tuple[str, str], ...]]


def example(text: str) -> str:
    """Return a masked text as one line that Rasa can learn from; empty when there is nothing to learn."""
    line = _SPACE.sub(" ", fill(text)).strip().translate(_BRACKETS)
    return "" if line.startswith("/") or len(line) > LONGEST else line


def by_example(labels: Sequence[tuple[str, Label]]) -> dict[str, Label]:
    """Return one label for each example, the last one where people disagree. ``labels`` are (masked text, label)."""
    found = {example(text): label for text, label in labels}
    found.pop("", None)
    return found


def _meaning(label: Label) -> Meaning:
    return label.intent, tuple(label.fields.items())


def render(labels: Mapping[str, Label]) -> str:
    """Return a training file with a block for each meaning."""
    blocks: dict[Meaning, list[str]] = {}
    for text, label in labels.items():
        blocks.setdefault(_meaning(label), []).append(text)
    lines = ['version: "3.1"', "nlu:"]
    for (intent, fields), texts in sorted(blocks.items()):
        lines += _block(intent, dict(fields), texts, "  ")
    return "\n".join(lines) + "\n" if blocks else ""


def _block(intent: str, fields: Mapping[str, str], texts: Sequence[str], indent: str) -> list[str]:
    metadata = ", ".join(f"{name}: {value}" for name, value in fields.items())
    return [
        f"{indent}- intent: {intent}",
        *([f"{indent}  metadata: {{ {metadata} }}"] if metadata else []),
        f"{indent}  examples: |",
        *(f"{indent}    - {text}" for text in texts),
    ]


@dataclass
class _Block:
    """Where a block of examples lies in a file: lines from 0, ``end`` is behind its last example."""

    intent: str
    fields: dict[str, str]
    indent: str
    end: int
    lines: dict[str, int]


@dataclass
class _File:
    name: str
    text: list[str]
    intents: list[str]
    blocks: list[_Block]
    dropped: set[int] = field(default_factory=set)
    added: dict[int, list[str]] = field(default_factory=dict)

    def changed(self) -> list[str]:
        """Return the lines with what was dropped and added."""
        made: list[str] = []
        for number, line in enumerate([*self.text, ""]):
            made += self.added.get(number, [])
            if number < len(self.text) and number not in self.dropped:
                made.append(line)
        return made


def _read(name: str, text: str) -> _File:
    content: Any = YAML().load(text) or {}
    lines = text.splitlines()
    blocks = [_read_block(block, lines) for block in content.get("nlu") or [] if "intent" in block]
    return _File(name, lines, [str(i) for i in content.get("intents") or []], blocks)


def _read_block(block: Any, lines: Sequence[str]) -> _Block:
    at, column = block.lc.key("examples")
    examples: dict[str, int] = {}
    end = at + 1
    for number in range(at + 1, len(lines)):
        line = lines[number]
        if line.strip() and len(line) - len(line.lstrip()) <= column:
            break
        if line.strip().startswith("- "):
            examples[line.strip()[2:].strip()] = number
            end = number + 1
    fields = {str(k): str(v) for k, v in (block.get("metadata") or {}).items()}
    return _Block(str(block["intent"]), fields, " " * (column - 2), end, examples)


def merge(files: Mapping[str, str], labels: Mapping[str, Label]) -> dict[str, str]:
    """Return the files that change, each label in the block it belongs to.

    Words that the data has under another meaning leave it; words that it has under the same stay as they are.
    """
    read = [_read(name, text) for name, text in sorted(files.items())]
    fresh: dict[Meaning, list[str]] = {}
    for text, label in labels.items():
        if not _known(read, text, label):
            fresh.setdefault(_meaning(label), []).append(text)
    for (intent, fields), texts in sorted(fresh.items()):
        _place(read, intent, dict(fields), texts)
    changed = {file.name: "\n".join(file.changed()) + "\n" for file in read if file.dropped or file.added}
    return {name: text for name, text in changed.items() if text != files[name]}


def _known(files: Sequence[_File], text: str, label: Label) -> bool:
    known = False
    for file in files:
        for block in file.blocks:
            if text not in block.lines:
                continue
            if block.intent == label.intent and label.fields.items() <= block.fields.items():
                known = True
            else:
                _drop(file, block, text)
    return known


def _drop(file: _File, block: _Block, text: str) -> None:
    file.dropped.add(block.lines[text])
    if all(number in file.dropped for number in block.lines.values()):  # nothing is left of the block
        first = next(n for n in range(block.end - 1, -1, -1) if file.text[n].startswith(f"{block.indent}- "))
        file.dropped.update(range(first, block.end))


def _place(files: Sequence[_File], intent: str, fields: Mapping[str, str], texts: Sequence[str]) -> None:
    """Put new examples into the block of the same meaning, else into a new block beside its relatives."""
    mine = [(file, block) for file in files for block in file.blocks if block.intent == intent]
    same = [(f, b) for f, b in mine if b.fields == fields and not f.dropped.issuperset(b.lines.values())]
    if same:
        file, block = max(same, key=lambda pair: len(pair[1].lines))
        file.added.setdefault(block.end, []).extend(f"{block.indent}    - {text}" for text in texts)
        return
    related = [(f, b) for f, b in mine if fields and b.fields.get("category") == fields.get("category")] or mine
    if related:
        file, block = related[-1]
        file.added.setdefault(block.end, []).extend(_block(intent, fields, texts, block.indent))
        return
    owner = next((file for file in files if intent in file.intents), files[0])
    if owner.blocks:
        last = owner.blocks[-1]
        owner.added.setdefault(last.end, []).extend(_block(intent, fields, texts, last.indent))
    else:
        owner.added.setdefault(len(owner.text), []).extend(["nlu:", *_block(intent, fields, texts, "  ")])


def patch(before: Mapping[str, str], after: Mapping[str, str], folder: str) -> str:
    """Return the changes as a patch for ``git apply``."""
    made: list[str] = []
    for name, text in sorted(after.items()):
        path = f"{folder}/{name}"
        old, new = before[name].splitlines(keepends=True), text.splitlines(keepends=True)
        made += unified_diff(old, new, f"a/{path}", f"b/{path}")
    return "".join(made)
