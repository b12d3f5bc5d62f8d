"""Label samples: what is listed, what is suggested, what is alike; save, skip and take back."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from backend.domains.conversations.service import heard
from backend.domains.estate import service as estate
from backend.domains.training import repository, similar
from backend.domains.training.domain import (
    FALLBACK_INTENT,
    FIELDS,
    REPORTING,
    Label,
    SampleDetail,
    SampleState,
    SampleView,
    SimilarView,
    Suggestion,
    Why,
    label_of,
)
from backend.domains.training.errors import NoSuchSample
from backend.domains.training.models import Sample
from backend.domains.training.repository import Filter
from backend.domains.training.service import gathering, views
from backend.domains.training.service.gathering import Found
from backend.domains.vocabulary.intents import INTENT_TITLES
from backend.domains.workorders import service as workorders
from backend.kit import clock
from backend.kit.auth import Principal
from backend.kit.paging import Page, encode
from backend.kit.problems import InvalidInput
from backend.kit.scope import system_scope

SUGGESTED = 6
COMPARED = 2000
ALIKE = 0.5
SHOWN_ALIKE = 12
LABELS_AT_ONCE = 200

_OPTIONS: dict[str, Any] = {
    "category": workorders.CATEGORIES,
    "urgency": workorders.URGENCIES,
    "scope": workorders.SCOPES,
}


def search(session: Session, wanted: Filter, community: str | None, offset: int, limit: int) -> Page[SampleView]:
    """Return a page of samples: waiting ones by what teaches most, labelled ones by the latest label."""
    if community:
        here = estate.community_by_code(session, community).id
        wanted = Filter(wanted.state, wanted.why, wanted.q, wanted.intent, here)
    rows = repository.search(session, wanted, offset, limit + 1)
    more = encode(offset + limit) if len(rows) > limit else None
    return Page(views.samples(session, rows[:limit]), more)


def one(session: Session, sample_id: int) -> SampleDetail:
    """Return a sample with suggestions and with waiting messages like it. Raises NoSuchSample."""
    sample = _get(session, sample_id)
    alike = similar.most_alike(sample.text, repository.waiting_texts(session, sample.id, COMPARED), ALIKE, SHOWN_ALIKE)
    shown = {v.id: v for v in views.samples(session, repository.many(session, [a.id for a in alike]))}
    return SampleDetail(
        views.samples(session, [sample])[0],
        suggestions(sample, _denied(session, sample)),
        [SimilarView(shown[a.id], round(a.likeness, 2)) for a in alike],
    )


def _get(session: Session, sample_id: int) -> Sample:
    found = repository.get(session, sample_id)
    if found is None:
        raise NoSuchSample()
    return found


def _denied(session: Session, sample: Sample) -> bool:
    """Tell whether the speaker has denied what the bot understood."""
    whys = {reason.why for reason in repository.reasons(session, [sample.id]).get(sample.id, [])}
    return bool(whys & {Why.REJECTED, Why.FALSE_ALARM})


def suggestions(sample: Sample, denied: bool = False) -> list[Suggestion]:
    """Return labels to choose from: what people showed it to mean, then what the model thought, best first.

    What the speaker has denied comes last.
    """
    fields = {name: (sample.items[0] if sample.items else {}).get(name) for name in FIELDS}
    guesses = [(r["name"], r.get("confidence")) for r in sample.ranking if r["name"] != FALLBACK_INTENT]
    if denied:
        guesses = sorted(guesses, key=lambda guess: guess[0] == sample.intent)
    made: list[Suggestion] = []
    if sample.suggestion:
        believed = guesses[0][0] if guesses else "report_repair"
        shown = {**fields, **sample.suggestion}
        intent = shown.get("intent") or (believed if believed in REPORTING else "report_repair")
        made.append(Suggestion(label_of({**shown, "intent": intent}), "people"))
    made += [Suggestion(label_of({**fields, "intent": name}), "model", sure) for name, sure in guesses]
    seen: dict[tuple[tuple[str, str], ...], Suggestion] = {}
    for each in made:
        seen.setdefault(tuple(each.label.as_dict().items()), each)
    return list(seen.values())[:SUGGESTED]


def check(label: Label) -> Label:
    """Return a label that can be learned from. Raises InvalidInput."""
    errors = []
    if label.intent not in INTENT_TITLES or label.intent == FALLBACK_INTENT:
        errors.append({"field": "intent", "message": "没有这个意图"})
    for name, value in label.fields.items():
        if value not in _OPTIONS[name]:
            errors.append({"field": name, "message": "不在可选范围内"})
    if errors:
        raise InvalidInput(errors=errors)
    return label_of(label.as_dict())


def save(session: Session, ids: Sequence[int], label: Label, who: Principal) -> list[SampleView]:
    """Label one or more samples alike. Raises NoSuchSample, InvalidInput."""
    return _settle(session, ids, SampleState.LABELLED, check(label).as_dict(), who)


def skip(session: Session, ids: Sequence[int], who: Principal) -> list[SampleView]:
    """Leave samples out of the training. Raises NoSuchSample."""
    return _settle(session, ids, SampleState.SKIPPED, None, who)


def take_back(session: Session, ids: Sequence[int]) -> list[SampleView]:
    """Put samples back among those that wait. Raises NoSuchSample."""
    return _settle(session, ids, SampleState.WAITING, None, None)


def _settle(
    session: Session, ids: Sequence[int], state: SampleState, label: dict[str, str] | None, who: Principal | None
) -> list[SampleView]:
    rows = repository.many(session, ids)
    if len(rows) != len(set(ids)):
        raise NoSuchSample("有的消息已经不在了，请刷新后再标。")
    for row in rows:
        row.state, row.label = state, label
        row.labelled_by = who.person_id if who else None
        row.labelled_at = clock.now() if who else None
    session.flush()
    return views.samples(session, rows)


def correct(session: Session, message_id: str, intent: str, who: Principal) -> None:
    """A member of staff says what a message meant: it is listed with their word as the first suggestion.

    Raises NoSuchSample for a message that they may not read or that nobody typed, InvalidInput.
    """
    check(Label(intent))
    with system_scope(session):
        said = heard.by_id(session, message_id)
        if said is None or said.is_tap or said.community_id not in who.staff_community_ids:
            raise NoSuchSample("没有找到这条消息。")
        text = f"员工改为「{INTENT_TITLES[intent]}」"
        source = f"staff:{message_id}:{intent}:{who.person_id}"
        if repository.known_sources(session, [source]):
            return
        found = Found(said, Why.STAFF_INTENT, source, clock.now(), text, {"intent": intent})
        gathering.add(session, found)
