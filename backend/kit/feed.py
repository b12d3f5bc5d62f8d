"""Reads the change feed once for all pages of this process and hands it to each of them.

Wakes at once after a commit in this process and polls for the commits of others. Looks back ``LOOK_BACK`` ids, because
ids of concurrent transactions can become visible out of order; what was handed out already is skipped.
"""

import asyncio
import logging
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from starlette.concurrency import run_in_threadpool

from backend.kit import db, live
from backend.kit.live import Event

log = logging.getLogger("guanjia.feed")
LOOK_BACK = 200
REMEMBER = 2000


class Feed:
    """The feed of one process."""

    def __init__(self, poll_s: float) -> None:
        self._poll_s = poll_s
        self._queues: set[asyncio.Queue[list[Event]]] = set()
        self._streams: Counter[int] = Counter()
        self._seen: OrderedDict[int, None] = OrderedDict()
        self._newest = 0
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._waker: Callable[[], object] | None = None
        self.closing = False

    async def start(self) -> None:
        """Begin to read from the newest event on."""
        loop = asyncio.get_running_loop()
        self._newest = await run_in_threadpool(self._read_newest)
        old = await run_in_threadpool(self._since, max(self._newest - LOOK_BACK, 0))
        self._seen = OrderedDict.fromkeys(e.id for e in old)
        self._newest = max([self._newest, *self._seen])
        self._waker = lambda: loop.call_soon_threadsafe(self._wake.set)
        live.on_publish(self._waker)
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Stop reading and let the streams end."""
        self.closing = True
        live.off_publish(self._waker)
        for queue in self._queues:
            queue.put_nowait([])
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    def streams_of(self, person_id: int) -> int:
        """Return how many pages of a person listen in this process."""
        return self._streams[person_id]

    @contextmanager
    def subscribe(
        self, after_id: int | None = None, person_id: int | None = None
    ) -> Iterator[asyncio.Queue[list[Event]]]:
        """Give a queue of events; it starts with those after ``after_id`` that are in the feed already."""
        queue: asyncio.Queue[list[Event]] = asyncio.Queue()
        self._queues.add(queue)
        missed = self._since(after_id) if after_id is not None else []
        if missed:
            queue.put_nowait(missed)
        if person_id is not None:
            self._streams[person_id] += 1
        try:
            yield queue
        finally:
            self._queues.discard(queue)
            if person_id is not None:
                self._streams[person_id] -= 1
                self._streams += Counter()  # forgets those who are gone

    @staticmethod
    def _read_newest() -> int:
        with db.transaction(read_only=True) as session:
            return live.newest_id(session)

    @staticmethod
    def _since(after_id: int) -> list[Event]:
        with db.transaction(read_only=True) as session:
            return live.since(session, after_id)

    async def _run(self) -> None:
        while not self.closing:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), self._poll_s)
            self._wake.clear()
            try:
                found = await run_in_threadpool(self._since, max(self._newest - LOOK_BACK, 0))
            except Exception:  # the database may be away for a while; pages keep their connection
                log.exception("the change feed could not be read")
                await asyncio.sleep(self._poll_s)
                continue
            self._hand_out([e for e in found if e.id not in self._seen])

    def _hand_out(self, events: list[Event]) -> None:
        fresh = [e for e in events if e.id > self._newest - LOOK_BACK]
        for event in fresh:
            self._seen[event.id] = None
        while len(self._seen) > REMEMBER:
            self._seen.popitem(last=False)
        if fresh:
            self._newest = max(self._newest, max(e.id for e in fresh))
            for queue in self._queues:
                queue.put_nowait(fresh)
