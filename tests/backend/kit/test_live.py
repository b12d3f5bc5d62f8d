"""Live updates reach those who may see them, and none is missed."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager

import pytest

from backend.kit import db, live
from backend.kit.feed import Feed
from backend.kit.live import Event
from backend.settings import get_settings
from tests.backend.support import FakeRasa, User, World, is_problem
from tests.people import until as eventually


@contextmanager
def listening(who: User, last: int | None = None) -> Iterator[Iterator[str]]:
    headers = {"Authorization": f"Bearer {who.token}"}
    if last is not None:
        headers["Last-Event-ID"] = str(last)
    with who.client.stream("GET", "/api/v1/events", headers=headers, timeout=20) as answer:
        lines = answer.iter_lines()
        assert next(lines) == ": connected"
        yield lines


def may_listen(who: User) -> bool:
    headers = {"Authorization": f"Bearer {who.token}"}
    with who.client.stream("GET", "/api/v1/events", headers=headers, timeout=20) as answer:
        return answer.status_code == 200


def until(lines: Iterator[str], words: str) -> list[str]:
    seen: list[str] = []
    for line in lines:
        seen.append(line)
        if words in line:
            return seen
    raise AssertionError(f"{words} never came")


def publish(topic: str, mark: str, person_id: int | None = None, permission: str | None = None) -> None:
    with db.transaction() as session:
        live.publish(session, topic, {"mark": mark}, community_id=1, person_id=person_id, permission=permission)


class TestVisibleTo:
    def test_the_person_it_is_about(self, world: World) -> None:
        event = Event(1, 99, world.zhangwei.id, None, "x", {})
        assert event.visible_to(world.zhangwei.principal)

    @pytest.mark.parametrize("who", ["kefu", "jingli", "quyu", "admin"])
    def test_staff_with_the_right(self, world: World, who: str) -> None:
        assert Event(1, 1, None, "workorders.read", "x", {}).visible_to(getattr(world, who).principal)

    @pytest.mark.parametrize("who", ["chenjing", "zhangwei", "lishifu", "caiwu"])
    def test_nobody_else(self, world: World, who: str) -> None:
        assert not Event(1, 1, None, "workorders.read", "x", {}).visible_to(getattr(world, who).principal)

    def test_nobody_of_another_estate(self, world: World) -> None:
        assert not Event(1, 2, None, "workorders.read", "x", {}).visible_to(world.kefu.principal)


class TestStream:
    def test_a_message_reaches_the_desk(self, world: World, rasa: FakeRasa, owner: User) -> None:
        with listening(world.kefu) as lines:
            owner.say("楼下的灯坏了吗")
            assert until(lines, "楼下的灯坏了吗")

    def test_what_one_may_not_see_does_not_come(self, world: World, owner: User) -> None:
        with listening(world.zhangwei) as lines:
            publish("x", "secret", person_id=owner.id, permission="conversations.read")
            publish("x", "mine", person_id=world.zhangwei.id)
            assert not [line for line in until(lines, "mine") if "secret" in line]

    def test_a_page_that_was_away_gets_what_it_missed(self, world: World, owner: User) -> None:
        with db.transaction(read_only=True) as session:
            before = live.newest_id(session)
        publish("x", "while you were away", person_id=owner.id)
        with listening(owner, before) as lines:
            assert until(lines, "while you were away")

    def test_a_mark_from_the_future_is_no_harm(self, world: World, owner: User) -> None:
        with listening(owner, 10**15) as lines:
            publish("x", "now", person_id=owner.id)
            assert until(lines, "now")

    def test_of_their_own_conversation_people_see_who_answers_and_no_more(
        self, world: World, rasa: FakeRasa, owner: User
    ) -> None:
        owner.say("你好")
        with listening(owner) as lines:
            owner.post("/chat/hand-over", {"reason": "topic", "topic": "很急", "take": True})
            seen = until(lines, '"mode": "staff"')
        assert seen[-2] == "event: conversation"
        assert set(json.loads(seen[-1].removeprefix("data: "))) == {"id", "mode", "staff_name", "ahead"}

    def test_somebody_with_too_many_pages_is_told(self, world: World, owner: User) -> None:
        most = get_settings().streams_per_person
        with ExitStack() as pages:
            for _ in range(most):
                pages.enter_context(listening(owner))
            is_problem(owner.call("GET", "/events"), 429)
            with listening(world.zhangwei):
                pass

    def test_pages_that_are_closed_count_no_more(self, world: World, owner: User) -> None:
        with ExitStack() as pages:
            for _ in range(get_settings().streams_per_person):
                pages.enter_context(listening(owner))
            assert not may_listen(owner)
        eventually(lambda: may_listen(owner), "a page may be opened again")

    def test_a_page_hears_that_the_line_is_alive_while_others_have_news(
        self, world: World, owner: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(get_settings(), "live_heartbeat_s", 0.3)
        done = threading.Event()

        def news_of_others() -> None:
            while not done.wait(0.05):
                publish("x", "not yours", person_id=world.zhangwei.id)

        noise = threading.Thread(target=news_of_others)
        with listening(owner) as lines:
            noise.start()
            try:
                assert until(lines, ": still here")
            finally:
                done.set()
                noise.join()

    def test_nobody_listens_without_a_log_in(self, world: World) -> None:
        assert world.client.get("/api/v1/events").status_code == 401


@asynccontextmanager
async def reading() -> AsyncIterator[Feed]:
    wakers = list(live._wakers)
    feed = Feed(0.02)
    await feed.start()
    try:
        yield feed
    finally:
        await feed.stop()
        live._wakers[:] = wakers


def newest() -> int:
    with db.transaction(read_only=True) as session:
        return live.newest_id(session)


class TestFeed:
    async def test_an_event_whose_id_becomes_visible_late_is_not_missed(self, world: World) -> None:
        if world.kind == "sqlite":
            pytest.skip("SQLite has one writer at a time: no id becomes visible late")
        async with reading() as feed:
            with feed.subscribe(newest()) as queue, db.open_session() as slow:
                live.publish(slow, "x", {"mark": "first"}, community_id=1)
                slow.flush()
                await asyncio.to_thread(publish, "x", "second")
                told = await asyncio.wait_for(queue.get(), 10)
                slow.commit()
                late = await asyncio.wait_for(queue.get(), 10)
        assert [e.data["mark"] for e in (*told, *late)] == ["second", "first"]

    async def test_a_process_that_starts_does_not_tell_old_events_again(self, world: World) -> None:
        publish("x", "before the start")
        async with reading() as feed:
            with feed.subscribe(newest()) as queue:
                await asyncio.to_thread(publish, "x", "after the start")
                told = await asyncio.wait_for(queue.get(), 10)
        assert [e.data["mark"] for e in told] == ["after the start"]

    async def test_what_happened_while_nobody_listened_is_not_told_to_the_next(self, world: World) -> None:
        async with reading() as feed:
            with feed.subscribe(newest()) as queue:
                await asyncio.to_thread(publish, "x", "to the first")
                await asyncio.wait_for(queue.get(), 10)
            await asyncio.to_thread(publish, "x", "to nobody")
            for _ in range(200):
                if newest() in feed._seen:
                    break
                await asyncio.to_thread(newest)
            with feed.subscribe(newest()) as queue:
                await asyncio.to_thread(publish, "x", "to the second")
                told = await asyncio.wait_for(queue.get(), 10)
        assert [e.data["mark"] for e in told] == ["to the second"]
