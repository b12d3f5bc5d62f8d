"""Reads a file in a process of its own, which may use only so much time and memory and writes nothing.

What a hostile file could do to a parser (never end, eat all memory, crash) happens there; here it is one clear sentence.
Raises Unreadable, DocumentTooLarge.
"""

import json
import logging
import subprocess
import sys
from pathlib import Path

from backend.domains.knowledge import errors
from backend.domains.knowledge.domain import Block, ReadDocument

log = logging.getLogger("guanjia.knowledge")

TIMEOUT_S = 40.0
ROOT = Path(__file__).parents[4]
CHILD = "backend.domains.knowledge.reading"
_TOO_HARD = "这个文件太复杂，没能在规定的时间里读完。请拆成几个小文件，或另存为 Word、Markdown 再上传。"
_FAILED = "这个文件读不了，可能已损坏。请重新导出后再上传。"


def read(kind: str, data: bytes, timeout_s: float = TIMEOUT_S) -> ReadDocument:
    """Return what a file says, read in another process."""
    try:
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-m", CHILD, kind, str(int(timeout_s))],
            input=data,
            capture_output=True,
            timeout=timeout_s + 5,
            cwd=ROOT,
            env={"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", "LANG": "C.UTF-8"},
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise errors.Unreadable(_TOO_HARD) from error
    try:
        answer = json.loads(done.stdout)
    except ValueError as error:
        log.warning("reading a %s ended with %s: %s", kind, done.returncode, done.stderr[-300:])
        raise errors.Unreadable(_TOO_HARD if done.returncode < 0 else _FAILED) from error
    if "refused" in answer:
        raise getattr(errors, answer["refused"])(answer["detail"])
    blocks = tuple(Block(text, level) for text, level in answer["blocks"])
    return ReadDocument(answer["title"], blocks, answer["pages"])
