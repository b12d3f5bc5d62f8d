"""The way out by text message: a port, and the sink of a demo run, which keeps what it would send in a file.

Raises: nothing of its own. A run without a gateway says that it has none (``is_open``).
"""

import json
import logging
import os
from pathlib import Path
from typing import Protocol

from backend.domains.channels.domain import Sms
from backend.kit import clock
from backend.settings import get_settings

log = logging.getLogger("guanjia.sms")


class Gateway(Protocol):
    """Whatever sends text messages."""

    def send(self, message: Sms) -> None:
        """Send one. Raises when it was not taken."""


def sink_file() -> Path:
    """Return where a demo run keeps what it would send."""
    return get_settings().var_dir / "run" / "sms.jsonl"


class Sink:
    """Writes messages to a file of this machine, readable by its owner only."""

    def send(self, message: Sms) -> None:
        """Append one line."""
        path = sink_file()
        path.parent.mkdir(parents=True, exist_ok=True)
        line = json.dumps(
            {"at": clock.now().isoformat(), "phone": message.phone, "text": message.text}, ensure_ascii=False
        )
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "a", encoding="utf-8") as file:
            file.write(line + "\n")


_gateway: Gateway | None = None


def use(gateway: Gateway | None) -> None:
    """Say what sends text messages (the composition root of an installation knows)."""
    global _gateway
    _gateway = gateway


def _present() -> Gateway | None:
    return _gateway or (Sink() if get_settings().demo else None)


def is_open() -> bool:
    """Tell whether text messages can be sent."""
    return _present() is not None


def send(message: Sms) -> None:
    """Send one; a failure is logged, and the person asks for another code."""
    gateway = _present()
    try:
        if gateway is not None:
            gateway.send(message)
    except Exception as error:  # whatever a gateway raises, the answer to the person stays
        log.warning("text message not sent: %s: %s", type(error).__name__, error)
