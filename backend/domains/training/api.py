"""Routes of training: samples and labels, trainings, models."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from backend.domains.training import repository, schemas
from backend.domains.training import repository_runs as runs_repository
from backend.domains.training.domain import WHY_TITLES, SampleState, SampleView, Why
from backend.domains.training.repository import Filter
from backend.domains.training.service import exporting, labelling, registry, runs, views
from backend.kit import clock
from backend.kit.fields import Sought
from backend.kit.http import PrincipalDep, SessionDep, requires
from backend.kit.paging import Cursor, Limit, decode_int

router = APIRouter(prefix="/training", tags=["training"])
manage = APIRouter(dependencies=[requires("training.manage")])


@manage.get("/summary", summary="How much waits, what is under way")
def summary(session: SessionDep, _who: PrincipalDep) -> schemas.SummaryOut:
    """Counts by state and reason, the training under way, the model in use."""
    counts = repository.count_by_state(session)
    by_why = repository.count_waiting_by_why(session)
    run, model = runs.active(session), runs_repository.model_in_use(session)
    return schemas.SummaryOut(
        waiting=counts.get(SampleState.WAITING, 0),
        labelled=counts.get(SampleState.LABELLED, 0),
        skipped=counts.get(SampleState.SKIPPED, 0),
        reasons=[schemas.WhyOut(why=w, title=title, count=by_why.get(w, 0)) for w, title in WHY_TITLES.items()],
        run=schemas.RunOut.model_validate(run) if run else None,
        model=schemas.ModelOut.model_validate(views.models(session, [model])[0]) if model else None,
    )


@manage.get("/samples", summary="List messages that may have been misunderstood")
def list_samples(
    session: SessionDep,
    _who: PrincipalDep,
    state: SampleState = SampleState.WAITING,
    why: Why | None = None,
    q: Sought = None,
    intent: Annotated[str | None, Query(max_length=64)] = None,
    community: Annotated[str | None, Query(max_length=32)] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> schemas.SamplePage:
    """A page: waiting ones by what teaches most and then the newest, others by the latest label."""
    wanted = Filter(state=state, why=why, q=q, intent=intent)
    page = labelling.search(session, wanted, community, decode_int(cursor) or 0, limit)
    return schemas.SamplePage(items=[schemas.SampleOut.model_validate(s) for s in page.items], next=page.next)


@manage.get("/samples/{sample_id}", summary="One message with suggestions")
def one_sample(sample_id: int, session: SessionDep, _who: PrincipalDep) -> schemas.SampleDetailOut:
    """What the model saw, why it is listed, labels to choose from, and waiting messages like it."""
    return schemas.SampleDetailOut.model_validate(labelling.one(session, sample_id))


@manage.post("/labels", summary="Label messages")
def label(body: schemas.LabelsIn, session: SessionDep, who: PrincipalDep) -> schemas.SamplePage:
    """The same label for one or more messages; a label that was there is replaced."""
    return _samples(labelling.save(session, body.ids, body.label.to_label(), who))


@manage.post("/labels/skip", summary="Leave messages out")
def skip(body: schemas.SamplesIn, session: SessionDep, who: PrincipalDep) -> schemas.SamplePage:
    """They are not for training."""
    return _samples(labelling.skip(session, body.ids, who))


@manage.post("/labels/undo", summary="Take labels back")
def undo(body: schemas.SamplesIn, session: SessionDep, _who: PrincipalDep) -> schemas.SamplePage:
    """The messages wait again."""
    return _samples(labelling.take_back(session, body.ids))


def _samples(found: list[SampleView]) -> schemas.SamplePage:
    return schemas.SamplePage(items=[schemas.SampleOut.model_validate(s) for s in found], next=None)


@manage.get("/export", summary="Export the labels", response_class=Response)
def export(session: SessionDep, _who: PrincipalDep) -> Response:
    """A zip: a patch of nlu_data, the changed files, and the labels alone (Rasa YAML)."""
    name = f"labels-{clock.local(clock.now()):%Y%m%d-%H%M}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(exporting.export(session), media_type="application/zip", headers=headers)


@manage.post("/runs", status_code=202, summary="Train")
def train(session: SessionDep, who: PrincipalDep) -> schemas.RunOut:
    """Queue a training with every label; one at a time, whoever starts it."""
    return schemas.RunOut.model_validate(runs.start(session, who))


@manage.get("/runs", summary="List trainings")
def list_runs(session: SessionDep, _who: PrincipalDep, limit: Limit = 30, cursor: Cursor = None) -> schemas.RunPage:
    """A page of trainings, newest first."""
    page = runs.search(session, decode_int(cursor), limit)
    return schemas.RunPage(items=[schemas.RunOut.model_validate(r) for r in page.items], next=page.next)


@manage.get("/runs/{run_id}", summary="One training")
def one_run(run_id: int, session: SessionDep, _who: PrincipalDep) -> schemas.RunOut:
    """Its figures beside those of the model in use, why it was refused, and which messages would change."""
    return schemas.RunOut.model_validate(runs.one(session, run_id))


@manage.post("/runs/{run_id}/stop", summary="Stop a training")
def stop(run_id: int, session: SessionDep, _who: PrincipalDep) -> schemas.RunOut:
    """The model in use goes on."""
    return schemas.RunOut.model_validate(runs.stop(session, run_id))


@manage.post("/runs/{run_id}/promote", status_code=202, summary="Use the trained model")
def promote(run_id: int, session: SessionDep, who: PrincipalDep) -> schemas.ModelOut:
    """It is tried and then answers people; refused when it was measured as worse."""
    return schemas.ModelOut.model_validate(registry.promote(session, run_id, who))


@manage.get("/models", summary="List models")
def list_models(session: SessionDep, _who: PrincipalDep) -> schemas.ModelList:
    """Versions with figures, who and when, the newest first."""
    return schemas.ModelList(items=[schemas.ModelOut.model_validate(m) for m in registry.all_models(session)])


@manage.post("/models/{model_id}/use", status_code=202, summary="Go back to a model")
def use(model_id: int, session: SessionDep, who: PrincipalDep) -> schemas.ModelOut:
    """A model that was in use before answers people again."""
    return schemas.ModelOut.model_validate(registry.use(session, model_id, who))


@router.post(
    "/corrections", status_code=204, dependencies=[requires("conversations.answer")], summary="Say what was meant"
)
def correct(body: schemas.CorrectionIn, session: SessionDep, who: PrincipalDep) -> None:
    """Staff correct what the bot understood; those who train see it as a suggestion."""
    labelling.correct(session, body.message_id, body.intent, who)


router.include_router(manage)
