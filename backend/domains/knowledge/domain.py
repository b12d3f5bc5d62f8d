"""States of a document, and what is known about documents, sections and passages. Pure."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from backend.kit.statemachine import Move, find_move


class Status(StrEnum):
    """Where a document stands."""

    UPLOADED = "uploaded"
    INDEXING = "indexing"
    READY = "ready"
    FAILED = "failed"


STATUS_TITLES: dict[Status, str] = {
    Status.UPLOADED: "等待索引",
    Status.INDEXING: "正在索引",
    Status.READY: "可用",
    Status.FAILED: "索引失败",
}

_CLOCK, _DESK = frozenset({"clock"}), frozenset({"desk"})

MOVES: tuple[Move, ...] = (
    Move(Status.UPLOADED, Status.INDEXING, _CLOCK, "开始索引"),
    Move(Status.UPLOADED, Status.FAILED, _CLOCK, "索引失败"),
    Move(Status.INDEXING, Status.READY, _CLOCK, "索引完成"),
    Move(Status.INDEXING, Status.FAILED, _CLOCK, "索引失败"),
    Move(Status.READY, Status.INDEXING, _CLOCK, "换了模型，重新索引"),
    Move(Status.READY, Status.FAILED, _CLOCK, "索引失败"),
    Move(Status.INDEXING, Status.UPLOADED, _DESK, "重新索引"),
    Move(Status.READY, Status.UPLOADED, _DESK, "重新索引"),
    Move(Status.FAILED, Status.UPLOADED, _DESK, "重新索引"),
)


def may_become(status: Status, to: Status) -> bool:
    """Tell whether the table has the move."""
    return find_move(MOVES, status, to) is not None


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a document in reading order: a heading of ``level`` 1 and deeper, or text (level 0)."""

    text: str
    level: int = 0


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """What was read from a file. ``title`` is empty when the file has none of its own."""

    title: str
    blocks: tuple[Block, ...]
    pages: int | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """A section as it is kept: its heading (parents first, by 「 › 」) and its text."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A document outside its session. ``embedded`` of its ``sections`` can be found by meaning."""

    id: int
    community_id: int
    title: str
    file_name: str
    kind: str
    size_bytes: int
    pages: int | None
    status: Status
    failure: str | None
    sections: int
    embedded: int
    uploaded_by_id: int | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class SectionView:
    """A section outside its session."""

    id: int
    position: int
    title: str
    text: str
    embedded: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """A section that was found, and why: ``score`` from 0 to 1, of meaning (None without vectors) and of words."""

    section_id: int
    score: float
    meaning: float | None
    words: float
    sentence: int | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """What is quoted: some sentences of a section, with where they stand and since when."""

    text: str
    document_id: int
    document: str
    section: str
    community_id: int
    score: float
    updated_at: datetime
    meaning: float | None = None
    words: float = 0.0


@dataclass(frozen=True, slots=True)
class Answer:
    """The passages that answer, best first; none when nothing is similar enough. ``nearest`` are those below the line."""

    passages: list[Passage] = field(default_factory=list)
    nearest: list[Passage] = field(default_factory=list)
    by_meaning: bool = True

    @property
    def found(self) -> bool:
        """Tell whether there is an answer."""
        return bool(self.passages)
