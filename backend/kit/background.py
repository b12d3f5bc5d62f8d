"""A call that somebody else must not wait for: made soon, in a thread of its own, many asks in a moment as one."""

import logging
from collections.abc import Callable
from threading import Event, Lock, Thread

log = logging.getLogger("guanjia.background")


class SoonInBackground:
    """Calls ``work`` after each ask. An ask returns at once and never fails; the thread starts with the first one."""

    def __init__(self, name: str, work: Callable[[], None]) -> None:
        self._name, self._work = name, work
        self._asked, self._lock = Event(), Lock()
        self._thread: Thread | None = None

    def ask(self) -> None:
        """Have ``work`` called soon."""
        self._asked.set()
        if self._thread is None:
            with self._lock:
                if self._thread is None:
                    self._thread = Thread(target=self._run, name=self._name, daemon=True)
                    self._thread.start()

    def _run(self) -> None:
        while True:
            self._asked.wait()
            self._asked.clear()
            try:
                self._work()
            except Exception as error:  # the next ask tries again, and a clock does the work meanwhile
                log.warning("%s failed: %s: %s", self._name, type(error).__name__, error)
