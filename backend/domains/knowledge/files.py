"""The files as they were uploaded, kept once by content under ``var/documents``; for those who want the original."""

import os
import uuid
from pathlib import Path

from backend.settings import get_settings

__all__ = ["Path", "drop", "keep", "path_of"]


def path_of(sha256: str) -> Path:
    """Return where a file with this content lies."""
    return get_settings().var_dir / "documents" / sha256[:2] / sha256


def keep(sha256: str, data: bytes) -> None:
    """Store a file; twice is once."""
    path = path_of(sha256)
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{uuid.uuid4().hex}.part")
    part.write_bytes(data)
    os.replace(part, path)


def drop(sha256: str) -> None:
    """Delete a file that no document has any more."""
    path_of(sha256).unlink(missing_ok=True)
