"""Quotes: what paid work in a home will cost, and the owner's word on it before it begins.

The newest quote is the one to answer; a change is a new quote and needs a new word. What was agreed before holds until
then. Raises NotQuotable, NoSuchQuote, QuoteSettled,
NotYourMove, IllegalTransition.
"""

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy.orm import Session

from backend.domains.estate import service as estate
from backend.domains.identity import service as identity
from backend.domains.notices import service as notices
from backend.domains.stock import service as stock
from backend.domains.workorders import repository_costs
from backend.domains.workorders.domain import ACTIVE, ENDED, Status
from backend.domains.workorders.domain_costs import IN_FORCE, Priced, QuoteLine, QuoteState, QuoteView, Wanted
from backend.domains.workorders.errors import IllegalTransition, NoSuchQuote, NotQuotable, NotYourMove, QuoteSettled
from backend.domains.workorders.models import WorkOrder, WorkOrderEvent
from backend.domains.workorders.models_costs import WorkOrderQuote
from backend.domains.workorders.service import costs, record
from backend.domains.workorders.service.checks import require_open
from backend.domains.workorders.service.moves import get
from backend.domains.workorders.service.quote_views import deciders, in_words, may_decide, view
from backend.domains.workorders.service.views import card_for
from backend.domains.workorders.wording import tap
from backend.domains.workorders.wording_costs import ACCEPTED, AGAIN, DECLINED, QUOTE_BUTTONS, QUOTED
from backend.kit import audit, clock, once
from backend.kit.auth import Claims, Principal
from backend.kit.scope import system_scope

MOST_WAITING = 20


def make(session: Session, number: str, wanted: Sequence[Wanted], who: Principal, key: str | None = None) -> WorkOrder:
    """Make a quote from the price list, the store and what stands in neither, and ask those who live there."""
    costs.require_may_price(wanted, who)
    order = costs.held(session, number, who)
    if not once.claim(session, who.person_id, f"quote:{order.number}", key, list(wanted)):
        return order
    require_open(order)
    asked = _require_quotable(session, order)
    lines = tuple(_line(_priced(session, order, one)) for one in wanted)
    total, charged = sum(line.amount_fen for line in lines), repository_costs.charged_to_owner(session, order.id)
    if total < max(charged, 1):
        raise NotQuotable(
            f"报价是整单的收费，不能低于已经记到业主名下的 {stock.yuan(charged)}。" if charged else "报价合计要大于零。"
        )
    before = repository_costs.quotes(session, order.id, *IN_FORCE)
    for old in repository_costs.quotes(session, order.id, QuoteState.OPEN):
        old.state = QuoteState.REPLACED
    quote = WorkOrderQuote(
        work_order_id=order.id,
        community_id=order.community_id,
        state=QuoteState.OPEN,
        total_fen=total,
        lines=[asdict(line) for line in lines],
        by_id=who.person_id,
        by_name=who.name,
        at=clock.now(),
    )
    session.add(quote)
    session.flush()
    record.write(session, order, who, "quote", "报价", f"合计 {stock.yuan(total)}：{'、'.join(n.what for n in lines)}")
    _ask(session, order, quote, lines, asked, bool(before))
    record.show_live(session, order, asked)
    return order


def _require_quotable(session: Session, order: WorkOrder) -> list[int]:
    """Return who can be asked."""
    if order.scope != estate.PRIVATE:
        raise NotQuotable("公共区域的维修由公司承担，不用业主同意报价。")
    if order.status not in ACTIVE:
        raise IllegalTransition("已经完工的工单不能再报价。")
    asked = deciders(session, order)
    if not asked:
        raise NotQuotable("这户没有能确认报价的住户（不是本人报修，或住户还没有登记）。请先联系住户，或由公司承担。")
    return asked


def _priced(session: Session, order: WorkOrder, wanted: Wanted) -> Priced:
    if wanted.item_id is not None:
        return costs.priced_item(stock.get(session, wanted.item_id, order.community_id), wanted.quantity_milli or 1000)
    return costs.priced_work(session, order, wanted)


def _line(priced: Priced) -> QuoteLine:
    return QuoteLine(
        priced.kind,
        priced.what,
        stock.quantity_text(priced.quantity_milli),
        priced.unit,
        priced.price_fen or 0,
        priced.price_unit,
        priced.amount_fen,
    )


def _ask(
    session: Session,
    order: WorkOrder,
    quote: WorkOrderQuote,
    lines: tuple[QuoteLine, ...],
    asked: Sequence[int],
    again: bool,
) -> None:
    text = QUOTED.format(
        number=order.number, again=AGAIN if again else "", lines=in_words(lines), total=stock.yuan(quote.total_fen)
    )
    for person_id in asked:
        with system_scope(session):
            card = card_for(session, order, identity.load_principal(session, Claims(person_id)))
        buttons = tuple(tap(title, intent, order.number, quote=str(quote.id)) for title, intent in QUOTE_BUTTONS)
        key = f"order:{order.id}:quote:{quote.id}"
        notices.tell(session, [person_id], notices.Telling(order.community_id, text, key, buttons, card))


def decide(session: Session, number: str, quote_id: int, accept: bool, words: str | None, who: Principal) -> WorkOrder:
    """Accept or decline the quote that counts. The same answer again changes nothing; accepting is final."""
    order = get(session, number)
    repository_costs.lock(session, order)
    if not may_decide(order, who):
        raise NotYourMove("报价要由住户本人来答复。")
    require_open(order)
    quote = repository_costs.quote(session, order.id, quote_id)
    if quote is None:
        raise NoSuchQuote()
    current = repository_costs.quote_in_force(session, order.id)
    if current is None or current.id != quote.id:
        now = f"现在是 {stock.yuan(current.total_fen)}，请看新的报价再答复" if current else "已经作废"
        raise QuoteSettled(f"这份报价改过了，{now}。", quote=current.id if current else None)
    wanted = QuoteState.ACCEPTED if accept else QuoteState.DECLINED
    if quote.state == wanted:
        return order
    if quote.state == QuoteState.ACCEPTED:
        raise QuoteSettled("这份报价已经同意过了。要改的话请告诉客服，师傅会重新报价。")
    if accept:
        for before in repository_costs.quotes(session, order.id, QuoteState.ACCEPTED):
            before.state = QuoteState.REPLACED
    quote.state, quote.decided_at, quote.words = wanted, clock.now(), words
    quote.decided_by_id, quote.decided_by_name = who.person_id, who.name
    said = stock.yuan(quote.total_fen) + (f"，「{words}」" if words else "")
    line = record.write(session, order, who, "quote", "同意报价" if accept else "不同意报价", said)
    record.tell(session, order, ACCEPTED if accept else DECLINED, f"order:{order.id}:{line.id}", said, [who.person_id])
    record.show_live(session, order, deciders(session, order))
    return order


def waiting(session: Session, who: Principal) -> list[QuoteView]:
    """Return the quotes that wait for an answer of this person, newest first."""
    found = repository_costs.waiting(session, MOST_WAITING)
    return [view(quote, order, who) for quote, order in found if may_decide(order, who) and order.status not in ENDED]


def history(session: Session, number: str, who: Principal) -> list[QuoteView]:
    """Return every quote of an order, oldest first."""
    order = get(session, number)
    return [view(quote, order, who) for quote in repository_costs.quotes(session, order.id, *QuoteState)]


@record.after_move
def _withdraw_at_the_end(session: Session, order: WorkOrder, line: WorkOrderEvent) -> None:
    """Nobody answers a quote of an order that has ended."""
    if line.to_status in (Status.CANCELLED, Status.MERGED, Status.CLOSED):
        with system_scope(session):
            for quote in repository_costs.quotes(session, order.id, QuoteState.OPEN):
                quote.state = QuoteState.WITHDRAWN


Home = tuple[str, int | None]


def home_of(order: WorkOrder) -> Home:
    """Return whose order it is: its scope and home."""
    return order.scope, order.room_id


def home_changed(session: Session, order: WorkOrder, before: Home) -> None:
    """An order may have turned out to be about another home: who agreed did not agree to that, and pays nothing for it."""
    if home_of(order) == before:
        return
    with system_scope(session), audit.by_system(session):
        repository_costs.lock(session, order)
        found = repository_costs.quotes(session, order.id, *IN_FORCE)
        for quote in found:
            quote.state = QuoteState.WITHDRAWN
        moved = repository_costs.to_company(session, order.id)
        if found or moved:
            text = "报价作废" + (f"，{moved} 笔费用改由公司承担" if moved else "")
            record.write(session, order, None, "quote", "地点已更正", text)
