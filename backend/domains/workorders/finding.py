"""What the search of orders reads and looks for: an order's words and address as lines, a person's words as terms. Pure.

Every line stands between line ends, so that ``\\n3号楼`` is found in 3号楼 and not in 13号楼, and so that every character
begins a pair: the index of PostgreSQL holds pairs of characters, because a Chinese word is two of them (ADR 0019).
"""

import re
import unicodedata
from dataclasses import dataclass

from backend.domains.estate import service as estate

END = "\n"
TERMS_AT_MOST = 4
EVERYWHERE = frozenset({"号楼", "单元"})
"""Pairs of nearly every address: asking the index for them takes time and leaves nothing out."""
NUMBER = re.compile(r"[A-Z]{2,4}\d{4}-\d{4,}")
"""A whole number of an order."""
_ADDRESS = re.compile(r"\d+号楼(?:\d+单元)?(?:\d{3,4}(?!\d)|\d+层)?|\d+单元(?:\d{3,4}(?!\d)|\d+层)?|\d+层")
_SAYS_WHERE = re.compile(r"号楼|单元|\d层")
_PHONE = re.compile(r"\d{7,}")
_USERNAME = re.compile(r"[a-z][a-z0-9_.]{2,}")
_HOME = re.compile(r"(?:\d+号楼|\d+单元)\d{3,4}")


@dataclass(frozen=True, slots=True)
class Term:
    """What must be found: among the ``words``, or in the address (``at``), or in either where both are given."""

    words: str | None
    at: str | None = None

    @property
    def pairs(self) -> list[str]:
        """The pairs of characters of every order that has it; what may be in either has at least its own."""
        found = pairs(self.words or self.at or "")
        return [pair for pair in found if pair not in EVERYWHERE] or found


def folded(text: str) -> str:
    """Return the text as it is compared: one width, one case, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def lines(*parts: str | None) -> str:
    """Return the parts as lines between line ends."""
    kept = dict.fromkeys(folded(part) for part in parts if part)
    return END + "".join(part + END for part in kept if part)


def address_lines(where: estate.Location) -> str:
    """Return every way in which the address may be begun: whole, without its unit, from its unit on, the room alone."""
    place = where.place or ""
    building = f"{where.building}号楼" if where.building else ""
    unit = f"{where.unit}单元" if where.unit else ""
    inner = where.room or (f"{where.floor}层" if where.floor else "")
    return lines(building + unit + inner + place, building + inner + place, unit + inner + place, inner, place)


def terms(q: str) -> list[Term]:
    """Return what must be found, all of it: words apart by spaces, an address apart from what follows it."""
    found: list[Term] = []
    for part in folded(q).split():
        address = folded(estate.as_address(part))
        head = _ADDRESS.match(address)
        rest = address[head.end() :] if head else ""
        if head and rest:
            found += [Term(None, END + head[0]), Term(rest)]
        elif address.isdigit():
            found.append(Term(address, f"{END}{address}{END}"))
        elif _SAYS_WHERE.search(address):
            found.append(Term(None, END + address))
        else:
            found.append(Term(part))
    return found[:TERMS_AT_MOST]


def names_somebody(q: str) -> bool:
    """Tell whether the words may be a phone number, a username or a home: what stands with the person, not the order."""
    text = folded(q)
    address = estate.as_address(text)
    return bool(_PHONE.fullmatch(text) or _USERNAME.fullmatch(text) or _HOME.search(address))


def pairs(text: str) -> list[str]:
    """Return the pairs of characters of a text, each once."""
    return list(dict.fromkeys(text[i : i + 2] for i in range(len(text) - 1)))
