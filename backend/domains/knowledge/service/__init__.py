"""What may be done with the knowledge of an estate."""

from backend.domains.knowledge.service.answers import answer
from backend.domains.knowledge.service.documents import (
    Upload,
    add,
    delete,
    detail,
    file_of,
    get,
    page,
    reindex,
    seed,
    upload,
)
from backend.domains.knowledge.service.embedding import embed_some
from backend.domains.knowledge.service.index import fill

__all__ = [
    "Upload",
    "add",
    "answer",
    "delete",
    "detail",
    "embed_some",
    "file_of",
    "fill",
    "get",
    "page",
    "reindex",
    "seed",
    "upload",
]
