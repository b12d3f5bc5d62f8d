"""Drafts for a speaker: gathers home, names and times from the database around the pure ``intake``."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from backend.domains.equipment import service as equipment
from backend.domains.estate import service as estate
from backend.domains.vocabulary import service as vocabulary
from backend.domains.workorders import intake
from backend.domains.workorders.intake import Draft, Item, Question, Speaker
from backend.kit import clock, time_words
from backend.kit.auth import Principal
from backend.kit.problems import Forbidden
from backend.kit.scope import system_scope


@dataclass(frozen=True, slots=True)
class Drafted:
    """What a message would open, and the one question to ask first, if any."""

    drafts: list[Draft]
    question: Question | None


def drafts(session: Session, items: Sequence[Item], who: Principal, answer: str | None = None) -> Drafted:
    """Return drafts resolved for the speaker. With an ``answer`` to the question before, nothing more is asked."""
    if not items:
        return Drafted([], None if answer else intake.NOTHING_SAID)
    community_id, speaker = _speaker(session, who)
    made: list[Draft] = []
    question: Question | None = None
    answered = False
    for number, item in enumerate(items):
        one, unclear = intake.draft(item, speaker)
        if unclear and answer and not answered:
            answered = True
            one, unclear = intake.draft(item, speaker, answer)
        if unclear and question is None and answer is None:
            question = intake.question(number, unclear, one, speaker)
        made.append(_complete(session, community_id, one, item))
    return Drafted(made, question)


def _speaker(session: Session, who: Principal) -> tuple[int, Speaker]:
    if not who.community_ids:
        raise Forbidden("您还没有绑定小区，请联系物业登记。")
    with system_scope(session):
        homes = estate.rooms(session, sorted(who.room_ids))
        community_id = homes[0].community_id if homes else min(who.community_ids)
        places = tuple(estate.place_names(session, community_id))
        code = estate.community(session, community_id).code
    here = tuple(h.home for h in homes if h.community_id == community_id)
    return community_id, Speaker(code, here, places)


def _complete(session: Session, community_id: int, made: Draft, item: Item) -> Draft:
    named = vocabulary.mentions(session, community_id, item.text)
    devices = [int(r) for m in named if m.kind is vocabulary.NameKind.DEVICE for r in m.refs]
    with system_scope(session):
        asset = equipment.find_meant(session, community_id, made.category, devices, made.location)
    made = replace(made, preferred_time=time_words.find_start(item.text, clock.now()))
    if asset is None or (devices and asset.id not in devices):
        return made
    location = made.location
    if not location.is_known or (devices and not location.building):
        location = replace(
            location,
            building=asset.building,
            unit=asset.unit,
            floor=asset.floor,
            place=asset.place or asset.name,
        )
    scope = estate.PUBLIC if devices else made.scope
    return replace(made, asset_id=asset.id, location=location, scope=scope)
