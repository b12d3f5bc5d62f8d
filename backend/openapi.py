"""Writes the API's OpenAPI description: ``python -m backend.openapi [file]``. Needs no database."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from backend.main import create_app


def main(argv: Sequence[str]) -> int:
    """Write the description to the file, or to standard output."""
    text = json.dumps(create_app().openapi(), ensure_ascii=False, indent=1) + "\n"
    if argv:
        Path(argv[0]).write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
