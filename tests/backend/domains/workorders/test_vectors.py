"""Orders that were opened without a vector get one later, whatever happens meanwhile; those that are over lose theirs."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from backend.domains.duplicates.models import FaultVector
from backend.domains.workorders import lifecycle, tasks
from backend.domains.workorders.models import WorkOrder
from backend.domains.workorders.service import vectors
from backend.kit import clock, encoder
from tests.backend.encoders import Bigrams, using
from tests.backend.support import World, together


class Dies(Bigrams):
    """Ends its process after some texts."""

    def __init__(self, after: int) -> None:
        super().__init__("later")
        self.after = after

    def queries(self, texts: list[str]) -> "object":  # type: ignore[override]
        if len(self.asked) + len(texts) > self.after:
            raise KeyboardInterrupt
        return super().queries(texts)


@pytest.fixture
def orders(world: World) -> Iterator[set[int]]:
    """Six orders opened while no encoder was there."""
    numbers = [world.zhangwei.open_order(fault=f"第{n}个灯不亮", category="hvac")["number"] for n in range(6)]
    yield set(world.rows(select(WorkOrder.id).where(WorkOrder.number.in_(numbers))))
    for number in numbers:
        world.put(number, "cancelled")


def embedded(world: World, orders: set[int], name: str = "later") -> list[int]:
    mine = select(FaultVector.order_id).where(FaultVector.order_id.in_(orders), FaultVector.encoder == name)
    return sorted(world.rows(mine))


class TestEmbedMissing:
    def test_every_open_order_gets_a_vector(self, world: World, orders: set[int]) -> None:
        assert embedded(world, orders) == []
        with using(Bigrams("later")):
            assert vectors.embed_missing() >= len(orders)
        assert embedded(world, orders) == sorted(orders)

    def test_again_there_is_nothing_to_do(self, orders: set[int]) -> None:
        with using(Bigrams("later")):
            vectors.embed_missing()
            assert vectors.embed_missing() == 0

    def test_killed_half_way_it_goes_on_where_it_was(
        self, world: World, orders: set[int], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with using(Bigrams("later")):
            vectors.embed_missing()  # what other tests have left open
        fresh = {
            row
            for n in range(4)
            for row in world.rows(
                select(WorkOrder.id).where(
                    WorkOrder.number == world.zhangwei.open_order(fault=f"又{n}灯不亮", category="hvac")["number"]
                )
            )
        }
        monkeypatch.setattr(vectors, "AT_ONCE", 1)
        with using(Dies(after=2)), pytest.raises(KeyboardInterrupt):
            vectors.embed_missing()
        assert len(embedded(world, fresh)) == 2
        with using(Bigrams("later")):
            assert vectors.embed_missing() == 2
        assert embedded(world, fresh) == sorted(fresh)

    def test_two_at_once_make_one_vector_each(self, world: World, orders: set[int]) -> None:
        with using(Bigrams("later")):
            together([vectors.embed_missing] * 2)
            vectors.embed_missing()
        assert embedded(world, orders) == sorted(orders)

    def test_another_encoder_embeds_all_anew(self, world: World, orders: set[int]) -> None:
        with using(Bigrams("later")):
            vectors.embed_missing()
        with using(Bigrams("newer")):
            vectors.embed_missing()
        assert (embedded(world, orders), embedded(world, orders, "newer")) == ([], sorted(orders))

    def test_without_an_encoder_it_does_nothing(self, orders: set[int]) -> None:
        assert vectors.embed_missing() == 0

    def test_the_api_catches_up_once_it_has_the_encoder(self, world: World, orders: set[int]) -> None:
        with using(Bigrams("later")):
            lifecycle.catch_up()
        assert embedded(world, orders) == sorted(orders)

    def test_an_encoder_that_cannot_be_loaded_stops_nobody(
        self, world: World, orders: set[int], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fails() -> None:
            raise OSError("no such model")

        monkeypatch.setattr(encoder, "get_encoder", fails)
        with pytest.raises(OSError, match="no such model"):
            lifecycle.catch_up()
        assert world.zhangwei.open_order(category="hvac")["status"] == "triaged"


class TestForgetOver:
    @pytest.mark.parametrize(("status", "days", "kept"), [
        ("dispatched", 90, True),
        ("finished", 0, True),
        ("closed", 1, True),
        ("closed", 3, False),
        ("cancelled", 0, False),
        ("merged", 0, False),
    ])  # fmt: skip
    def test_table(self, world: World, status: str, days: int, kept: bool) -> None:
        with using(Bigrams("later")):
            number = world.zhangwei.open_order(category="hvac")["number"]
            world.put(number, status, world.lishifu)
            later = clock.now() + timedelta(days=days)
            with clock.use_clock(lambda: later):
                tasks.forget_over()
        order = set(world.rows(select(WorkOrder.id).where(WorkOrder.number == number)))
        assert (embedded(world, order) == sorted(order)) is kept
        world.put(number, "cancelled")
