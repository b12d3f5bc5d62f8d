"""The outbox: with the change or not at all, once, in order, again after a failure, and not for ever."""

import threading
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backend.domains.conversations import tasks
from backend.domains.conversations.models import Message
from backend.kit import clock, db, outbox
from backend.kit.outbox import Notice, OutboxRow
from backend.settings import get_settings
from tests.backend.support import User, World, together


class Channel:
    """A channel that notes what it delivers, and fails when told to."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.fails: set[str] = set()
        self._lock = threading.Lock()

    def __call__(self, _session: Session, row: OutboxRow) -> None:
        if row.text in self.fails:
            raise RuntimeError("channel down")
        with self._lock:
            self.sent.append(row.text)


@pytest.fixture(autouse=True)
def quiet(world: World) -> Iterator[None]:
    """Nothing of other tests is due."""
    with db.transaction() as session:
        session.execute(update(OutboxRow).values(status=outbox.DELIVERED))
    yield
    with db.transaction() as session:
        session.execute(update(OutboxRow).values(status=outbox.DELIVERED))


@pytest.fixture
def channel() -> Channel:
    return Channel()


def put(world: World, who: User, text: str, channel: str = "test", key: str | None = None) -> None:
    with db.transaction() as session:
        outbox.enqueue(session, Notice(who.id, 1, text, key or uuid.uuid4().hex, channel=channel))


def row(world: World, text: str) -> OutboxRow:
    return world.rows(select(OutboxRow).where(OutboxRow.text == text))[0]


class TestEnqueue:
    def test_a_rolled_back_change_leaves_no_notice(self, world: World, owner: User) -> None:
        text = uuid.uuid4().hex
        with db.open_session() as session:
            outbox.enqueue(session, Notice(owner.id, 1, text, text))
            session.flush()
            session.rollback()
        assert world.rows(select(OutboxRow).where(OutboxRow.text == text)) == []

    def test_the_same_key_is_one_notice(self, world: World, owner: User) -> None:
        key = uuid.uuid4().hex
        put(world, owner, key, key=key)
        put(world, owner, key, key=key)
        assert len(world.rows(select(OutboxRow).where(OutboxRow.dedupe_key == key))) == 1

    def test_the_worker_is_woken_after_the_commit_only(
        self, world: World, owner: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        woken: list[int] = []
        monkeypatch.setattr(outbox, "wake", lambda: woken.append(1))
        with db.open_session() as session:
            outbox.enqueue(session, Notice(owner.id, 1, "x", uuid.uuid4().hex))
            session.flush()
            before = len(woken)
            session.commit()
        assert (before, len(woken)) == (0, 1)


class TestDeliverDue:
    def test_a_notice_is_delivered_once(self, world: World, owner: User, channel: Channel) -> None:
        put(world, owner, "一")
        outbox.deliver_due({"test": channel})
        outbox.deliver_due({"test": channel})
        assert channel.sent == ["一"]

    def test_two_workers_deliver_each_notice_once(self, world: World, channel: Channel) -> None:
        people = [world.new() for _ in range(4)]
        texts = [uuid.uuid4().hex for _ in range(12)]
        for number, text in enumerate(texts):
            put(world, people[number % 4], text)
        together([lambda: outbox.deliver_due({"test": channel})] * 2)
        assert sorted(channel.sent) == sorted(texts)

    def test_a_person_gets_them_in_order(self, world: World, owner: User, channel: Channel) -> None:
        for text in "甲乙丙丁":
            put(world, owner, text)
        outbox.deliver_due({"test": channel})
        assert channel.sent == list("甲乙丙丁")

    def test_a_later_one_waits_for_an_earlier_that_failed(self, world: World, owner: User, channel: Channel) -> None:
        channel.fails = {"甲"}
        put(world, owner, "甲")
        put(world, owner, "乙")
        outbox.deliver_due({"test": channel})
        assert channel.sent == []

    def test_other_people_do_not_wait(self, world: World, owner: User, channel: Channel) -> None:
        channel.fails = {"甲"}
        put(world, owner, "甲")
        put(world, world.new(), "乙")
        outbox.deliver_due({"test": channel})
        assert channel.sent == ["乙"]

    def test_a_failed_one_is_tried_again_later(self, world: World, owner: User, channel: Channel) -> None:
        channel.fails = {"甲"}
        put(world, owner, "甲")
        outbox.deliver_due({"test": channel})
        channel.fails = set()
        later = clock.now() + timedelta(seconds=10)
        with clock.use_clock(lambda: later):
            outbox.deliver_due({"test": channel})
        assert channel.sent == ["甲"]

    def test_each_wait_is_longer(self, world: World, owner: User, channel: Channel) -> None:
        text = uuid.uuid4().hex
        channel.fails = {text}
        put(world, owner, text)
        moment, waits = clock.now(), []
        for _ in range(4):
            with clock.use_clock(lambda at=moment: at):
                outbox.deliver_due({"test": channel})
            due = row(world, text).next_attempt_at
            waits.append((due - moment).total_seconds())
            moment = due
        assert waits == [2, 4, 8, 16]

    def test_one_that_fails_too_often_is_given_up(self, world: World, owner: User, channel: Channel) -> None:
        text = uuid.uuid4().hex
        channel.fails = {text}
        put(world, owner, text)
        self._fail_to_the_end(channel)
        assert (row(world, text).status, row(world, text).attempts) == ("failed", get_settings().outbox_attempts)

    def test_one_given_up_does_not_block_the_next(self, world: World, owner: User, channel: Channel) -> None:
        channel.fails = {"甲"}
        put(world, owner, "甲")
        put(world, owner, "乙")
        moment = self._fail_to_the_end(channel)
        with clock.use_clock(lambda: moment):
            outbox.deliver_due({"test": channel})
        assert channel.sent == ["乙"]

    @staticmethod
    def _fail_to_the_end(channel: Channel) -> datetime:
        moment = clock.now()
        for _ in range(get_settings().outbox_attempts):
            with clock.use_clock(lambda at=moment: at):
                outbox.deliver_due({"test": channel})
            moment += timedelta(seconds=outbox.LONGEST_WAIT_S + 1)
        return moment

    def test_an_unknown_channel_fails_with_its_name(self, world: World, owner: User, channel: Channel) -> None:
        text = uuid.uuid4().hex
        put(world, owner, text, channel="pigeon")
        outbox.deliver_due({"test": channel})
        assert "pigeon" in str(row(world, text).last_error)

    def test_what_a_dead_worker_held_is_taken_up(self, world: World, owner: User, channel: Channel) -> None:
        put(world, owner, "甲")
        with db.transaction() as session:
            [held] = outbox.due(session)
            assert outbox.claim(session, held) is not None
        later = clock.now() + outbox.LEASE + timedelta(seconds=1)
        with clock.use_clock(lambda: later):
            outbox.deliver_due({"test": channel})
        assert channel.sent == ["甲"]


class TestMailbox:
    def test_a_notice_becomes_a_line_of_the_conversation(self, world: World, owner: User) -> None:
        put(world, owner, "师傅到了", channel="web")
        tasks.deliver_outbox()
        assert [m["text"] for m in owner.history()] == ["师傅到了"]

    def test_a_notice_that_is_delivered_again_is_one_line(self, world: World, owner: User) -> None:
        text = uuid.uuid4().hex
        put(world, owner, text, channel="web")
        tasks.deliver_outbox()
        with db.transaction() as session:
            session.execute(update(OutboxRow).where(OutboxRow.text == text).values(status=outbox.PENDING))
        tasks.deliver_outbox()
        assert len(world.rows(select(Message.id).where(Message.text == text))) == 1

    def test_the_owner_hears_of_each_step(self, world: World) -> None:
        person = world.new()
        number = person.open_order(category="hvac", location={"place": "会议室"})["number"]
        world.kefu.move(number, "dispatched", technician=world.lishifu.id)
        world.lishifu.move(number, "accepted")
        tasks.deliver_outbox()
        assert [m["text"][:3] for m in person.history()] == ["工单 ", "李师傅"]
