"""The bot learns what the person was told lately: its own replies and the notices."""

from typing import Any

from backend.domains.conversations.service import delivery
from backend.kit import clock, db
from backend.kit.outbox import OutboxRow
from tests.backend.support import FakeRasa, User, World

YES = {"title": "验收通过", "payload": '/confirm_work_order{"order_number": "SH2611-0001"}'}


def notify(who: User, community_id: int, text: str, **payload: Any) -> None:
    """Deliver a notice, as the worker does."""
    with db.transaction() as session:
        moment = clock.now()
        row = OutboxRow(
            dedupe_key=f"test:{who.id}:{text}",
            person_id=who.id,
            community_id=community_id,
            channel="web",
            text=text,
            payload=payload,
            status="delivered",
            next_attempt_at=moment,
            created_at=moment,
            trace_id="t",
        )
        session.add(row)
        session.flush()
        delivery.to_mailbox(session, row)


class TestLately:
    def test_replies_and_notices_with_their_buttons_and_orders(self, world: World, rasa: FakeRasa, owner: User) -> None:
        card = {"type": "work_order", "number": "SH2611-0001"}
        rasa.say({"text": "收到", "card": card})
        owner.say("灯坏了")
        notify(owner, min(owner.principal.community_ids), "修好了吗？", buttons=[YES])
        owner.say("好了")
        assert rasa.turns[1]["speaker"]["lately"] == [
            {"text": "收到", "buttons": [], "order": "SH2611-0001", "turn": 0},
            {"text": "修好了吗？", "buttons": [YES], "order": None, "turn": 0},
        ]

    def test_turns_are_counted_back(self, rasa: FakeRasa, owner: User) -> None:
        for text in ("一", "二", "三"):
            owner.say(text)
        told = [(line["text"], line["turn"]) for line in rasa.turns[2]["speaker"]["lately"]]
        assert told == [("收到：一", 1), ("收到：二", 0)]

    def test_nothing_before_the_first_message(self, rasa: FakeRasa, owner: User) -> None:
        owner.say("你好")
        assert rasa.turns[0]["speaker"]["lately"] == []
