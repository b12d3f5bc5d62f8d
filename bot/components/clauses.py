"""The clauses of a clean text, and those that stand beside its first business. Pure."""

from __future__ import annotations

import re

from bot.components.lexicon import CONNECTIVES

EDGES = " ,，。;；!！?？、"
_BREAK = re.compile(rf"[,，。;；!！?？\n]+|\s+|(?={CONNECTIVES.pattern})|(?:然后|再(?=[帮给订约查交缴开看]))")
_OPENS = re.compile(rf"^(?:{CONNECTIVES.pattern}|[也再](?:帮|给|想|要|麻烦)?(?:我|你们)?(?:问|查|看|说|订|约|办))")
_ASIDE = re.compile(rf"^(?:{CONNECTIVES.pattern}|[，, 呃嗯啊哦]|我?[也再想就](?=问|帮|查|看|说|订|约|办))+")
SHORTEST = 4
"""Characters that a clause needs to be judged by itself."""

Span = tuple[int, int]


def clauses(text: str) -> list[Span]:
    """Return the clauses as (start, end)."""
    found, position = [], 0
    for match in [*_BREAK.finditer(text), None]:
        end = match.start() if match else len(text)
        if text[position:end].strip(EDGES):
            found.append((position, end))
        if match:
            position = match.end() if match.group().strip(EDGES) == "" else match.start()
    return found


def asides(text: str) -> dict[Span, str]:
    """Return the clauses after the first that open with 顺便, 另外, 也问下 and the like, with their words after that.

    Where there are any, what stands before the first of them comes first, as (0, end).
    """
    found: dict[Span, str] = {}
    for start, end in clauses(text)[1:]:
        words = text[start:end].strip(EDGES)
        rest = _ASIDE.sub("", words).strip(EDGES)
        if _OPENS.search(words) and len(rest) >= SHORTEST:
            found[(start, end)] = rest
    if found:
        before = min(found)[0]
        found = {(0, before): text[:before].strip(EDGES), **found}
    return found
