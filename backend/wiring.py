"""Imports every part that works by being imported: tables, and the hooks that guard them."""

from backend.kit import append_only, audit, counting, live, once, outbox
from backend.kit.db import Base
from backend.kit.discovery import table_modules

__all__ = ["load_tables"]

_KIT = (append_only, audit, counting, live, once, outbox)


def load_tables() -> type[Base]:
    """Import the tables of the kit and of all domains; return the base class, whose metadata is now complete."""
    tuple(table_modules())
    return Base
