"""From what was understood to a draft order, and the one question that may be needed. Pure.

The bot brings words (category, urgency, scope, place words); here they get their meaning for this speaker.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from backend.domains.estate import service as estate
from backend.domains.estate.service import PRIVATE, PUBLIC, Home, Location, PlaceName

SURE = 0.6
BARE_CHARS = 5
ALWAYS_PUBLIC = frozenset({"elevator", "greening", "parking", "fire_safety", "access_security"})
ASK_WHERE: frozenset[str] = frozenset({"lighting", "electrical", "plumbing", "civil", "low_voltage", "hvac"})


@dataclass(frozen=True, slots=True)
class Item:
    """One fault as the bot understood it."""

    text: str
    category: str = "other"
    urgency: str = "normal"
    scope: str | None = None
    scope_confidence: float = 0.0
    place_words: str | None = None
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A work order that could be opened as it is. ``time_said`` is a time in words that no moment could be made of."""

    category: str
    urgency: str
    scope: str
    location: Location
    fault: str
    asset_id: int | None = None
    preferred_time: datetime | None = None
    time_said: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """The one thing that must be known first. ``options`` can be tapped or said."""

    item: int
    about: str
    text: str
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Speaker:
    """Where the speaker belongs: estate, homes, the names of its places, and the rooms of the first home's unit."""

    community: str
    homes: tuple[Home, ...]
    places: tuple[PlaceName, ...]
    estate_name: str = ""
    doors: frozenset[str] = frozenset()

    @property
    def home(self) -> Home | None:
        """The first home, None for people who do not live here."""
        return self.homes[0] if self.homes else None


def draft(item: Item, speaker: Speaker, answer: str | None = None) -> tuple[Draft, str | None]:
    """Return the draft of an item, and what is still unclear about it (``scope``, ``place``, ``home`` or None)."""
    words = " ".join(w for w in (answer, estate.address_before(item.place_words, item.text), item.text) if w)
    if speaker.estate_name:  # the 花园 of 阳光花园 is no garden
        words = words.replace(speaker.estate_name, "")
    found = estate.resolve(words, speaker.home, speaker.community, speaker.places, speaker.doors)
    location = replace(found.location, raw=item.text)
    scope = _scope(item, found.scope)
    if scope == PRIVATE and not location.building and speaker.home:
        inside = location.place
        location = replace(estate.home_location(speaker.home, item.text), place=inside)
    unclear = _unclear(item, found.scope, location, scope, speaker)
    fallback = PRIVATE if speaker.home and not location.is_known else PUBLIC
    made = Draft(item.category, item.urgency, scope or fallback, location, _fault(item))
    if scope is None and made.scope == PRIVATE and speaker.home:
        made = replace(made, location=estate.home_location(speaker.home, item.text))
    return made, unclear


def _fault(item: Item) -> str:
    """Return the words of the fault, with the 了 that belongs to them."""
    fault = item.fault or item.text
    return f"{fault}了" if not fault.endswith("了") and f"{fault}了" in item.text else fault


def _scope(item: Item, by_place: str | None) -> str | None:
    if by_place is not None:
        return by_place
    if item.category in ALWAYS_PUBLIC:
        return PUBLIC
    if item.scope in (PRIVATE, PUBLIC) and item.scope_confidence >= SURE and not _bare(item):
        return item.scope
    return None


def _bare(item: Item) -> bool:
    """Tell whether the words name a thing and nothing around it: 「灯坏了」 is at home as often as outside."""
    return item.category in ASK_WHERE and not item.place_words and len(item.text) <= BARE_CHARS


def _unclear(item: Item, by_place: str | None, location: Location, scope: str | None, speaker: Speaker) -> str | None:
    if by_place is None and item.category in ASK_WHERE and not location.building and scope is None:
        return "scope"
    if by_place is None and scope == PRIVATE and len(speaker.homes) > 1 and not _named(location, item):
        return "home"
    if scope != PRIVATE and not location.is_known:
        return "place"
    if scope == PRIVATE and not location.building:
        return "place"
    return None


def _named(location: Location, item: Item) -> bool:
    return bool(location.room) and (location.room or "") in item.text


def question(number: int, unclear: str, made: Draft, speaker: Speaker, absent: str | None = None) -> Question:
    """Return the question that settles what is unclear; ``absent`` says what the estate does not have."""
    if absent:
        return Question(number, "place", f"{absent}，请再说一次是几号楼几单元。")
    if unclear == "home":
        labels = tuple(f"{h.building}号楼{h.unit}单元{h.room}" for h in speaker.homes)
        return Question(number, unclear, "是您的哪一套房？", labels)
    if unclear == "scope" and speaker.home:
        return Question(number, unclear, "是家里的，还是公共区域的？", ("我家里", "我这层楼道", "楼下", "地下车库"))
    if made.scope == PUBLIC and speaker.home:
        return Question(number, "place", "在哪个位置？说一声或点一下。", ("我这层楼道", "楼下", "大堂", "地下车库"))
    return Question(number, "place", "请说一下在几号楼几单元，或者什么地方，例如「3号楼2单元大堂」。")


NOTHING_SAID = Question(0, "fault", "哪里坏了？说一句就行，例如「厨房水龙头一直滴水」。")


def with_answer(items: Sequence[Item], answered: Question | None, answer: str | None) -> list[str | None]:
    """Return the answer beside the item it belongs to."""
    return [answer if answered and answered.item == i else None for i in range(len(items))]
