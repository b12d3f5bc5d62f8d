"""Drafts for a speaker: gathers home, names and times from the database around the pure ``intake``."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from backend.domains.equipment import service as equipment
from backend.domains.estate import service as estate
from backend.domains.vocabulary import service as vocabulary
from backend.domains.workorders import intake
from backend.domains.workorders.errors import NotYourEstate
from backend.domains.workorders.intake import Draft, Item, Question, Speaker
from backend.kit import clock, time_words
from backend.kit.auth import Principal
from backend.kit.problems import Forbidden
from backend.kit.scope import system_scope


@dataclass(frozen=True, slots=True)
class Drafted:
    """What a message would open, and the one question to ask first, if any.

    ``absent`` says what was named and left out, because the estate does not have it.
    """

    drafts: list[Draft]
    question: Question | None
    absent: str | None = None


def drafts(session: Session, items: Sequence[Item], who: Principal, answer: str | None = None) -> Drafted:
    """Return drafts resolved for the speaker. With an ``answer`` to the question before, nothing more is asked.

    Raises NotYourEstate when the words name an estate where the speaker does not belong.
    """
    if not items:
        return Drafted([], None if answer else intake.NOTHING_SAID)
    community_id, speaker = _speaker(session, who, " ".join([*(item.text for item in items), answer or ""]))
    made: list[Draft] = []
    question: Question | None = None
    missing: str | None = None
    answered = False
    for number, item in enumerate(items):
        one, unclear, absent = _read(session, community_id, item, speaker)
        if unclear and answer and not answered:
            answered = True
            one, unclear, absent = _read(session, community_id, item, speaker, answer)
        if unclear and question is None and answer is None:
            question = intake.question(number, unclear, one, speaker, absent)
        missing = missing or absent
        if answer is not None and one.urgency == "emergency" and not one.location.is_known and speaker.home:
            one = replace(one, location=estate.home_location(speaker.home, item.text))  # somewhere to go to at once
        made.append(_complete(session, community_id, one, item))
    return Drafted(made, question, missing)


def _read(
    session: Session, community_id: int, item: Item, speaker: Speaker, answer: str | None = None
) -> tuple[Draft, str | None, str | None]:
    """Return the draft without what the estate does not have, what is unclear, and what does not exist in words."""
    made, unclear = intake.draft(item, speaker, answer)
    with system_scope(session):
        where, absent = estate.without_absent(session, community_id, made.location)
    return replace(made, location=where), "place" if absent else unclear, absent


def _speaker(session: Session, who: Principal, words: str) -> tuple[int, Speaker]:
    with system_scope(session):
        community_id = _named_estate(session, words, who) or estate_of(session, who)
        homes = estate.rooms(session, sorted(who.room_ids))
        places = tuple(estate.place_names(session, community_id))
        here = estate.community(session, community_id)
        own = tuple(h.home for h in homes if h.community_id == community_id)
        doors = estate.doors(session, community_id, own[0]) if own else frozenset[str]()
    return community_id, Speaker(here.code, own, places, here.name, doors)


def estate_of(session: Session, who: Principal) -> int:
    """Return where somebody is meant to speak of: the estate of their first home, else the first they work for.

    Raises Forbidden for people who belong to none.
    """
    if not who.community_ids:
        raise Forbidden("您还没有绑定小区，请联系物业登记。")
    homes = estate.rooms(session, sorted(who.room_ids))
    return homes[0].community_id if homes else min(who.community_ids)


def _named_estate(session: Session, words: str, who: Principal) -> int | None:
    """Return the estate of the speaker's that the words name, None when they name none."""
    said = [c for c in estate.communities(session) if c.name in words]
    own = next((c.id for c in said if c.id in who.community_ids), None)
    if said and own is None:
        mine = "、".join(estate.community(session, i).name for i in sorted(who.community_ids))
        raise NotYourEstate(
            f"您登记的小区是{mine}，{said[0].name}的事我不能替您报。如果是{mine}的，请再说一次位置；"
            f"确实是{said[0].name}的，请说「转人工」，客服会帮您转过去。"
        )
    return own


def _complete(session: Session, community_id: int, made: Draft, item: Item) -> Draft:
    named = vocabulary.mentions(session, community_id, item.text)
    devices = [int(r) for m in named if m.kind is vocabulary.NameKind.DEVICE for r in m.refs]
    with system_scope(session):
        asset = equipment.find_meant(session, community_id, made.category, devices, made.location)
    wish = time_words.find_wish(item.text, clock.now())
    if wish is not None:
        made = replace(made, preferred_time=wish.start, time_said=None if wish.start else wish.words)
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
    elif location.building == asset.building and location.unit is None:
        location = replace(location, unit=asset.unit)
    scope = estate.PUBLIC if devices else made.scope
    return replace(made, asset_id=asset.id, location=location, scope=scope)
