"""What an owner says to a quote: agree to it or not. Nobody agrees to a price that was not put before them."""

from actions._base import BackendAction, Turn
from actions._choosing import Which, choose, told
from actions._client import Order, Quote, QuoteLine
from actions._words import Button, button, card, technician, what

SURE = 0.6
"""Below this nothing is agreed to without asking."""
NOTHING = "现在没有等您答复的报价。师傅报了价，我会马上发给您看。"
WHICH = Which("您说的是哪一张的报价？", NOTHING)
ANSWERED = {
    "accepted": "您已经同意过工单 {number} 的报价了。要改的话，发「转人工」告诉客服。",
    "declined": "您已经答复过了：工单 {number} 的报价没有同意，收费的部分师傅不会动。",
}


def yuan(fen: int) -> str:
    """Return money as people read it."""
    return f"¥{fen // 100}.{fen % 100:02d}"


def quote_buttons(quote: Quote) -> list[Button]:
    """Return the two answers to a quote; a button answers this quote only."""
    about = {"order_number": quote["number"], "quote": str(quote["id"])}
    return [button("同意", "accept_quote", **about), button("不同意", "decline_quote", **about)]


def in_words(quote: Quote) -> str:
    """Return the lines and the total of a quote."""
    return f"{'；'.join(map(_line, quote['lines']))}。合计 {yuan(quote['total_fen'])}"


def _line(line: QuoteLine) -> str:
    own = f"（{line['kind_title']}）" if line["custom"] else ""
    return f"{line['what']} {line['quantity']} {line['unit']} {yuan(line['amount_fen'])}{own}"


async def _meant(turn: Turn) -> tuple[Order, Quote] | None:
    """Return the order and its open quote; else say or ask what is in the way."""
    waiting = {quote["number"]: quote for quote in await turn.backend.waiting_quotes()}
    orders = [await turn.backend.order(number) for number in waiting]
    found = await choose(turn, orders, WHICH)
    if not found:
        return None
    order = found[0]
    quote = waiting.get(order["number"]) or await turn.backend.quote(order["number"])
    declined_before = quote is not None and quote["state"] == "declined" and turn.said.intent == "accept_quote"
    if quote is None or not (quote["yours"] or declined_before):
        state = quote["state"] if quote else ""
        turn.say(ANSWERED.get(state, NOTHING).format(number=order["number"]), None, card(order))
        return None
    seen = turn.said.entities.get("quote")
    if seen is not None and seen != str(quote["id"]):
        text = f"工单 {order['number']} 的报价改过了，现在是：{in_words(quote)}。按这个价修吗？"
        turn.say(text, quote_buttons(quote), card(order))
        return None
    return order, quote


class AcceptQuote(BackendAction):
    """The owner agrees to what a repair costs."""

    action = "action_accept_quote"
    intents = ("accept_quote",)

    async def act(self, turn: Turn) -> None:
        """Agree to the quote that is meant; ask first where that is not sure."""
        if (found := await _meant(turn)) is None:
            return
        order, quote = found
        if turn.said.confidence < SURE:
            text = f"工单 {order['number']}（{what(order)}）报价：{in_words(quote)}。按这个价修吗？"
            turn.say(text, quote_buttons(quote), card(order))
            return
        await turn.backend.decide(quote, True, told(turn, order))
        him = technician(order) if order["technician"] else "师傅"
        text = f"好的，工单 {order['number']} 按 {yuan(quote['total_fen'])} 修，收费不会超过这个数。{him}已收到，马上动手。"
        turn.say(text, None, card(order))


class DeclineQuote(BackendAction):
    """The owner does not agree to what a repair would cost."""

    action = "action_decline_quote"
    intents = ("decline_quote",)

    async def act(self, turn: Turn) -> None:
        """Decline with the words as they were said; nothing that costs money is done then."""
        if (found := await _meant(turn)) is None:
            return
        order, quote = found
        await turn.backend.decide(quote, False, told(turn, order))
        text = f"好的，工单 {order['number']} 收费的部分先不做，不收您的钱。师傅和客服都已收到，想好了再告诉我。"
        turn.say(text, [button("还是同意", "accept_quote", order_number=order["number"], quote=str(quote["id"]))])
