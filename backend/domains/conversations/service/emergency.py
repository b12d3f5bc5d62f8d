"""Danger: the order, the people on duty and the instructions, all before the model is asked."""

from sqlalchemy.orm import Session

from backend.domains.conversations.danger import Danger
from backend.domains.conversations.domain import Reply
from backend.domains.conversations.models import Conversation, Message
from backend.domains.conversations.service import desk
from backend.domains.estate import service as estate
from backend.domains.identity import service as identity
from backend.domains.workorders import service as workorders
from backend.kit.auth import Principal, Role


def answer(session: Session, talk: Conversation, row: Message, who: Principal, found: Danger) -> Reply:
    """Open the emergency order (once per message), alert the desk, and return what to do now."""
    item = workorders.Item(row.text, found.category, "emergency", None, 0.0, None, row.text)
    made = workorders.drafts(session, [item], who, answer="").drafts[0]
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
    talk.danger = True
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


def _on_duty(session: Session, community_id: int) -> list[str]:
    ids = identity.staff_ids(session, community_id, [Role.CUSTOMER_SERVICE, Role.MANAGER])
    return [p.name for p in identity.views(session, ids).values()]
