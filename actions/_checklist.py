"""「修好了」 while required items of the checklist are open: said one after the other, answered with a tap where that will do.

Nothing is kept here: each button carries which item it answers, and the words that the job is finished with. There is no
card beside them: a page hides the steps of an order that stand on its card.
"""

from collections.abc import Sequence
from typing import cast

from actions._base import Turn
from actions._client import BackendError, OpenItem
from actions._words import Button, button

OPEN = "/problems/checklist-open"
CHECK = "check"
ANSWERS = (("合格", "yes"), ("不合格", "no"))
"""The question is none that a bare yes answers: 「修好了」 said once more must not tick what keeps people alive."""
LONGEST_NOTE = 200
BY_HAND = {"number": "读数", "photo": "拍照"}
"""What is not answered with a tap."""


async def answer(turn: Turn, number: str) -> bool:
    """Write down the answer that was tapped. Tells whether there was one."""
    item, ok = turn.said.entities.get("item", ""), turn.said.entities.get("ok")
    if not item.isdigit() or ok is None:
        return False
    await turn.backend.fill(number, int(item), ok == "yes")
    return True


def ask(turn: Turn, number: str, error: BackendError, note: str, answered: bool) -> None:
    """Say which items are open and where to answer them, and ask the first that a tap answers."""
    items = cast(list[OpenItem], error.extras.get("items") or [])
    page = str(error.extras.get("page") or "")
    asked = next((item for item in items if item["kind"] == CHECK), None)
    began = "记下了。" if answered else f"{number} 还没完工。"
    lines = [f"{began}检查单还有 {len(items)} 项必填没填：", *_listed(items)]
    if asked:
        lines += [f"也可以在手机页一次填完：{page}", f"先答这一项：{asked['text']}，合格还是不合格？"]
    else:
        lines.append(f"请在手机页填好：{page}，填完再说「修好了」。")
    turn.say("\n".join(lines), _buttons(number, asked, note) if asked else None)


def _listed(items: Sequence[OpenItem]) -> list[str]:
    return [
        f"{n}. {i['text']}" + (f"（{BY_HAND[i['kind']]}）" if i["kind"] in BY_HAND else "")
        for n, i in enumerate(items, 1)
    ]


def _buttons(number: str, item: OpenItem, note: str) -> list[Button]:
    about = {"order_number": number, "item": str(item["id"]), "note": note[:LONGEST_NOTE]}
    return [button(title, "finish_order", **about, ok=ok) for title, ok in ANSWERS]
