"""The handbooks of the demo estates, from ``handbooks/<estate>``. Stored only: the API embeds them."""

from pathlib import Path

from sqlalchemy.orm import Session

from backend.domains.knowledge import repository, service
from backend.domains.knowledge.reading import kinds, markdown
from backend.domains.knowledge.service.documents import prepare

HANDBOOKS = Path(__file__).parent / "handbooks"


def seed(session: Session, community_id: int, code: str) -> None:
    """Give an estate its handbooks if it has no document. System work."""
    if repository.has_documents(session, community_id):
        return
    for path in sorted((HANDBOOKS / code).glob("*.md")):
        data = path.read_bytes()
        new = prepare(path.name, kinds.MARKDOWN, data, markdown.read(data))
        service.seed(session, community_id, new)
