"""Materials on an order: from the store where they are in it, else as words. See ``costs`` for what is raised."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from sqlalchemy.orm import Session

from backend.domains.stock import service as stock
from backend.domains.workorders import repository_costs, repository_dispatch
from backend.domains.workorders.domain import Status
from backend.domains.workorders.domain_costs import COMPANY, MATERIAL, UNPRICED, Charge, Priced, Wanted
from backend.domains.workorders.models import WorkOrder
from backend.domains.workorders.models_costs import WorkOrderCost
from backend.domains.workorders.service import costs, record
from backend.domains.workorders.service.checks import require_open
from backend.domains.workorders.wording_costs import SHORT, SHORT_ANSWER, SHORT_TITLE
from backend.kit import once
from backend.kit.auth import Principal

_MORE = re.compile("[又再]|另外|还(?:用|换|要)|多(?:用|换)了")
"""Words that tell of more than what was told before."""


def add(
    session: Session, number: str, wanted: Wanted, who: Principal, key: str | None = None
) -> tuple[WorkOrder, str | None]:
    """Charge an item of the store, or words for one; return the order and a word where things went other than asked.

    Words that mean exactly one item with a number take it from the store. Raises ShortOfStock for an item; words are
    kept as words then, and the desk is told.
    """
    order = costs.held(session, number, who)
    if not once.claim(session, who.person_id, f"material:{order.number}", key, wanted):
        return order, None
    require_open(order)
    quantity = wanted.quantity_milli or 1000
    if wanted.item_id is not None:
        item = stock.get(session, wanted.item_id, order.community_id)
        line = _take(session, order, stock.Part(item, quantity), wanted.charge, who, sure=True)
        costs.say(session, order, who, "用料", [costs.in_words(line)])
        return order, None
    words = wanted.words or ""
    named = stock.named(session, order.community_id, words)
    read = stock.Read((stock.Part(named, quantity),), ()) if named else stock.read(session, order.community_id, words)
    short, lines = _use(session, order, read, words, quantity, wanted.charge, who, sure=True)
    costs.say(session, order, who, "用料", lines or [words])
    _tell_short(session, order, short, who)
    return order, SHORT_ANSWER if short else None


def from_note(session: Session, order: WorkOrder, text: str, who: Principal) -> str | None:
    """Charge the parts that a note tells of; the note itself is for the caller to write.

    Returns a word for who wrote it where the store has too little.
    """
    repository_costs.lock(session, order)
    read = stock.read(session, order.community_id, text)
    told = bool(read.parts)
    if not _MORE.search(text):
        read = replace(read, parts=tuple(_not_taken_yet(session, order, read.parts)))
    if told and not read.parts:
        for piece in read.rest:
            _words(session, order, piece, 1000, who)
        return None
    short, lines = _use(session, order, read, text, 1000, None, who, sure=False)
    if read.parts and lines:
        costs.say(session, order, who, "出库", lines)
    _tell_short(session, order, short, who)
    return SHORT_ANSWER if short else None


def _not_taken_yet(session: Session, order: WorkOrder, parts: Iterable[stock.Part]) -> Iterator[stock.Part]:
    """Yield what was not charged before: who wrote a valve down by hand and then says 「换了一个角阀」 took one valve."""
    since = repository_dispatch.moved_at(session, [order.id], Status.REOPENED).get(order.id, order.created_at)
    taken: Counter[int | None] = Counter()
    for line in repository_costs.costs(session, order.id):
        if line.at >= since:
            taken[line.item_id] += line.quantity_milli
    for part in parts:
        left = part.quantity_milli - taken[part.item.id]
        if left > 0:
            yield replace(part, quantity_milli=left)


def _use(
    session: Session,
    order: WorkOrder,
    read: stock.Read,
    words: str,
    quantity_milli: int,
    charge: Charge | None,
    who: Principal,
    sure: bool,
) -> tuple[list[str], list[str]]:
    """Take each part that is there; the others and the rest become words. Returns what was short and the lines."""
    short: list[str] = []
    lines: list[str] = []
    for part in sorted(read.parts, key=lambda p: p.item.id):  # always in the same order: nobody waits in a circle
        try:
            lines.append(costs.in_words(_take(session, order, part, charge, who, sure)))
        except stock.ShortOfStock:
            said = f"{part.item.name} {stock.quantity_text(part.quantity_milli)} {part.item.unit}"
            short.append(said)
            _words(session, order, said, 1000, who)
    for piece in read.rest if read.parts else (words,):
        _words(session, order, piece, quantity_milli if not read.parts else 1000, who)
    return short, lines


def _take(
    session: Session, order: WorkOrder, part: stock.Part, charge: Charge | None, who: Principal, sure: bool
) -> WorkOrderCost:
    priced = costs.priced_item(part.item, part.quantity_milli)
    paid = (costs.payer if sure else costs.payer_of_words)(session, order, priced, charge, who)
    cause = stock.Cause("工单用料", order.number)
    moved = stock.take(session, part.item.id, part.quantity_milli, who, cause)
    return costs.write(session, order, priced, paid, who, moved.id)


def _words(session: Session, order: WorkOrder, words: str, quantity_milli: int, who: Principal) -> None:
    priced = Priced(MATERIAL, words, quantity_milli, "", None, "", 0)
    costs.write(session, order, priced, (COMPANY, UNPRICED), who)


def _tell_short(session: Session, order: WorkOrder, short: list[str], who: Principal) -> None:
    if not short:
        return
    said = "、".join(short)
    line = record.write(session, order, who, "cost", SHORT_TITLE, said)
    record.tell(session, order, SHORT, f"order:{order.id}:{line.id}", said, [who.person_id])
