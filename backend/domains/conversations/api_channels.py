"""The door of the connectors: messages of channels, with the service token."""

from datetime import UTC, datetime
from hmac import compare_digest
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request
from pydantic import Field, StringConstraints

from backend.domains.channels.service import Kind, Spoken
from backend.domains.conversations import hearing
from backend.domains.conversations.schemas import Strict
from backend.kit import context
from backend.kit.http import TokenDep
from backend.kit.problems import NotLoggedIn
from backend.settings import get_settings

Account = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Key = Annotated[str, StringConstraints(max_length=256)]


class ChannelMessageIn(Strict):
    """What somebody sent over a channel. ``external_id`` is the same in every try to deliver it."""

    channel_user: Account
    external_id: Annotated[str, StringConstraints(min_length=1, max_length=150)]
    kind: Kind
    text: str = Field(default="", max_length=20000)
    media_id: Key = ""
    key: Key = ""
    lat: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)] | None = None
    lng: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)] | None = None
    at: Annotated[int, Field(ge=0, le=10**11)] | None = None
    wait_s: Annotated[float, Field(ge=0, le=20, allow_inf_nan=False)] = 0.0

    def to_spoken(self, channel: str) -> Spoken:
        """Return the message without how long to wait."""
        at = None if self.at is None else datetime.fromtimestamp(self.at, UTC)
        return Spoken(
            channel, self.channel_user, self.external_id, self.kind, self.text, self.media_id, self.key,
            self.lat, self.lng, at,
        )  # fmt: skip


class ChannelAnswerOut(Strict):
    """What to answer now; without ``text`` nothing, or it is sent later."""

    text: str | None
    message_id: str | None


def _only_connectors(token: TokenDep) -> None:
    expected = get_settings().service_token.get_secret_value()
    if not compare_digest((token or "").encode(), expected.encode()):
        raise NotLoggedIn()


router = APIRouter(prefix="/channels", tags=["channels"], dependencies=[Depends(_only_connectors)])


@router.post("/{channel}/messages", summary="Hand over a message of a channel (connectors only)")
async def hear_channel(channel: Literal["wechat"], body: ChannelMessageIn, request: Request) -> ChannelAnswerOut:
    """Stored once and answered once per ``external_id``, however often it is handed over."""
    context.set_channel(channel)
    heard = await hearing.hear(
        body.to_spoken(channel), body.wait_s, request.app.state.feed, request.app.state.load_principal
    )
    return ChannelAnswerOut(text=heard.text, message_id=heard.message_id)
