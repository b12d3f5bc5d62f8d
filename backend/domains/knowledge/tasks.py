"""What the worker does for the knowledge base: give new sections their vectors."""

from celery import shared_task

from backend.domains.knowledge import service

SCHEDULE: dict[str, tuple[str, float]] = {"index new documents": ("knowledge.embed", 3.0)}


@shared_task(name="knowledge.embed")
def embed() -> int:
    """Embed sections for two seconds at most."""
    return service.embed_some()
