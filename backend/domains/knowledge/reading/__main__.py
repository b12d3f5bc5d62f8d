"""The other side of ``sandbox``: file on standard input, blocks or the refusal as JSON on standard output."""

import importlib
import json
import resource
import sys
from contextlib import suppress

from backend.domains.knowledge.errors import DocumentTooLarge, Unreadable

READERS = {"md": "markdown", "docx": "word", "pdf": "pdf"}
"""The module of each kind; only the one that is needed is loaded."""
MEMORY_BYTES = 1024 * 1024 * 1024


def limit(seconds: int) -> None:
    """Give up the right to much memory, long work, files and other processes."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(ValueError, OSError):  # a limit that this system does not know
            resource.setrlimit(what, (most, most))


def main() -> None:
    """Read one file."""
    kind, seconds = sys.argv[1], int(sys.argv[2])
    limit(seconds)
    reader = importlib.import_module(f"backend.domains.knowledge.reading.{READERS[kind]}")
    try:
        found = reader.read(sys.stdin.buffer.read())
        answer = {"title": found.title, "pages": found.pages, "blocks": [(b.text, b.level) for b in found.blocks]}
    except (Unreadable, DocumentTooLarge) as refused:
        answer = {"refused": type(refused).__name__, "detail": refused.detail}
    except (MemoryError, RecursionError):
        answer = {"refused": "Unreadable", "detail": "这个文件太复杂，读不下来。请拆成几个小文件再上传。"}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
