"""Danger: the order, the people on duty and the instructions, all before the model is asked."""

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from backend.domains.conversations import repository
from backend.domains.conversations.danger import Danger
from backend.domains.conversations.domain import DANGER_AGAIN, DANGER_OVER, DANGER_SHOWN_S, Reply
from backend.domains.conversations.models import Conversation, Message
from backend.domains.conversations.service import desk, transcript
from backend.domains.conversations.service.standing import is_desk
from backend.domains.estate import service as estate
from backend.domains.identity import service as identity
from backend.domains.workorders import service as workorders
from backend.kit import clock
from backend.kit.auth import Principal, Role
from backend.kit.problems import Problem

DONE = frozenset(
    {
        workorders.Status.FINISHED,
        workorders.Status.ACCEPTED_BY_OWNER,
        workorders.Status.CLOSED,
        workorders.Status.CANCELLED,
    }
)
"""States of an emergency's order in which the danger is past; one that was merged goes on in the other order."""


def answer(session: Session, talk: Conversation, row: Message, who: Principal, found: Danger) -> Reply:
    """Open the emergency order (once per message), alert the desk, and return what to do now.

    The same danger said again, while it is present, adds to its order instead.
    """
    before = _present(session, talk)
    if before is not None and (before.card or {}).get("kind") == found.kind:
        return _again(session, talk, row, who, before)
    made = _draft(session, row, who, found)
    where = made.location
    order = workorders.report(
        session,
        workorders.Report(
            category=found.category,
            urgency="emergency",
            scope=made.scope,
            fault=f"{found.title}：{row.text}"[:2000],
            community=where.community or estate.community(session, talk.community_id).code,
            building=where.building,
            unit=where.unit,
            floor=where.floor,
            room=where.room,
            place=where.place,
            raw=row.text,
            asset_id=made.asset_id,
            attachments=tuple(row.attachments),
            source=row.channel,
            source_key=f"danger:{row.id}",
        ),
        who,
    )
    talk.danger = not is_desk(session, talk)
    desk.ask_for_staff(session, talk, "emergency", found.title)
    names = _on_duty(session, talk.community_id)
    phone = estate.community(session, talk.community_id).phone
    told = f"已通知值班人员 {'、'.join(names)}" if names else "已通知物业值班室"
    place = estate.in_words(where)
    text = f"{told}，位置：{place}。工单 {order.number}。位置不对请马上告诉我。"
    phones = [{"title": t, "number": n} for t, n in (*found.phones, ("物业值班", phone))]
    card = {
        "type": "danger",
        "kind": found.kind,
        "title": found.title,
        "lines": list(found.lines),
        "phones": phones,
        "order_number": order.number,
        "told": told,
    }
    return Reply("\n".join((f"【{found.title}】", *found.lines, text)), [], card)


def _draft(session: Session, row: Message, who: Principal, found: Danger) -> workorders.Draft:
    """Return the draft; without a place in the words it is the speaker's home. No word keeps an emergency from opening."""
    item = workorders.Item(row.text, found.category, "emergency", None, 0.0, None, row.text)
    try:
        return workorders.drafts(session, [item], who, answer="").drafts[0]
    except Problem:  # the words name an estate that is not theirs: the desk sorts that out
        return workorders.Draft(found.category, "emergency", estate.PUBLIC, estate.Location(raw=row.text), row.text)


def _again(session: Session, talk: Conversation, row: Message, who: Principal, before: Message) -> Reply:
    number = str((before.card or {}).get("order_number"))
    if workorders.get(session, number).status in workorders.OPEN_STATUSES:
        workorders.add_note(session, number, "note", row.text, who)
    desk.ask_for_staff(session, talk, "emergency", str((before.card or {}).get("title")))
    return Reply(DANGER_AGAIN.format(number=number), [], dict(before.card or {}))


def called_off(session: Session, talk: Conversation, row: Message, who: Principal) -> Reply | None:
    """The person says that it is over: take the instructions back and tell those on their way; the order stays open.

    None when no danger of theirs is present, or its order has ended already.
    """
    told = _present(session, talk)
    if told is None or told.card is None:
        return None
    number = str(told.card["order_number"])
    told.card = {**told.card, "over": True}
    session.flush()
    transcript.push_message(session, told)
    if workorders.get(session, number).status not in workorders.OPEN_STATUSES:
        return None
    workorders.add_note(session, number, "note", f"报修人说：{row.text}", who)
    return Reply(DANGER_OVER.format(number=number), [workorders.tap("撤单", "cancel_work_order", number)])


def _present(session: Session, talk: Conversation) -> Message | None:
    """Return the newest danger of the conversation, None when it is over, its order has ended, or it is long ago."""
    since = clock.now() - timedelta(seconds=DANGER_SHOWN_S)
    lines = repository.recent_out(session, talk.id, since)
    newest = next((line for line in lines if _is_ours(line.card or {})), None)
    if newest is None or newest.card is None or newest.card.get("over"):
        return None
    done = workorders.get(session, str(newest.card["order_number"])).status in DONE
    return None if done else newest


def _is_ours(card: dict[str, Any]) -> bool:
    """Tell whether a card is that of a danger with an order; the bot's own, after its question, has none."""
    return card.get("type") == "danger" and "order_number" in card


def _on_duty(session: Session, community_id: int) -> list[str]:
    ids = identity.staff_ids(session, community_id, [Role.CUSTOMER_SERVICE, Role.MANAGER])
    return [p.name for p in identity.views(session, ids).values()]
