"""Items of one's own, so that tests do not meet in one."""

import uuid
from decimal import Decimal
from typing import Any

from tests.backend.support import User


def item(who: User, on_hand: str = "10", **fields: Any) -> dict[str, Any]:
    """Enter an item with something on hand."""
    name = f"件{uuid.uuid4().hex[:8]}"
    body = {"community": "sunshine", "name": name, "unit": "个", "price_fen": 1250, **fields}
    answer = who.post("/stock/items", body)
    assert answer.status_code == 201, answer.text
    made = dict(answer.json())
    if Decimal(on_hand):
        moved = who.post("/stock/movements", {"item_id": made["id"], "kind": "in", "quantity": on_hand})
        assert moved.status_code == 201, moved.text
    return made


def on_hand(who: User, item_id: int) -> Decimal:
    """Return what is on hand."""
    return Decimal(who.get(f"/stock/items/{item_id}").json()["on_hand"])


def ledger(who: User, item_id: int) -> list[dict[str, Any]]:
    """Return the whole ledger, oldest first; each line must follow from the one before."""
    lines = list(reversed(who.get(f"/stock/items/{item_id}/movements", limit=200).json()["items"]))
    sum_ = Decimal(0)
    for line in lines:
        sum_ += Decimal(line["quantity"])
        assert sum_ == Decimal(line["balance"]) >= 0
    assert sum_ == on_hand(who, item_id)
    return lines
