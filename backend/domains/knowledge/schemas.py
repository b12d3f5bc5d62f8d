"""What the knowledge API takes and gives."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from backend.domains.knowledge.domain import Status

Code = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=32)]


class QuestionIn(BaseModel):
    """A question, in the asker's own words; of one of their estates or of all."""

    model_config = ConfigDict(extra="forbid")

    question: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
    community: Code | None = None


class PassageOut(BaseModel):
    """What is quoted and where it stands. ``score`` is 0 to 1."""

    text: str
    document: str
    section: str
    score: float
    updated_at: datetime
    document_id: int
    community: str
    community_name: str


class AnswerOut(BaseModel):
    """The passages that answer, best first; ``found`` is false when nothing is similar enough."""

    found: bool
    passages: list[PassageOut]


class TriedPassageOut(PassageOut):
    """A passage with the parts of its score: of meaning (null before it is indexed) and of words."""

    meaning: float | None
    words: float
    quoted: bool


class TriedOut(BaseModel):
    """What the bot would quote, and what came next. ``line`` is the score an answer needs."""

    found: bool
    line: float
    by_meaning: bool
    passages: list[TriedPassageOut]


class DocumentOut(BaseModel):
    """A document. ``embedded`` of its ``sections`` are found by meaning already; all are found by words."""

    id: int
    title: str
    file_name: str
    kind: str
    size_bytes: int
    pages: int | None
    status: Status
    status_title: str
    failure: str | None
    sections: int
    embedded: int
    community: str
    community_name: str
    uploaded_by: str | None
    created_at: datetime
    updated_at: datetime


class DocumentPage(BaseModel):
    """A page of documents, newest first."""

    items: list[DocumentOut]
    next: str | None


class SectionOut(BaseModel):
    """A section as it is quoted."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    position: int
    title: str
    text: str
    embedded: bool


class DocumentDetail(DocumentOut):
    """A document with its sections in reading order."""

    parts: list[SectionOut]
