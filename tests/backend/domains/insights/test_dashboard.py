"""The dashboard: each number is the length of the list it leads to."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from backend.kit import clock
from tests.backend.support import FakeRasa, World


def cards(world: World) -> dict[str, dict[str, object]]:
    return {c["key"]: c for c in world.kefu.get("/dashboard").json()["cards"]}


def finish(world: World) -> str:
    number = str(world.kefu.open_order(category="lighting", scope="public")["number"])
    for to, note in (("accepted", None), ("on_site", None), ("finished", "换了灯泡")):
        assert world.lishifu.move(number, to, note=note).status_code == 200
    return number


class TestNumbers:
    @pytest.mark.parametrize("key", ["emergency", "late", "unassigned", "acceptance", "finished_today"])
    def test_the_list_behind_a_number_is_as_long(self, world: World, rasa: FakeRasa, key: str) -> None:
        finish(world)
        world.new().say("楼道着火了")
        card = cards(world)[key]
        query = {k: v[0] for k, v in parse_qs(urlsplit(str(card["query"])).query).items()}
        page = world.kefu.get("/work-orders", total=True, limit=1, **query).json()
        assert page["total"] == card["value"]

    def test_who_waits_too(self, world: World, rasa: FakeRasa) -> None:
        world.new().post("/chat/hand-over", {"reason": "asked", "take": True})
        world.jingli.post("/chat/hand-over", {"reason": "asked", "take": True})
        waiting = world.kefu.get("/conversations", queue="waiting", limit=200).json()["items"]
        assert len(waiting) == cards(world)["waiting"]["value"] >= 1


class TestFinishedOn:
    def test_the_day_of_the_estate_counts_whatever_became_of_it(self, world: World) -> None:
        number = finish(world)
        world.kefu.move(number, "accepted_by_owner")
        today = clock.local_day(clock.now())

        def on(day: object) -> list[str]:
            found = world.kefu.get("/work-orders", finished_on=str(day), limit=200).json()["items"]
            return [o["number"] for o in found]

        assert number in on(today)
        assert number not in on(today - timedelta(days=1))
        assert number not in on(today + timedelta(days=1))


class TestLate:
    def test_emergencies_come_first_then_what_has_waited_longest(self, world: World) -> None:
        real = clock.now()

        def open_one(**fields: object) -> str:
            return str(world.kefu.open_order(category="lighting", scope="public", **fields)["number"])

        long, short = open_one(), open_one(urgency="high")
        pressing = open_one(urgency="emergency")
        with clock.use_clock(lambda: real + timedelta(days=9)):
            later = open_one(urgency="high")
        with clock.use_clock(lambda: real + timedelta(days=20)):
            found = world.kefu.get("/dashboard").json()["late"]
        kinds = [o["urgency"] == "emergency" for o in found]
        assert kinds == sorted(kinds, reverse=True)
        assert kinds[0]
        for part in (True, False):
            promised = [o["promised_at"] for o in found if (o["urgency"] == "emergency") is part]
            assert promised == sorted(promised)
        ours = (pressing, short, long, later)  # others may be later still, and the list ends
        shown = [o["number"] for o in found if o["number"] in ours]
        assert shown == [number for number in ours if number in shown]
