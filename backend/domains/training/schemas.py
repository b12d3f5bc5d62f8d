"""What the training API takes and gives."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from backend.domains.training.domain import Label
from backend.domains.training.service.labelling import LABELS_AT_ONCE
from backend.domains.vocabulary.intents import INTENT_TITLES
from backend.domains.workorders.service import CATEGORIES, SCOPES, URGENCIES
from backend.kit.fields import OneOf, RowId


class Strict(BaseModel):
    """A body that refuses unknown fields."""

    model_config = ConfigDict(extra="forbid")


class Out(BaseModel):
    """An answer made from a dataclass."""

    model_config = ConfigDict(from_attributes=True)


Intent = Annotated[str, OneOf(INTENT_TITLES)]
Ids = Annotated[list[RowId], Field(min_length=1, max_length=LABELS_AT_ONCE)]


class LabelIn(Strict):
    """What messages should have been understood as; fields count where the intent has an order."""

    intent: Intent
    category: Annotated[str, OneOf(CATEGORIES)] | None = None
    urgency: Annotated[str, OneOf(URGENCIES)] | None = None
    scope: Annotated[str, OneOf(SCOPES)] | None = None

    def to_label(self) -> Label:
        """Return the dataclass."""
        return Label(self.intent, self.category, self.urgency, self.scope)


class LabelsIn(Strict):
    """A label for one or more samples."""

    ids: Ids
    label: LabelIn


class SamplesIn(Strict):
    """Samples by id."""

    ids: Ids


class CorrectionIn(Strict):
    """What a message meant, said by staff beside the conversation."""

    message_id: Annotated[str, Field(max_length=32)]
    intent: Intent


class ReasonOut(Out):
    """Why a message is listed."""

    why: str
    title: str
    text: str | None
    at: datetime


class SampleOut(Out):
    """A message that the bot may have got wrong; personal data is masked."""

    id: int
    message_id: str
    community: str
    said_at: datetime
    role: str
    text: str
    state: str
    intent: str | None
    confidence: float | None
    ranking: list[dict[str, Any]]
    items: list[dict[str, Any]]
    model: str | None
    reasons: list[ReasonOut]
    label: dict[str, str] | None
    labelled_by: str | None
    labelled_at: datetime | None


class LabelOut(Out):
    """A label."""

    intent: str
    category: str | None
    urgency: str | None
    scope: str | None


class SuggestionOut(Out):
    """A label that can be chosen with one key; ``source`` is people or model."""

    label: LabelOut
    source: str
    confidence: float | None


class SimilarOut(Out):
    """Another waiting message; ``likeness`` is 0 to 1."""

    sample: SampleOut
    likeness: float


class SampleDetailOut(Out):
    """A sample with suggestions and messages like it."""

    sample: SampleOut
    suggestions: list[SuggestionOut]
    similar: list[SimilarOut]


class SamplePage(BaseModel):
    """A page of samples."""

    items: list[SampleOut]
    next: str | None


class WhyOut(BaseModel):
    """How many waiting samples have a reason."""

    why: str
    title: str
    count: int


class RunOut(Out):
    """A training. ``new`` and ``old`` hold [right, tests] a name; ``done`` is 0 to 1."""

    id: int
    state: str
    title: str
    tone: str
    started_by: str
    created_at: datetime
    ended_at: datetime | None
    stage_at: datetime
    done: float
    line: str
    labels: int
    data_digest: str | None
    model: str | None
    compared_with: str | None
    problem: str | None
    new: dict[str, Any] | None
    old: dict[str, Any] | None
    refusals: list[dict[str, Any]]
    measured: int
    changed: int
    changes: list[dict[str, Any]]
    may_promote: bool


class RunPage(BaseModel):
    """A page of trainings."""

    items: list[RunOut]
    next: str | None


class ModelOut(Out):
    """A model. ``labels``: labels of the training page are in it; ``problem``: why it could not be used."""

    id: int
    name: str
    state: str
    run_id: int | None
    labels: bool
    data_digest: str | None
    figures: dict[str, Any] | None
    created_at: datetime
    created_by: str | None
    used_since: datetime | None
    used_by: str | None
    switching: bool
    problem: str | None
    may_use: bool


class ModelList(BaseModel):
    """The models, the newest first."""

    items: list[ModelOut]


class SummaryOut(BaseModel):
    """How much waits, what is under way, and which model answers."""

    waiting: int
    labelled: int
    skipped: int
    reasons: list[WhyOut]
    run: RunOut | None
    model: ModelOut | None
