"""Samples, runs and models as those who train see them."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from backend.domains.estate import service as estate
from backend.domains.identity import service as identity
from backend.domains.training import repository
from backend.domains.training import repository_runs as runs_repository
from backend.domains.training.domain import (
    RUN_TITLES,
    RUN_TONES,
    WHY_TITLES,
    ModelState,
    ModelView,
    ReasonView,
    RunState,
    RunView,
    SampleView,
)
from backend.domains.training.models import Run, Sample, SampleReason, TrainedModel
from backend.kit.scope import system_scope


def _names(session: Session, ids: Sequence[int | None]) -> dict[int, str]:
    wanted = sorted({i for i in ids if i is not None})
    return {person.id: person.name for person in identity.views(session, wanted).values()}


def samples(session: Session, rows: Sequence[Sample]) -> list[SampleView]:
    """Return samples with why they are listed and who labelled them."""
    reasons = repository.reasons(session, [row.id for row in rows])
    names = _names(session, [row.labelled_by for row in rows])
    with system_scope(session):
        codes = {c.id: c.code for c in estate.communities(session)}
    return [
        SampleView(
            id=row.id,
            message_id=row.message_id,
            community=codes[row.community_id],
            said_at=row.said_at,
            role=row.role,
            text=row.text,
            state=row.state,
            intent=row.intent,
            confidence=row.confidence,
            ranking=list(row.ranking),
            items=list(row.items),
            model=row.model,
            reasons=[_reason(one) for one in reasons.get(row.id, [])],
            label=row.label,
            labelled_by=names.get(row.labelled_by or 0),
            labelled_at=row.labelled_at,
        )
        for row in rows
    ]


def _reason(row: SampleReason) -> ReasonView:
    return ReasonView(row.why, WHY_TITLES.get(row.why, row.why), row.text, row.at)


def runs(session: Session, rows: Sequence[Run], whole: bool = False) -> list[RunView]:
    """Return runs with how far they are; ``whole`` brings the messages that would change."""
    known = runs_repository.progress(session, [row.id for row in rows])
    names = _names(session, [row.started_by for row in rows])
    current = runs_repository.model_in_use(session)
    views = []
    for row in rows:
        progress = known[row.id]
        figures = progress.figures or {}
        views.append(
            RunView(
                id=row.id,
                state=row.state,
                title=RUN_TITLES[row.state],
                tone=RUN_TONES[row.state],
                started_by=names.get(row.started_by, ""),
                created_at=row.created_at,
                ended_at=row.ended_at,
                stage_at=progress.stage_at,
                done=progress.done,
                line=progress.line,
                labels=row.labels,
                data_digest=row.data_digest,
                model=row.model,
                compared_with=row.compared_with,
                problem=row.problem,
                new=figures.get("new"),
                old=figures.get("old"),
                refusals=list(progress.refusals),
                measured=progress.measured,
                changed=len(progress.changes),
                changes=list(progress.changes) if whole else [],
                may_promote=row.state == RunState.READY
                and row.compared_with == (current.name if current is not None else None),
            )
        )
    return views


def models(session: Session, rows: Sequence[TrainedModel]) -> list[ModelView]:
    """Return models with who made and who chose them."""
    names = _names(session, [i for row in rows for i in (row.created_by, row.used_by, row.wanted_by)])
    return [
        ModelView(
            id=row.id,
            name=row.name,
            state=row.state,
            run_id=row.run_id,
            labels=row.labels is not None,
            data_digest=row.data_digest,
            figures=row.figures,
            created_at=row.created_at,
            created_by=names.get(row.created_by or 0),
            used_since=row.used_since,
            used_by=names.get(row.used_by or 0),
            switching=row.wanted_by is not None,
            problem=row.problem,
            may_use=row.state == ModelState.KEPT,
        )
        for row in rows
    ]
