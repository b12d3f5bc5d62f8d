"""「又坏了」, 「还是老毛病」, 「老地方」 and nothing else: the order of the speaker's that was finished last is meant; ask."""

import re
from datetime import UTC, datetime, timedelta

from actions._base import Turn
from actions._choosing import pointed_at
from actions._client import Order
from actions._words import button, card, what

WITHIN = timedelta(days=15)
"""How long after the work an order is taken up again instead of a new one."""
DONE = ("finished", "accepted_by_owner", "closed")
_AGAIN = re.compile(
    r"老毛病|老问题|老地方|老样子|同样的(?:问题|毛病)|(?:跟|和|同)上次一样|又(?:坏|不行|犯|出问题|来|这样|漏|堵|不亮)|没修好又|上次修的"
)
_AROUND = re.compile(
    r"[\s,，.。!！?？~～、…]|还是|还|那个|这个|它|又|犯|坏|不行|了|啊|呀|吧|的|怎么|在|是|都|就|才|没几天|今天|现在"
)


def is_again(words: str | None) -> bool:
    """Whether the words say only that it is the same as before."""
    return bool(words) and bool(_AGAIN.search(words or "")) and not _AROUND.sub("", _AGAIN.sub("", words or ""))


async def ask_again(turn: Turn) -> bool:
    """Ask whether the order finished last is meant; False when there is none that is recent enough."""
    order = await latest_done(turn)
    if order is None:
        return False
    yes = button("是的，返修", "reject_work_order", order_number=order["number"])
    turn.say(
        f"是 {order['number']}（{what(order)}）又坏了吗？",
        [yes, button("不是，另外报修", "report_repair")],
        card(order),
    )
    return True


async def latest_done(turn: Turn) -> Order | None:
    """Return the speaker's order that was finished last, of those the words point at, at most ``WITHIN`` ago."""
    done = [o for o in await turn.backend.orders(mine=True) if o["status"] in DONE and _can_reopen(o)]
    newest = max(await pointed_at(turn, done), key=lambda o: o["updated_at"], default=None)
    if newest is None:
        return None
    order = await turn.backend.order(newest["number"])
    return order if datetime.now(UTC) - _finished_at(order) <= WITHIN else None


def _can_reopen(order: Order) -> bool:
    return any(move["to"] == "reopened" for move in order["allowed"])


def _finished_at(order: Order) -> datetime:
    times = [e["at"] for e in order.get("timeline") or [] if e["to_status"] == "finished"]
    return datetime.fromisoformat(times[-1] if times else order["updated_at"])
