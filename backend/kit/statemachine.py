"""State machines as tables: the legal moves are data, and this is the only reader of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Move:
    """One legal move. ``actors`` name who may make it; ``title`` is the word on the button."""

    frm: StrEnum
    to: StrEnum
    actors: frozenset[str]
    title: str
    needs_note: bool = False
    primary: bool = False


def moves_from(table: Iterable[Move], state: StrEnum, actors: frozenset[str]) -> list[Move]:
    """Return the moves that one of ``actors`` may make from ``state``, in table order."""
    return [m for m in table if m.frm == state and m.actors & actors]


def find_move(table: Iterable[Move], state: StrEnum, to: StrEnum) -> Move | None:
    """Return the move state → to, or None when the table has none."""
    return next((m for m in table if m.frm == state and m.to == to), None)
