"""Cuts what was read from a file into sections that can be found and quoted. Pure.

A section has ``LONGEST`` characters at most: longer text is split between sentences, each part beginning with the last
sentence of the one before; a text shorter than ``SHORTEST`` joins its neighbour under the same parent heading.
"""

import re
from collections.abc import Iterator

from backend.domains.knowledge.domain import Piece, ReadDocument

LONGEST, SHORTEST = 360, 14
OVERLAP = 60
"""A part repeats the last sentence of the one before when that has no more characters."""
UNIT_CHARS = 20
BETWEEN = " › "
TITLE_CHARS = 200

_ENDS = re.compile(r"(?<=[。！？；!?;\n])")


def sentences(text: str) -> list[str]:
    """Return the sentences of a text; a line of a table is one. Joined they are the text again, but for blanks."""
    return [part.strip() for part in _ENDS.split(text) if part.strip()]


def units(text: str) -> list[str]:
    """Return what of a text can be found and quoted alone: its sentences, short ones joined to the one before."""
    found: list[str] = []
    for sentence in sentences(text):
        if found and (len(found[-1]) < UNIT_CHARS or len(sentence) < SHORTEST // 2):
            found[-1] += sentence if found[-1][-1] in "。！？；;!?" else f"\n{sentence}"
        else:
            found.append(sentence)
    return found


def excerpt(text: str, best: int, most: int) -> str:
    """Return the unit number ``best`` with as many of those after and before it as ``most`` characters hold."""
    parts = units(text)
    if len(text) <= most or not 0 <= best < len(parts):
        return text if len(text) <= most else text[: most - 1].rstrip() + "…"
    first = last = best
    while True:
        free = most - sum(map(len, parts[first : last + 1]))
        if last + 1 < len(parts) and len(parts[last + 1]) <= free:
            last += 1
        elif first and len(parts[first - 1]) <= free:
            first -= 1
        else:
            break
    shown = "".join(part if part[-1] in "。！？；;!?" else part + "\n" for part in parts[first : last + 1]).strip()
    return ("…" if first else "") + shown + ("…" if last + 1 < len(parts) else "")


def cut(read: ReadDocument) -> list[Piece]:
    """Return the sections of a document, in reading order."""
    joined = _join(list(_under_headings(read)))
    return [Piece(title, part) for title, text in joined for part in _split(text)]


def _under_headings(read: ReadDocument) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield (headings, text): everything between two headings."""
    path: list[tuple[int, str]] = []
    texts: list[str] = []
    for block in read.blocks:
        if not block.level:
            texts.append(block.text)
            continue
        if texts:
            yield tuple(name for _, name in path), "\n".join(texts)
            texts = []
        path = [(level, name) for level, name in path if level < block.level]
        path.append((block.level, block.text[:TITLE_CHARS]))
    if texts:
        yield tuple(name for _, name in path), "\n".join(texts)


def _join(parts: list[tuple[tuple[str, ...], str]]) -> list[tuple[str, str]]:
    """Join texts that are too short to be found to the one after them, else before them, under the same parent."""
    kept: list[tuple[tuple[str, ...], tuple[str, ...], str]] = []  # parent, names, text
    for path, text in parts:
        parent, name = path[:-1], path[-1:]
        if kept and kept[-1][0] == parent and (len(kept[-1][2]) < SHORTEST or len(text) < SHORTEST):
            _, names, before = kept[-1]
            if len(before) + len(text) <= LONGEST:
                kept[-1] = (parent, names + name, f"{before}\n{text}")
                continue
        kept.append((parent, name, text))
    return [(_title(parent, names), text) for parent, names, text in kept]


def _title(parent: tuple[str, ...], names: tuple[str, ...]) -> str:
    joined = "、".join(dict.fromkeys(names))
    return BETWEEN.join([*parent, joined] if joined else parent)[:TITLE_CHARS]


def _split(text: str) -> Iterator[str]:
    if len(text) <= LONGEST:
        yield text
        return
    part: list[str] = []
    for piece in _no_longer_than(LONGEST, _ENDS.split(text)):
        if part and sum(map(len, part)) + len(piece) > LONGEST:
            yield "".join(part).strip()
            last = part[-1]
            part = [last] if len(last) <= OVERLAP and len(last) + len(piece) <= LONGEST else []
        part.append(piece)
    if "".join(part).strip():
        yield "".join(part).strip()


def _no_longer_than(limit: int, pieces: list[str]) -> Iterator[str]:
    for piece in pieces:
        for start in range(0, len(piece), limit):
            yield piece[start : start + limit]
