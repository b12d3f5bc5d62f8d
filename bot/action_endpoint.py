"""The way to the action server, which remembers when it failed.

Rasa goes on silently after a failed action. `failed_actions()` lets the channel tell the truth to the
backend, which then hands the conversation to a person.
"""

from __future__ import annotations

import asyncio
from contextvars import ContextVar
from typing import Any

from rasa.utils.endpoints import ClientResponseError, EndpointConfig

_failures: ContextVar[list[str] | None] = ContextVar("action_failures", default=None)

REJECTED = 400  # an action may refuse to run; that is part of the dialogue, not a failure


def watch_actions() -> list[str]:
    """Start to watch the current task; return the list that failures are added to."""
    seen: list[str] = []
    _failures.set(seen)
    return seen


class WatchedEndpoint(EndpointConfig):
    """EndpointConfig with a time limit that records failed calls."""

    def __init__(self, url: str, timeout_s: float) -> None:
        """Call `url`; a call that takes longer than `timeout_s` has failed."""
        super().__init__(url)
        self.timeout_s = timeout_s

    async def request(self, *args: Any, **kwargs: Any) -> Any:
        """Call the action server; record what goes wrong and raise it again."""
        name = str((kwargs.get("json") or {}).get("next_action", "?"))
        try:
            return await asyncio.wait_for(super().request(*args, **kwargs), self.timeout_s)
        except ClientResponseError as error:
            if error.status != REJECTED:
                self._record(name)
            raise
        except Exception:
            self._record(name)
            raise

    @staticmethod
    def _record(name: str) -> None:
        seen = _failures.get()
        if seen is not None:
            seen.append(name)
