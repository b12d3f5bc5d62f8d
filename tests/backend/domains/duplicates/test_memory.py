"""Vectors in memory: filled from the database, refreshed from it, built anew beside the one that answers."""

from collections.abc import Iterator

import numpy as np
import pytest

from backend.domains.duplicates import embedding, memory, service
from backend.domains.duplicates.memory import Memory
from backend.kit import db
from backend.kit.scope import system_scope
from tests.backend.encoders import Bigrams, Broken, using
from tests.backend.support import World, together


@pytest.fixture(autouse=True)
def encoder() -> Iterator[Bigrams]:
    with using(Bigrams("memory")) as found:
        assert found is not None
        yield found


def vector(text: str) -> service.Vector:
    (found,) = service.embed([text])
    assert found is not None
    return found


def stored(world: World, text: str) -> tuple[int, int]:
    """Open an order with these words; return its id and its estate's."""
    number = world.zhangwei.open_order(fault=text, category="hvac", location={"place": "东门"})["number"]
    with db.transaction(read_only=True) as session, system_scope(session):
        from backend.domains.workorders import repository

        order = repository.by_number(session, number)
        assert order is not None
        return order.id, order.community_id


def nearest(community_id: int, text: str) -> dict[int, float]:
    with db.transaction(read_only=True) as session:
        return {n.id: n.score for n in service.nearest(session, community_id, vector(text), 10)}


def held(community_id: int) -> Memory:
    with db.transaction(read_only=True) as session:
        return memory.of(session, community_id, "memory", Bigrams.dimensions)


class TestMemory:
    def test_an_order_is_found_by_its_words(self, world: World) -> None:
        order, estate = stored(world, "喷泉冒白泡泡")
        assert nearest(estate, "喷泉冒白泡泡")[order] == pytest.approx(1.0, abs=0.01)

    def test_what_another_process_added_is_seen_at_the_next_look_up(self, world: World) -> None:
        _, estate = stored(world, "石狮子被划了")
        nearest(estate, "石狮子")
        with db.transaction() as session:
            other = Memory(estate, "memory", Bigrams.dimensions)  # as another process would hold it
            with system_scope(session):
                other.refresh(session)
        order, _ = stored(world, "旗杆歪了一点点")
        with db.transaction(read_only=True) as session, system_scope(session):
            other.refresh(session)
            assert other.search(vector("旗杆歪了一点点"), 1)[0].id == order

    def test_what_was_forgotten_is_not_found(self, world: World) -> None:
        order, estate = stored(world, "凉亭顶漏了个洞")
        assert order in nearest(estate, "凉亭顶漏了个洞")
        with db.transaction() as session:
            service.forget(session, order, estate)
        assert order not in nearest(estate, "凉亭顶漏了个洞")

    def test_nothing_is_forgotten_when_the_transaction_fails(self, world: World) -> None:
        order, estate = stored(world, "长椅断了一条腿")
        assert order in nearest(estate, "长椅断了一条腿")
        with db.open_session() as session:
            service.forget(session, order, estate)
            session.rollback()
        assert order in nearest(estate, "长椅断了一条腿")

    def test_a_new_vector_takes_the_place_of_the_old(self, world: World) -> None:
        order, estate = stored(world, "雕像缺了一只手")
        with db.transaction() as session:
            service.remember(session, order, estate, vector("消防栓漏水"), public=True)
        assert nearest(estate, "消防栓漏水")[order] == pytest.approx(1.0, abs=0.01)

    def test_it_is_built_anew_while_it_answers(self, world: World) -> None:
        order, estate = stored(world, "信报箱门掉了")
        nearest(estate, "信报箱门掉了")
        mine = held(estate)

        def rebuild() -> None:
            with db.transaction(read_only=True) as session, system_scope(session):
                mine.rebuild(session)

        answers = together([rebuild, *[lambda: nearest(estate, "信报箱门掉了")] * 6])
        assert all(order in found for found in answers[1:])
        assert order in nearest(estate, "信报箱门掉了")

    def test_rebuilt_it_holds_what_the_database_holds(self, world: World) -> None:
        order, estate = stored(world, "遮阳棚破了")
        nearest(estate, "遮阳棚破了")
        mine = held(estate)
        with db.transaction() as session, system_scope(session):
            from backend.domains.duplicates import repository

            repository.drop(session, [order])  # by another process: nobody tells this one
        assert order in {n.id for n in mine.search(vector("遮阳棚破了"), 5)}
        with db.transaction(read_only=True) as session, system_scope(session):
            mine.rebuild(session)
        assert order not in {n.id for n in mine.search(vector("遮阳棚破了"), 5)}

    def test_homes_are_not_searched_among(self, world: World) -> None:
        number = world.zhangwei.open_order(fault="厨房水龙头漏水滴答滴答")["number"]
        with db.transaction(read_only=True) as session, system_scope(session):
            from backend.domains.workorders import repository

            order = repository.by_number(session, number)
            assert order is not None
            assert list(service.vectors_of(session, [order.id])) == [order.id]
        assert order.id not in nearest(order.community_id, "厨房水龙头漏水滴答滴答")

    def test_estates_lie_apart(self, world: World) -> None:
        order, estate = stored(world, "宣传栏玻璃碎了")
        other = 2 if estate == 1 else 1
        assert order not in nearest(other, "宣传栏玻璃碎了")

    def test_vectors_of_another_encoder_are_not_compared(self, world: World) -> None:
        order, estate = stored(world, "排风机轰鸣")
        with using(Bigrams("another")):
            assert order not in nearest(estate, "排风机轰鸣")
            with db.transaction(read_only=True) as session, system_scope(session):
                assert service.without_vector(session, [order]) == [order]


class TestEmbedding:
    def test_without_an_encoder_there_is_no_vector(self) -> None:
        with using(None):
            assert service.embed(["灯坏了"]) == [None]

    def test_a_broken_encoder_gives_none(self) -> None:
        with using(Broken()):
            assert service.embed(["灯坏了", "门坏了"]) == [None, None]

    def test_nobody_waits_for_an_encoder_that_is_busy(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from threading import Event

        free, begun = Event(), Event()

        class Slow(Bigrams):
            def queries(self, texts: list[str]) -> "np.ndarray[tuple[int, int], np.dtype[np.float32]]":
                begun.set()
                free.wait(20)
                return super().queries(texts)

        monkeypatch.setattr(embedding, "WAIT_S", 0.0)
        with using(Slow()) as slow:
            assert service.embed(["灯坏了"]) == [None]
            begun.wait(20)
            asked = len(slow.asked) if slow else 0
            assert service.embed(["门坏了"]) == [None]  # at once: the job before is not done
            assert slow is not None
            assert len(slow.asked) == asked
            free.set()
            late = embedding._Queue.late
            assert late is not None
            late.result(20)
            monkeypatch.setattr(embedding, "WAIT_S", 20.0)
            assert service.embed(["门坏了"])[0] is not None

    def test_only_the_fault_is_embedded(self, encoder: Bigrams) -> None:
        service.embed(["我家楼下的灯坏了"])
        assert encoder.asked == ["灯坏了"]
