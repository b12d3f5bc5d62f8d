"""Conversations and messages as their readers see them."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from backend.domains.conversations.domain import (
    REASONS,
    ConversationView,
    LastMessage,
    PersonCard,
    StaffRef,
    standing_of,
)
from backend.domains.conversations.models import Conversation
from backend.domains.estate import service as estate
from backend.domains.identity import service as identity
from backend.kit.auth import Principal
from backend.kit.scope import system_scope


def views(session: Session, rows: Sequence[Conversation], who: Principal) -> list[ConversationView]:
    """Return conversations with their people, as ``who`` may see them."""
    ids = {i for r in rows for i in (r.person_id, r.staff_id) if i is not None}
    people = identity.views(session, sorted(ids))
    with system_scope(session):
        communities = {c.id: c for c in estate.communities(session)}
        rooms = {r.id: r.label for p in people.values() for r in estate.rooms(session, p.room_ids)}
    return [_view(r, who, people, communities, rooms) for r in rows]


def _view(
    row: Conversation,
    who: Principal,
    people: dict[int, identity.PersonView],
    communities: dict[int, estate.CommunityView],
    rooms: dict[int, str],
) -> ConversationView:
    person, community = people[row.person_id], communities[row.community_id]
    staff = people.get(row.staff_id) if row.staff_id else None
    return ConversationView(
        id=row.id,
        community=community.code,
        community_name=community.name,
        person=PersonCard(
            person.id,
            person.name,
            list(person.roles),
            standing_of(person.roles),
            [rooms[i] for i in person.room_ids],
            identity.mask_phone(person.phone),
            identity.phone_for(person, who),
        ),
        mode=row.mode,
        waiting=row.waiting_since is not None,
        waiting_since=row.waiting_since,
        reason=row.reason,
        reason_title=REASONS.get(row.reason or ""),
        topic=row.topic,
        danger=row.danger,
        staff=StaffRef(staff.id, staff.name) if staff else None,
        last_message=LastMessage(row.last_text or "", row.last_at, row.last_direction or "in")
        if row.last_direction
        else None,
        unread=row.unread,
    )
