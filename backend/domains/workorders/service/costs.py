"""What an order costs: cost lines, who pays, sums. Changes of one order's costs happen one at a time.

Nothing is charged to an owner without a quote that they accepted, nor more in all than its total. Raises NoSuchOrder,
NotYourMove, IllegalTransition (ended), NoConsent, NoSuchCost, and the store's NoSuchItem, NoSuchPrice, ShortOfStock.
"""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from backend.domains.estate import service as estate
from backend.domains.stock import service as stock
from backend.domains.workorders import repository_costs
from backend.domains.workorders.domain import DESK, ENDED, HOLDER
from backend.domains.workorders.domain_costs import (
    COMPANY,
    COST_KINDS,
    CUSTOM,
    DECISION,
    LABOUR,
    MATERIAL,
    OWNER,
    PAYERS,
    UNCONSENTED,
    UNPRICED,
    USUAL,
    WARRANTY,
    WHYS,
    Charge,
    Costs,
    CostView,
    Priced,
    QuoteState,
    Wanted,
    sums,
)
from backend.domains.workorders.errors import NoConsent, NoSuchCost, NotYourMove
from backend.domains.workorders.models import WorkOrder
from backend.domains.workorders.models_costs import WorkOrderCost
from backend.domains.workorders.service import merged_costs, quote_views, record
from backend.domains.workorders.service.checks import require_open
from backend.domains.workorders.service.moves import get
from backend.domains.workorders.service.views import actors_of
from backend.kit import clock, once
from backend.kit.auth import Principal
from backend.kit.problems import InvalidInput
from backend.kit.scope import system_scope

MINUTES, MINUTES_AN_HOUR = "分钟", 60
REFUSALS: dict[str | None, str] = {
    None: "这笔 {amount} 要由业主出，得先报价，业主同意后才能记；质保期内或公司承担的请注明。",
    QuoteState.OPEN: "报价还在等业主答复，同意前不能记到业主名下（这笔 {amount}）。",
    QuoteState.DECLINED: "业主没有同意报价，不能记到业主名下（这笔 {amount}）。要收费请重新报价。",
    QuoteState.ACCEPTED: "业主同意的是 {agreed}，已记 {charged}，再记 {amount} 就超过了。请重新报价。",
}

AGREED_BEFORE = "之前同意的是 {agreed}，已记 {charged}。"


def held(session: Session, number: str, who: Principal) -> WorkOrder:
    """Return an order to change its costs, locked; for its holder and the desk.

    Whether it may still be added to (``require_open``) is asked after the key: what was done before is done.
    """
    order = get(session, number)
    repository_costs.lock(session, order)
    if not actors_of(order, who) & {HOLDER, DESK}:
        raise NotYourMove("用料、工时和报价要由接单师傅或客服来记。")
    return order


def costs(session: Session, number: str, who: Principal, answer: str | None = None) -> Costs:
    """Return what an order costs as ``who`` may see it."""
    order = get(session, number)
    lines = tuple(view(line) for line in repository_costs.costs(session, order.id))
    found = repository_costs.quote_in_force(session, order.id)
    return Costs(
        order.number,
        lines,
        sums(lines),
        quote_views.view(found, order, who) if found else None,
        consented(session, order) or 0,
        whole=order.community_id in who.staff_community_ids,
        may_add=order.status not in ENDED and bool(actors_of(order, who) & {HOLDER, DESK}),
        answer=answer,
        shares=merged_costs.shares(session, order, who),
    )


def view(line: WorkOrderCost) -> CostView:
    """Return a cost line outside its session."""
    return CostView(
        line.id, line.kind, line.what, line.quantity_milli, line.returned_milli, line.unit, line.price_fen,
        line.price_unit, line.amount_fen, line.charged_to, line.why, line.item_id, line.movement_id, line.price_code,
        line.by_name, line.at,
    )  # fmt: skip


def priced_item(item: stock.ItemView, quantity_milli: int) -> Priced:
    """Return so much of an item at its price of today."""
    amount = stock.amount_fen(quantity_milli, item.price_fen)
    return Priced(MATERIAL, item.name, quantity_milli, item.unit, item.price_fen, item.unit, amount, item_id=item.id)


def priced_work(session: Session, order: WorkOrder, wanted: Wanted) -> Priced:
    """Return labour or a service at its price of today; minutes by the hour, unpriced where the list has no hours.

    What stands in no list has the price that was given with it.
    """
    if wanted.custom is not None:
        own, quantity = wanted.custom, wanted.quantity_milli or 1000
        amount = stock.amount_fen(quantity, own.price_fen)
        return Priced(CUSTOM, own.what, quantity, own.unit, own.price_fen, own.unit, amount)
    if wanted.price_code is not None:
        price = stock.price(session, order.community_id, wanted.price_code)
        quantity = wanted.quantity_milli or 1000
        amount = stock.amount_fen(quantity, price.labour_fen)
        return Priced(
            price.kind, price.name, quantity, price.unit, price.labour_fen, price.unit, amount, price_code=price.code
        )
    quantity, hour = (wanted.minutes or 0) * 1000, stock.hourly(session, order.community_id)
    if hour is None:
        return Priced(LABOUR, "工时", quantity, MINUTES, None, stock.HOUR, 0, MINUTES_AN_HOUR)
    amount = stock.amount_fen(quantity, hour.labour_fen, MINUTES_AN_HOUR)
    return Priced(
        LABOUR, hour.name, quantity, MINUTES, hour.labour_fen, hour.unit, amount, MINUTES_AN_HOUR, price_code=hour.code
    )


def require_may_price(wanted: Iterable[Wanted], who: Principal) -> None:
    """Refuse prices of no list from whoever may not set prices. Raises NotYourMove."""
    if any(one.custom is not None for one in wanted) and "prices.manage" not in who.permissions:
        raise NotYourMove("价目里没有的项目，价格要由能改价目的人（项目经理）来定。")


def payer(session: Session, order: WorkOrder, priced: Priced, wanted: Charge | None, who: Principal) -> tuple[str, str]:
    """Return who pays and why. Raises NoConsent where it would be the owner and they have not agreed."""
    if wanted is Charge.WARRANTY:
        return COMPANY, WARRANTY
    if order.scope == estate.PUBLIC:
        if wanted is Charge.OWNER:
            raise NoConsent("公共区域的维修由公司承担，不能记到业主名下。")
        return COMPANY, USUAL
    if wanted is Charge.COMPANY:
        if DESK not in actors_of(order, who):
            raise NotYourMove("由公司承担要客服来定；质保期内的请选质保。")
        return COMPANY, DECISION
    if priced.price_fen is None:
        return COMPANY, UNPRICED
    require_consent(session, order, priced.amount_fen)
    return OWNER, USUAL


def payer_of_words(
    session: Session, order: WorkOrder, priced: Priced, wanted: Charge | None, who: Principal
) -> tuple[str, str]:
    """Return who pays for what was only told to be used: where the owner has not agreed, the company for now."""
    try:
        return payer(session, order, priced, wanted, who)
    except NoConsent:
        return COMPANY, UNCONSENTED


def require_consent(session: Session, order: WorkOrder, amount_fen: int) -> None:
    """Refuse to charge the owner more than they agreed to. Raises NoConsent."""
    if amount_fen == 0:
        return
    with system_scope(session):
        found = repository_costs.quote_in_force(session, order.id)
        charged = repository_costs.charged_to_owner(session, order.id)
        agreed = consented(session, order)
    if agreed is not None and charged + amount_fen <= agreed:
        return
    state = QuoteState(found.state) if found else None
    words = REFUSALS[state] + (AGREED_BEFORE if agreed is not None and state is not QuoteState.ACCEPTED else "")
    raise NoConsent(
        words.format(amount=stock.yuan(amount_fen), agreed=stock.yuan(agreed or 0), charged=stock.yuan(charged))
    )


def consented(session: Session, order: WorkOrder) -> int | None:
    """Return the most that the owner agreed to pay, None where they agreed to nothing.

    What was agreed stays agreed until another quote is; one that waits for its answer and is lower holds already, so that
    nothing is charged meanwhile that it does not cover.
    """
    with system_scope(session):
        agreed = repository_costs.accepted_quote(session, order.id)
        newest = repository_costs.quote_in_force(session, order.id)
    if agreed is None:
        return None
    waits = newest is not None and newest.state == QuoteState.OPEN
    return min(agreed.total_fen, newest.total_fen) if newest and waits else agreed.total_fen


def write(
    session: Session,
    order: WorkOrder,
    priced: Priced,
    paid: tuple[str, str],
    who: Principal,
    movement_id: int | None = None,
) -> WorkOrderCost:
    """Add a cost line."""
    line = WorkOrderCost(
        work_order_id=order.id,
        community_id=order.community_id,
        kind=priced.kind,
        what=priced.what,
        quantity_milli=priced.quantity_milli,
        returned_milli=0,
        unit=priced.unit,
        price_fen=priced.price_fen,
        price_unit=priced.price_unit,
        per=priced.per,
        amount_fen=priced.amount_fen,
        charged_to=paid[0],
        why=paid[1],
        item_id=priced.item_id,
        movement_id=movement_id,
        price_code=priced.price_code,
        by_id=who.person_id,
        by_name=who.name,
        at=clock.now(),
    )
    session.add(line)
    session.flush()
    return line


def in_words(line: WorkOrderCost) -> str:
    """Return a cost line as the history says it: 角阀DN15 2 个（公司：质保期内）.

    Residents read the history, so it says an amount only where the owner pays it.
    """
    amount = f" {stock.yuan(line.amount_fen)}" if line.charged_to == OWNER else ""
    why = "" if line.why == USUAL else f"：{WHYS[line.why]}"
    quantity = f"{stock.quantity_text(line.quantity_milli)} {line.unit}".strip()
    return f"{line.what} {quantity}{amount}（{PAYERS[line.charged_to]}{why}）"


def say(session: Session, order: WorkOrder, who: Principal, title: str, lines: Iterable[str]) -> None:
    """Write what was changed into the history and show it."""
    record.write(session, order, who, "cost", title, "；".join(lines))
    record.show_live(session, order)


def add_work(session: Session, number: str, wanted: Wanted, who: Principal, key: str | None = None) -> WorkOrder:
    """Charge labour, a service or something of no list."""
    require_may_price([wanted], who)
    order = held(session, number, who)
    if not once.claim(session, who.person_id, f"labour:{order.number}", key, wanted):
        return order
    require_open(order)
    priced = priced_work(session, order, wanted)
    line = write(session, order, priced, payer(session, order, priced, wanted.charge, who), who)
    say(session, order, who, COST_KINDS[line.kind], [in_words(line)])
    return order


def find(session: Session, order: WorkOrder, cost_id: int) -> WorkOrderCost:
    """Return a cost line of an order. Raises NoSuchCost."""
    line = repository_costs.cost(session, order.id, cost_id)
    if line is None:
        raise NoSuchCost()
    return line


def give_back(
    session: Session, number: str, cost_id: int, quantity_milli: int | None, who: Principal, key: str | None = None
) -> WorkOrder:
    """Take a line back, whole or in part; what came from the store returns to it. Also of an order that has ended."""
    order = held(session, number, who)
    if not once.claim(session, who.person_id, f"return:{order.number}", key, [cost_id, quantity_milli]):
        return order
    line = find(session, order, cost_id)
    back = line.quantity_milli if quantity_milli is None else quantity_milli
    if not 0 < back <= line.quantity_milli:
        left = f"{stock.quantity_text(line.quantity_milli)} {line.unit}"
        raise InvalidInput(f"这一笔只剩 {left}，退不了这么多。", errors=[{"field": "quantity", "message": "太大了"}])
    line.quantity_milli -= back
    line.returned_milli += back
    if line.price_fen is not None:
        line.amount_fen = stock.amount_fen(line.quantity_milli, line.price_fen, line.per)
    if line.movement_id is not None and line.item_id is not None:
        stock.give_back(session, line.item_id, back, who, stock.Cause("退料", order.number))
    session.flush()
    say(
        session,
        order,
        who,
        "退料" if line.movement_id else "冲销",
        [f"{line.what} {stock.quantity_text(back)} {line.unit}"],
    )
    return order


def charge(session: Session, number: str, cost_id: int, wanted: Charge, who: Principal) -> WorkOrder:
    """Let somebody else pay for a line (desk)."""
    order = held(session, number, who)
    if DESK not in actors_of(order, who):
        raise NotYourMove("谁出这笔钱，要客服来定。")
    line = find(session, order, cost_id)
    if wanted is Charge.OWNER and line.charged_to == OWNER:
        return order
    priced = Priced(line.kind, line.what, 0, "", line.price_fen, "", line.amount_fen)
    paid = payer(session, order, priced, wanted, who)
    if (line.charged_to, line.why) != paid:
        line.charged_to, line.why = paid
        session.flush()
        say(session, order, who, "改由谁出", [in_words(line)])
    return order
