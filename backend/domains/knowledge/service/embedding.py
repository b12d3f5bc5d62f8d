"""Gives sections their vectors, a few at a time, as often as the clock asks.

Each section is stored when it is done, so a process that is killed loses one section's work, and whoever comes next
goes on; two processes that do the same section write the same.
"""

import logging
import time

import numpy as np
from sqlalchemy.orm import Session

from backend.domains.knowledge import repository
from backend.domains.knowledge.cutting import units
from backend.domains.knowledge.domain import Status, may_become
from backend.domains.knowledge.models import Document
from backend.domains.knowledge.service.index import PARTS
from backend.kit import db, live
from backend.kit import encoder as encoders
from backend.kit.encoder import Encoder
from backend.kit.scope import system_scope

log = logging.getLogger("guanjia.knowledge")

BUDGET_S = 2.0
"""How long one call works: questions and reports want the encoder too."""
_NO_ENCODER = "语义模型没有加载成功（{why}）。现在按关键词仍能查到；请管理员处理后点「重新索引」。"
_NOT_EMBEDDED = "建立语义索引时出错（{why}）。现在按关键词仍能查到；可以点「重新索引」再试一次。"


def embed_some(budget_s: float = BUDGET_S) -> int:
    """Embed sections until the time is over or nothing waits; returns how many. The first call may only load the encoder."""
    encoder = encoders.loaded()
    if encoder is None:
        _have_encoder()
        return 0
    done, until = 0, time.monotonic() + budget_s
    while _embed_next(encoder):
        done += 1
        if time.monotonic() >= until:
            break
    return done


def _have_encoder() -> None:
    """Load the encoder beside everything else when something waits for it; say so where it cannot be loaded."""
    with db.transaction(read_only=True) as session, system_scope(session):
        if not repository.unembedded(session, None, 1):
            return
    failure = encoders.failure()
    if failure is None:
        encoders.warm()
        return
    encoders.use(None)  # the next one to ask tries again
    with db.transaction() as session, system_scope(session):
        for document in repository.waiting(session):
            _fail(session, document, _NO_ENCODER.format(why=type(failure).__name__))


def _embed_next(encoder: Encoder) -> bool:
    with db.transaction(read_only=True) as session, system_scope(session):
        found = repository.unembedded(session, encoder.name, 1)
        if not found:
            return False
        section, document_title = found[0]
        facts = section.id, section.document_id, section.digest
        texts = _texts(section.title or document_title, section.text)
    try:
        vectors = encoder.documents(texts)
    except Exception as error:
        log.exception("section %s cannot be embedded", facts[0])
        with db.transaction() as session, system_scope(session):
            document = repository.document(session, facts[1])
            if document is not None:
                _fail(session, document, _NOT_EMBEDDED.format(why=type(error).__name__))
        return True
    with db.transaction() as session, system_scope(session):
        _keep(session, *facts, encoder.name, np.ascontiguousarray(vectors, dtype=np.float32).tobytes())
    return True


def _texts(title: str, text: str) -> list[str]:
    """Return what is embedded of a section: heading, whole, and its units under the heading when there are several."""
    heading = title.replace(" › ", " ")
    parts = units(text)
    alone = [f"{heading}：{part}" for part in parts] if len(parts) > 1 else []
    return [heading, f"{heading}\n{text}", *alone][:PARTS]


def _keep(session: Session, section_id: int, document_id: int, digest: str, encoder: str, vectors: bytes) -> None:
    if not repository.keep_vectors(session, section_id, digest, encoder, vectors):
        return  # deleted or replaced meanwhile
    document = repository.document(session, document_id)
    if document is None:
        return
    repository.bump(session, document.community_id)
    if may_become(document.status, Status.INDEXING):
        document.status, document.failure = Status.INDEXING, None
    if not repository.left(session, document.id, encoder) and may_become(document.status, Status.READY):
        document.status = Status.READY
    tell(session, document)


def _fail(session: Session, document: Document, why: str) -> None:
    if may_become(document.status, Status.FAILED):
        document.status, document.failure = Status.FAILED, why
        tell(session, document)


def tell(session: Session, document: Document) -> None:
    """Let the pages that show the documents of this estate know."""
    session.flush()
    live.publish(
        session,
        "knowledge",
        {"document_id": document.id, "status": document.status},
        community_id=document.community_id,
        permission="knowledge.manage",
    )
