"""Kombu's broker of files, with messages that appear whole.

Kombu's own ``_put`` makes the file first and writes into it afterwards; a worker that looks in between takes an empty
message, which loses the task and ends the worker (kombu 5.7, ``transport/filesystem.py``).
"""

import os
import time
import uuid
from pathlib import Path
from typing import Any

from kombu.exceptions import ChannelError
from kombu.transport import filesystem
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    """Writes a message beside its place and moves it there in one step."""

    def _put(self, queue: str, payload: Any, **_: Any) -> None:  # type: ignore[override]  # as kombu's own
        """Put ``payload`` onto ``queue``; readers take the oldest name first. Raises ChannelError when it cannot be written."""
        name = f"{round(time.monotonic() * 1000)}_{uuid.uuid4()}.{queue}.msg"
        folder = Path(self.data_folder_out)
        draft = folder / f".{name}"  # no reader takes a name that begins like this
        try:
            draft.write_text(dumps(payload), encoding="utf-8")
            os.replace(draft, folder / name)
        except OSError as error:
            draft.unlink(missing_ok=True)
            raise ChannelError(f"Cannot add a message to {folder}: {error}") from error


class Transport(filesystem.Transport):
    """The transport that Celery is told to use."""

    Channel = Channel
