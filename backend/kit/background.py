"""Work that nobody may wait for, in a thread of its own: soon after an ask, or again and again."""

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


class AgainAndAgain:
    """Calls ``work`` every ``pause_s`` seconds until it is stopped. A call that fails is told and made again."""

    def __init__(self, name: str, work: Callable[[], object], pause_s: float) -> None:
        self._name, self._work, self._pause_s = name, work, pause_s
        self._over = Event()
        self._thread = Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Make the first call at once, in the thread."""
        self._thread.start()

    def stop(self) -> None:
        """Make no further call. One that is under way ends by itself."""
        self._over.set()

    def _run(self) -> None:
        while not self._over.is_set():
            try:
                self._work()
            except Exception as error:  # the next call tries again
                log.warning("%s failed: %s: %s", self._name, type(error).__name__, error)
            self._over.wait(self._pause_s)
