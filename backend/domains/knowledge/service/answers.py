"""Answers a question with passages of the documents of the asker's own estates."""

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from backend.domains.estate import service as estate
from backend.domains.knowledge import repository
from backend.domains.knowledge.cutting import excerpt, units
from backend.domains.knowledge.domain import Answer, Hit, Passage
from backend.domains.knowledge.lexical import most_alike
from backend.domains.knowledge.models import Document, Section
from backend.domains.knowledge.ranking import answering
from backend.domains.knowledge.service import index
from backend.domains.knowledge.words import formal
from backend.kit import encoder as encoders
from backend.kit.auth import Principal
from backend.kit.problems import InvalidInput

QUOTE_CHARS = 160
SHOWN = 5
"""Passages that are shown beside an answer to those who try it."""
ATTEMPTS = 3
"""A document may be replaced between the search and the reading of what it found."""


def answer(session: Session, who: Principal, question: str, community: str | None = None) -> Answer:
    """Return what the asker's estates (or one of them) say to a question. Raises InvalidInput for another estate."""
    encoder = encoders.loaded()
    vector = encoder.queries([formal(question)])[0] if encoder else None
    estates = _estates(session, who, community)
    for _ in range(ATTEMPTS):
        found = [hit for one in estates for hit in index.search(session, one, question, encoder, vector)]
        hits = sorted(found, key=lambda hit: -hit.score)[: SHOWN + 1]
        rows = repository.with_documents(session, [hit.section_id for hit in hits]) if hits else {}
        if len(rows) == len(hits):
            break
    best = answering(hits)
    others = [hit for hit in hits if hit not in best][:SHOWN]
    return Answer(_passages(question, best, rows), _passages(question, others, rows), encoder is not None)


def _estates(session: Session, who: Principal, community: str | None) -> Sequence[int]:
    if community is None:
        return sorted(who.community_ids)
    here = estate.community_by_code(session, community).id
    if here not in who.community_ids:
        raise InvalidInput("没有这个小区。", errors=[{"field": "community", "message": "没有这个小区"}])
    return [here]


def _passages(question: str, hits: Sequence[Hit], rows: Mapping[int, tuple[Section, Document]]) -> list[Passage]:
    return [_passage(question, hit, *rows[hit.section_id]) for hit in hits if hit.section_id in rows]


def _passage(question: str, hit: Hit, section: Section, document: Document) -> Passage:
    best = hit.sentence if hit.sentence is not None else most_alike(question, units(section.text))
    return Passage(
        text=excerpt(section.text, best, QUOTE_CHARS),
        document_id=document.id,
        document=document.title,
        section=section.title,
        community_id=document.community_id,
        score=hit.score,
        updated_at=document.updated_at,
        meaning=hit.meaning,
        words=hit.words,
    )
