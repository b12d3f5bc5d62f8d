"""Pages by key: ``?limit=&cursor=`` with an opaque cursor, stable while rows are added."""

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Query

from backend.kit.fields import LARGEST_ID
from backend.kit.problems import InvalidInput

T = TypeVar("T")

Limit = Annotated[int, Query(ge=1, le=200, description="rows a page")]
Cursor = Annotated[str | None, Query(max_length=200, description="`next` of the page before")]


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of rows and the cursor of the next, None at the end."""

    items: list[T]
    next: str | None


def encode(key: int | str) -> str:
    """Return the cursor for a key."""
    return base64.urlsafe_b64encode(str(key).encode()).decode().rstrip("=")


def decode_int(cursor: str | None) -> int | None:
    """Return the numeric key in a cursor. Raises InvalidInput for one that we did not make."""
    if cursor is None:
        return None
    try:
        key = int(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode())
    except (ValueError, binascii.Error):
        key = -1
    if not 0 <= key <= LARGEST_ID or encode(key) != cursor:
        raise InvalidInput(errors=[{"field": "cursor", "message": "页码标记无效"}])
    return key


def page_of(rows: Sequence[T], limit: int, key: Callable[[T], Any]) -> Page[T]:
    """Cut ``limit + 1`` fetched rows into a page."""
    items = list(rows[:limit])
    return Page(items, encode(key(items[-1])) if len(rows) > limit else None)
