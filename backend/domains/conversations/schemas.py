"""What the conversation API takes and gives."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from backend.domains.conversations.models import Message
from backend.domains.vocabulary.intents import INTENT_TITLES
from backend.kit.fields import MaybeName, Words

Id = Annotated[str, StringConstraints(max_length=32)]


class Strict(BaseModel):
    """A body that refuses unknown fields."""

    model_config = ConfigDict(extra="forbid")


class AttachmentIn(Strict):
    """A picture that was uploaded before."""

    media_id: Id


class ChatIn(Strict):
    """A message of the logged-in person."""

    text: str = Field(max_length=20000)
    attachments: list[AttachmentIn] = Field(default_factory=list, max_length=9)


class ButtonOut(BaseModel):
    """A choice that can be tapped."""

    title: str
    payload: str


class ReplyOut(BaseModel):
    """A reply."""

    model_config = ConfigDict(from_attributes=True)

    text: str
    buttons: list[dict[str, str]] = []
    card: dict[str, Any] | None = None


class ChatOut(BaseModel):
    """What was answered; empty while a person has the conversation."""

    message_id: str
    replies: list[ReplyOut]


class SenderOut(BaseModel):
    """Who said it."""

    kind: str
    name: str


class AttachmentOut(BaseModel):
    """A picture of a message."""

    media_id: str
    url: str


class NluOut(BaseModel):
    """What the bot understood (staff only)."""

    intent: str | None
    intent_title: str | None
    confidence: float | None
    items: list[Any]


class MessageOut(BaseModel):
    """A line of a conversation. ``undelivered`` (staff only): why it has not reached the person's WeChat."""

    id: str
    conversation_id: str
    at: datetime
    direction: Literal["in", "out"]
    sender: SenderOut
    text: str
    label: str | None
    buttons: list[ButtonOut]
    card: dict[str, Any] | None
    attachments: list[AttachmentOut]
    status: str
    undelivered: str | None = None
    nlu: NluOut | None


class MineOut(BaseModel):
    """The state of one's own conversation. ``ahead`` is how many are served before; None when nobody is waited for."""

    model_config = ConfigDict(from_attributes=True)

    id: str | None
    mode: str
    staff_name: str | None
    ahead: int | None


class HistoryOut(BaseModel):
    """Messages oldest first; ``next`` goes further back."""

    items: list[MessageOut]
    next: str | None
    conversation: MineOut | None = None


class PersonOut(BaseModel):
    """The person of a conversation. Residents come first in the queue, other staff after them, the desk not at all."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    name: str
    roles: list[str]
    standing: Literal["resident", "staff", "desk"]
    homes: list[str]
    phone_masked: str | None
    phone: str | None


class StaffOut(BaseModel):
    """Who has taken it."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    name: str


class LastOut(BaseModel):
    """Its newest line."""

    model_config = ConfigDict(from_attributes=True)

    text: str
    at: datetime
    direction: str


class ConversationOut(BaseModel):
    """A conversation as the desk sees it."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    community: str
    community_name: str
    person: PersonOut
    mode: str
    waiting: bool
    waiting_since: datetime | None
    reason: str | None
    reason_title: str | None
    topic: str | None
    danger: bool
    staff: StaffOut | None
    last_message: LastOut | None
    unread: int
    found: str | None


class ConversationPage(BaseModel):
    """A page of the queue."""

    items: list[ConversationOut]
    next: str | None


class SayIn(Strict):
    """What staff say."""

    text: Words


class HandOverIn(Strict):
    """Why the bot hands over. ``take``: it falls silent."""

    reason: Literal["asked", "topic", "not_understood", "failed"]
    topic: MaybeName = None
    take: bool = False


class HandOverOut(BaseModel):
    """Who will answer and how many are served before; not ``open`` where there is nobody to hand over to."""

    model_config = ConfigDict(from_attributes=True)

    staff_name: str | None
    ahead: int
    open: bool


class ParseIn(Strict):
    """Words to understand; ``as`` is a username whose words they are."""

    text: Words
    as_: MaybeName = Field(None, alias="as")


class ParseOut(BaseModel):
    """What was understood, with drafts resolved for the speaker."""

    intent: str
    confidence: float
    unsure: bool = Field(description="below the line: in a conversation the bot asks instead of acting")
    intent_ranking: list[dict[str, Any]]
    entities: list[dict[str, Any]]
    items: list[dict[str, Any]]
    tasks: list[dict[str, Any]]
    danger: str | None


def message_out(row: Message, for_staff: bool) -> MessageOut:
    """Return a line for its reader."""
    nlu = row.nlu or {}
    intent = nlu.get("intent") or {}
    return MessageOut(
        id=row.id,
        conversation_id=row.conversation_id,
        at=row.at,
        direction="in" if row.direction == "in" else "out",
        sender=SenderOut(kind=row.sender_kind, name=row.sender_name),
        text=row.text,
        label=row.label,
        buttons=[ButtonOut(**b) for b in row.buttons],
        card=row.card,
        attachments=[AttachmentOut(media_id=a, url=f"/api/v1/media/{a}") for a in row.attachments],
        status=row.status,
        undelivered=row.undelivered if for_staff else None,
        nlu=NluOut(
            intent=intent.get("name"),
            intent_title=INTENT_TITLES.get(intent.get("name") or ""),
            confidence=intent.get("confidence"),
            items=nlu.get("items") or [],
        )
        if for_staff and row.nlu
        else None,
    )
