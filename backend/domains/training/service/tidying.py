"""Keep the disk small: folders of old runs and models that nobody will go back to. System work."""

from datetime import timedelta

from sqlalchemy.orm import Session

from backend.domains.training import folders, repository
from backend.domains.training import repository_runs as runs_repository
from backend.domains.training.domain import ModelState
from backend.domains.training.service import registry, runs
from backend.kit import clock
from backend.settings import get_settings

RUN_FOLDERS_KEPT = timedelta(days=30)
SKIPPED_KEPT = timedelta(days=180)


def tidy(session: Session) -> int:
    """Delete what is old; a model whose file is gone says so. Returns how many models went."""
    for run_id in runs.ended_before(session, clock.now() - RUN_FOLDERS_KEPT):
        folders.remove(run_id)
    repository.forget_skipped(session, clock.now() - SKIPPED_KEPT)
    kept = [m for m in runs_repository.models(session, 1000) if m.state == ModelState.KEPT and m.wanted_by is None]
    used = sorted(
        (m for m in kept if m.used_since is not None), key=lambda m: m.used_since or m.created_at, reverse=True
    )
    for model in used[get_settings().models_kept :]:
        registry.archive(model.name).unlink(missing_ok=True)
    gone = [m for m in kept if not registry.has_file(m)]
    for model in gone:
        model.state = ModelState.GONE
    session.flush()
    return len(gone)
