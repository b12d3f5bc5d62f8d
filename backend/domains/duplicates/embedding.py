"""The words of a report as a vector, without ever making a report wait or fail.

There is no vector while the encoder is being loaded, when it could not be loaded, and when it is busy with something
longer than ``WAIT_S``; the order is then embedded later.
"""

import logging
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock

import numpy as np
import numpy.typing as npt

from backend.domains.duplicates.words import fault_words
from backend.kit import encoder

log = logging.getLogger("guanjia.duplicates")

Vector = npt.NDArray[np.float32]
WAIT_S = 1.5


class _Queue:
    """One thread that encodes, and the last job that was given up on."""

    lock = Lock()
    pool: ThreadPoolExecutor | None = None
    late: "Future[Vector] | None" = None


def encoder_name() -> str | None:
    """Return the name of the encoder that is at hand, None when there is none."""
    found = encoder.loaded()
    return found.name if found else None


def embed(texts: list[str]) -> list[Vector | None]:
    """Return the vector of each text's fault; None for all when they cannot be had at once."""
    nothing: list[Vector | None] = [None] * len(texts)
    found = encoder.loaded()
    if found is None or not texts:
        return nothing
    try:
        with _Queue.lock:
            if _Queue.late is not None and not _Queue.late.done():
                return nothing
            _Queue.pool = _Queue.pool or ThreadPoolExecutor(1, thread_name_prefix="embed")
            job: Future[Vector] = _Queue.pool.submit(found.queries, [fault_words(t) for t in texts])
        try:
            return list(job.result(WAIT_S))
        except TimeoutError:
            _Queue.late = job
            raise
    except Exception as error:
        log.warning("no vector for now: %s: %s", type(error).__name__, error)
        return nothing


def embed_now(texts: list[str]) -> list[Vector] | None:
    """Return the vectors however long they take; None when no encoder is loaded. For work that nobody waits for."""
    found = encoder.loaded()
    return list(found.queries([fault_words(t) for t in texts])) if found else None
