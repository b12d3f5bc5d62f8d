"""Logs that may only grow: a table with ``__append_only__ = True`` refuses changes and deletions at flush."""

from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session, UOWTransaction


class LogIsAppendOnly(RuntimeError):
    """A bug: somebody tried to rewrite history."""


@event.listens_for(Session, "before_flush")
def _refuse(session: Session, _context: UOWTransaction, _instances: Any) -> None:
    for row in (*session.dirty, *session.deleted):
        if getattr(row, "__append_only__", False) and (row in session.deleted or session.is_modified(row)):
            raise LogIsAppendOnly(type(row).__name__)
