"""Followers of an emulated WeChat account, whose messages reach the backend as the connector hands them over."""

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from sqlalchemy import update
from starlette.applications import Starlette

from backend.domains.channels.models import ChannelToken
from backend.domains.channels.service import WECHAT, sms, wechat
from backend.domains.conversations import tasks
from backend.domains.identity.models import Person
from backend.kit import clock, db
from backend.kit.outbox import OutboxRow
from backend.settings import get_settings
from connectors.wechat.emulator.api import Api
from connectors.wechat.emulator.platform import Platform
from tests.backend.support import API, Served, User, World

HOME = "7号楼1单元901"
SERVICE = {"Authorization": "Bearer service-token-for-tests"}


@dataclass
class Follower:
    """Somebody's account."""

    world: World
    platform: Platform
    openid: str = field(default_factory=lambda: f"o{uuid.uuid4().hex}")

    def hand_over(self, kind: str = "text", wait_s: float = 5.0, **more: Any) -> httpx.Response:
        body = {"channel_user": self.openid, "external_id": f"{self.openid}:{uuid.uuid4().hex}", "kind": kind,
                "wait_s": wait_s, **more}  # fmt: skip
        self.platform.spoke(self.openid)
        return self.world.client.post(f"{API}/channels/wechat/messages", json=body, headers=SERVICE)

    def say(self, text: str, **more: Any) -> str | None:
        answer = self.hand_over(text=text, **more)
        assert answer.status_code == 200, answer.text
        told: str | None = answer.json()["text"]
        return told

    def does(self, kind: str, **more: Any) -> str | None:
        return self.say("", kind=kind, **more)

    def got(self) -> list[str]:
        """Return what was sent as customer-service and template messages."""
        return [one["text"] for one in self.platform.sent if one["to"] == self.openid]

    def bind(self, user: User) -> None:
        self.say(phone_of(self.world, user))
        told = self.say(f"{last_code(phone_of(self.world, user))} {HOME}")
        assert told is not None
        assert told.startswith("绑定好了"), told


def phone_of(world: World, user: User) -> str:
    with db.transaction(read_only=True) as session:
        from backend.kit.scope import system_scope

        with system_scope(session):
            phone: str = session.get_one(Person, user.id).phone
    return phone


def texts_to(phone: str) -> list[str]:
    """Return the text messages that went to a phone."""
    try:
        lines = sms.sink_file().read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    return [said["text"] for said in map(json.loads, lines) if said["phone"] == phone]


def last_code(phone: str) -> str:
    """Return the newest code that went to a phone."""
    return next(part for part in texts_to(phone)[-1].replace("，", " ").split() if part.isdigit() and len(part) == 6)


def deliver() -> None:
    """Let the worker deliver what is due at this moment, however long that takes."""
    moment = clock.now()
    with clock.use_clock(lambda: moment):
        tasks.deliver_outbox()


@pytest.fixture
def platform(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Platform]:
    """WeChat's API."""
    made = Platform("wx-tests", "a-secret")
    app_id = f"wx{uuid.uuid4().hex[:12]}"
    made.app_id = app_id
    with (
        db.transaction() as session
    ):  # what other tests left unsent would be sent here, and meet the faults of this one
        session.execute(update(OutboxRow).where(OutboxRow.channel == WECHAT).values(status="failed"))
    with Served(Starlette(routes=Api(made).routes())) as served:
        settings = get_settings()
        for name, value in {
            "wechat_app_id": app_id,
            "wechat_secret": type(settings.service_token)("a-secret"),
            "wechat_api_url": served.url,
            "wechat_timeout_s": 2.0,
        }.items():
            monkeypatch.setattr(settings, name, value)
        wechat.close()
        yield made
        wechat.close()
    with db.transaction() as session:
        row = session.get(ChannelToken, app_id)
        if row is not None:
            session.delete(row)


@pytest.fixture
def follower(world: World, platform: Platform) -> Follower:
    """A new follower whom nobody knows."""
    made = Follower(world, platform)
    platform.follower(made.openid).follows = True
    return made


@pytest.fixture
def bound(follower: Follower, owner: User) -> Follower:
    """A new follower who is the owner."""
    follower.bind(owner)
    return follower
