"""The reader of each kind of file."""

from collections.abc import Callable

from backend.domains.knowledge.domain import ReadDocument
from backend.domains.knowledge.reading import kinds, markdown, pdf, word

READERS: dict[str, Callable[[bytes], ReadDocument]] = {
    kinds.MARKDOWN: markdown.read,
    kinds.WORD: word.read,
    kinds.PDF: pdf.read,
}
