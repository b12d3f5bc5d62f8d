"""What one resident may see of an order that others reported, too: the fault and how it goes, never who. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from backend.domains.estate import service as estate
from backend.domains.workorders.domain import OrderView, TimelineEntry

SOMEBODY, SOME_HOME = "业主", "某户"
PERSON = "person"
PUBLIC_KINDS = frozenset({"reported", "transition", "assign"})
"""Lines of the history that everybody who waits for the repair may read."""
AGAIN = "again"
"""Lines about who else reported it: that it was, is no secret, the words are."""
_PHONE = re.compile(r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)|(?<!\d)0\d{2,3}[- ]?\d{7,8}(?!\d)")
_HOME = re.compile(
    r"(?<!\d)\d{1,2}-\d{1,2}-\d{3,4}(?!\d)|(?<!\d)\d{3,4}(?=室|号房|房|户|的?业主|的?住户|家)(?:室|号房|房|户)?"
)
_TITLE = r"(?:先生|女士|小姐|太太|阿姨|叔叔?|大爷|大妈|大哥|大姐|姐|哥|老师|总|婆婆|奶奶|爷爷)"


@dataclass(frozen=True, slots=True)
class Resident:
    """Somebody whose name and home the others must not learn."""

    person_id: int
    name: str
    rooms: tuple[str, ...] = ()


def discreet(text: str, residents: Iterable[Resident]) -> str:
    """Return a text of staff without phones, without homes, and without the names of these residents."""
    text = _PHONE.sub("（电话略）", text)
    for resident in residents:
        if resident.name:
            text = text.replace(resident.name, SOMEBODY)
            text = re.sub(re.escape(resident.name[0]) + _TITLE, SOMEBODY, text)
        for room in resident.rooms:
            text = re.sub(rf"(?<!\d){re.escape(room)}(?!\d)(?:室|号房|房|户)?", SOME_HOME, text)
    return _HOME.sub(SOME_HOME, text)


def neighbour_view(view: OrderView, words: str | None, attachments: Sequence[str]) -> OrderView:
    """Return a public order as somebody sees it who reported the same fault: with their own words and pictures."""
    where = replace(estate.Location(**view.location), room=None, raw=None)
    return replace(
        view,
        fault=words or f"{view.category_title}问题",
        location=where.as_dict(),
        place_text=estate.in_words(where),
        reporter=None,
        preferred_time=None,
        attachments=list(attachments),
        rating=None,
    )


def neighbour_timeline(
    lines: Sequence[TimelineEntry], viewer_id: int, residents: Sequence[Resident], reported: bool
) -> list[TimelineEntry]:
    """Return the history for a resident. ``reported`` for the first reporter, who reads what staff say to them."""
    others = [r for r in residents if r.person_id != viewer_id]
    kept = [e for e in lines if reported or e.kind in PUBLIC_KINDS or e.actor_id == viewer_id]
    return [_for_neighbour(e, viewer_id, others) for e in kept]


def _for_neighbour(line: TimelineEntry, viewer_id: int, others: Sequence[Resident]) -> TimelineEntry:
    if line.actor_id == viewer_id:
        return line
    if line.actor_kind == PERSON:
        return replace(line, actor_name=SOMEBODY, text=None)
    if line.kind == AGAIN or not line.text:
        return replace(line, text=None)
    return replace(line, text=discreet(line.text, others))
