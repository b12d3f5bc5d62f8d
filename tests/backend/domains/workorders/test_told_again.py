"""The same public fault told by a neighbour: one order, both hear how it goes, nobody learns of the other."""

import itertools
import json
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import func, select

from backend.domains.duplicates.models import NotSame
from backend.domains.workorders import repository
from backend.domains.workorders.domain import Status
from backend.domains.workorders.models import WorkOrder, WorkOrderFollower
from backend.kit import db
from backend.kit.auth import Role
from backend.kit.live import LiveEvent
from backend.kit.outbox import OutboxRow
from backend.kit.scope import system_scope
from tests.backend.encoders import Bigrams, Broken, using
from tests.backend.support import User, World, is_problem, together

FLOORS = itertools.cycle([(b, u, f) for f in range(2, 18) for b in range(1, 9) for u in (1, 2)])
SECRETS = ("张伟", "13800000001", "1201")


@pytest.fixture(autouse=True)
def encoder() -> Iterator[Bigrams]:
    with using(Bigrams()) as found:
        assert found is not None
        yield found


@pytest.fixture
def corridor() -> str:
    """A corridor that no other test speaks of."""
    building, unit, floor = next(FLOORS)
    return f"{building}号楼{unit}单元{floor}楼楼道"


def tell(who: User, text: str, category: str = "lighting", key: str | None = None, **more: Any) -> dict[str, Any]:
    item = {"text": text, "fault": text, "category": category, "scope": "public", "scope_confidence": 0.9} | more
    answer = who.post("/work-orders/reports", {"items": [item], "answer": ""}, key)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def opened(who: User, text: str, **more: Any) -> str:
    """Tell a fault that has no order yet; return the number of its order."""
    made = tell(who, text, **more)
    assert (len(made["orders"]), made["known"]) == (1, [])
    return str(made["orders"][0]["number"])


def joined(who: User, text: str, **more: Any) -> dict[str, Any]:
    """Tell a fault that has an order; return it as the speaker sees it."""
    made = tell(who, text, **more)
    assert (made["orders"], len(made["known"])) == ([], 1)
    return dict(made["known"][0])


def separately(who: User, number: str, key: str | None = None) -> Any:
    return who.post("/work-orders/reports", {"separate_from": number}, key)


def told(world: World, who: User) -> list[OutboxRow]:
    return world.rows(select(OutboxRow).where(OutboxRow.person_id == who.id).order_by(OutboxRow.id))


def order_id(world: World, number: str) -> int:
    return int(world.rows(select(WorkOrder.id).where(WorkOrder.number == number))[0])


class TestNeighbour:
    def test_joins_the_order_that_is_there(self, world: World, owner: User, corridor: str) -> None:
        number = opened(world.zhangwei, f"{corridor}的灯不亮")
        known = joined(owner, f"{corridor}灯不亮了")
        assert (known["order"]["number"], known["own"], known["order"]["following"]) == (number, False, True)

    def test_says_it_in_the_history_of_the_first(self, world: World, owner: User, corridor: str) -> None:
        number = opened(world.zhangwei, f"{corridor}的灯不亮")
        joined(owner, f"{corridor}灯不亮了")
        line = world.kefu.get(f"/work-orders/{number}").json()["timeline"][-1]
        assert (line["title"], line["text"]) == ("又有业主反映（第 2 位）", f"{corridor}灯不亮了")
        assert line["actor"]["name"] == "新人"

    def test_is_told_at_each_step(self, world: World, owner: User, corridor: str) -> None:
        number = opened(world.zhangwei, f"{corridor}的灯不亮")
        joined(owner, f"{corridor}灯不亮了")
        for to, words in (("accepted", "已接单"), ("on_site", "已到现场"), ("finished", "请您看看")):
            assert world.lishifu.move(number, to, note="换了灯泡").status_code == 200
            assert words in told(world, owner)[-1].text
        world.zhangwei.move(number, "accepted_by_owner")
        assert "已确认修好" in told(world, owner)[-1].text

    def test_learns_nothing_of_the_first(self, world: World, owner: User, corridor: str) -> None:
        number = opened(world.zhangwei, f"我是张伟，3号楼2单元1201的，13800000001，{corridor}的灯不亮")
        known = joined(owner, f"我是张伟，3号楼2单元1201的，13800000001，{corridor}的灯不亮，我也是")
        mine = known["order"] | {"fault": "", "timeline": [t for t in known["order"]["timeline"] if t["text"] is None]}
        world.lishifu.move(number, "accepted")
        seen = json.dumps(mine, ensure_ascii=False) + json.dumps(
            [[row.text, (row.payload.get("card") or {}) | {"fault": ""}] for row in told(world, owner)],
            ensure_ascii=False,
        )
        live = world.rows(select(LiveEvent).where(LiveEvent.person_id == owner.id, LiveEvent.topic == "work_order"))
        assert live
        for secret in SECRETS:
            assert secret not in seen, secret
            assert all(secret not in json.dumps(e.data, ensure_ascii=False) for e in live)
        assert all(set(e.data) == {"number", "status", "version"} for e in live)

    def test_the_first_learns_nothing_of_them(self, world: World, owner: User, corridor: str) -> None:
        number = opened(world.zhangwei, f"{corridor}的灯不亮")
        joined(owner, f"{corridor}灯不亮了")
        shown = world.zhangwei.get(f"/work-orders/{number}").json()
        line = shown["timeline"][-1]
        assert (line["actor"]["name"], line["text"], shown["followers"]) == ("业主", None, 1)

    def test_the_first_is_not_disturbed(self, world: World, owner: User, corridor: str) -> None:
        opened(world.zhangwei, f"{corridor}的灯不亮")
        before = len(told(world, world.zhangwei))
        joined(owner, f"{corridor}灯不亮了")
        assert len(told(world, world.zhangwei)) == before

    def test_pictures_go_to_staff_only(self, world: World, owner: User, corridor: str) -> None:
        from tests.backend.pictures import picture

        number = opened(world.zhangwei, f"{corridor}的灯不亮")
        sent = owner.call("POST", "/media", files={"file": ("a.png", picture(), "image/png")})
        media = sent.json()["media_id"]
        item = {"text": f"{corridor}灯不亮了", "category": "lighting", "scope": "public", "scope_confidence": 0.9}
        owner.post("/work-orders/reports", {"items": [item], "answer": "", "attachments": [media]})
        assert owner.get(f"/work-orders/{number}").json()["attachments"] == [media]
        assert world.zhangwei.get(f"/work-orders/{number}").json()["attachments"] == []
        assert world.kefu.get(f"/work-orders/{number}").json()["attachments"] == [media]
        assert world.lishifu.get(f"/media/{media}").status_code == 200
        is_problem(world.zhangwei.get(f"/media/{media}"), 404)

    def test_a_more_urgent_one_makes_the_order_so(self, world: World, owner: User, corridor: str) -> None:
        number = opened(world.zhangwei, f"{corridor}的灯不亮")
        joined(owner, f"{corridor}灯不亮了", urgency="high")
        assert world.kefu.get(f"/work-orders/{number}").json()["urgency"] == "high"

    def test_what_was_told_stays_when_a_merge_is_taken_back(self, world: World, owner: User, corridor: str) -> None:
        number = opened(world.zhangwei, f"{corridor}的灯不亮")
        double = opened(world.new(), "大堂的花死了", category="greening", urgency="emergency")
        assert world.kefu.move(double, "merged", into=number).status_code == 200
        joined(owner, f"{corridor}灯不亮了", urgency="high")
        assert world.kefu.get(f"/work-orders/{number}").json()["urgency"] == "emergency"
        assert world.kefu.post(f"/work-orders/{double}/unmerge").status_code == 200
        assert world.kefu.get(f"/work-orders/{number}").json()["urgency"] == "high"

    def test_the_same_message_again_comes_to_the_same(self, world: World, owner: User, corridor: str) -> None:
        number = opened(world.zhangwei, f"{corridor}的灯不亮")
        key = f"again-{number}"
        first, second = (joined(owner, f"{corridor}灯不亮了", key=key) for _ in range(2))
        assert first["order"]["number"] == second["order"]["number"] == number
        lines = [t for t in second["order"]["timeline"] if t["kind"] == "again"]
        assert len(lines) == 1

    def test_the_same_message_again_comes_to_the_same_when_all_is_over(
        self, world: World, owner: User, corridor: str
    ) -> None:
        number = opened(world.zhangwei, f"{corridor}的灯不亮")
        joined(owner, f"{corridor}灯不亮了", key=f"over-{number}")
        world.put(number, Status.CLOSED, world.lishifu)
        assert joined(owner, f"{corridor}灯不亮了", key=f"over-{number}")["order"]["number"] == number


class TestOpensItsOwn:
    @pytest.mark.parametrize("status", ["finished", "accepted_by_owner", "closed", "cancelled"])
    def test_when_the_first_is_done(self, world: World, owner: User, corridor: str, status: str) -> None:
        world.put(opened(world.zhangwei, f"{corridor}的灯不亮"), status, world.lishifu)
        opened(owner, f"{corridor}灯不亮了")

    def test_on_another_floor(self, world: World, owner: User, corridor: str) -> None:
        opened(world.zhangwei, f"{corridor}的灯不亮")
        opened(owner, f"{corridor.split('元')[0]}元18楼楼道的灯不亮")

    def test_for_another_thing(self, world: World, owner: User, corridor: str) -> None:
        opened(world.zhangwei, f"{corridor}的灯不亮")
        opened(owner, f"{corridor}的窗户不亮堂", category="civil")

    def test_in_danger(self, world: World, owner: User, corridor: str) -> None:
        opened(world.zhangwei, f"{corridor}的灯不亮")
        opened(owner, f"{corridor}的灯不亮", urgency="emergency")

    def test_at_the_desk(self, world: World, corridor: str) -> None:
        opened(world.zhangwei, f"{corridor}的灯不亮")
        opened(world.kefu, f"{corridor}的灯不亮")

    def test_of_another_estate(self, world: World) -> None:
        opened(world.chenjing, "1号楼1单元1楼楼道的灯不亮")
        stranger = world.new()
        made = tell(stranger, "1号楼1单元1楼楼道的灯不亮")
        assert [o["community"] for o in made["orders"]] == ["sunshine"]

    @pytest.mark.parametrize("found", [None, Broken()], ids=["being loaded", "broken"])
    def test_without_an_encoder(self, world: World, owner: User, corridor: str, found: Bigrams | None) -> None:
        opened(world.zhangwei, f"{corridor}的灯不亮")
        with using(found):
            opened(owner, f"{corridor}的灯不亮")


class TestPrivate:
    def test_homes_are_never_compared(self, world: World) -> None:
        homes = [("6", "1", "301"), ("6", "1", "302"), ("6", "2", "301")]
        people = [world.new(home=home) for home in homes]
        numbers = {opened(p, "我家厨房水龙头漏水", category="plumbing", scope="private") for p in people}
        assert len(numbers) == 3

    def test_a_household_is_not_one_person(self, world: World) -> None:
        one, two = world.new(home=("6", "1", "401")), world.new(Role.TENANT, home=("6", "1", "401"))
        opened(one, "我家厨房水龙头漏水", category="plumbing", scope="private")
        opened(two, "我家厨房水龙头漏水", category="plumbing", scope="private")

    def test_ones_own_is_not_opened_twice(self, world: World) -> None:
        person = world.new(home=("6", "1", "501"))
        number = opened(person, "我家厨房水龙头漏水", category="plumbing", scope="private")
        known = joined(person, "我家厨房的水龙头漏水了", category="plumbing", scope="private")
        assert (known["order"]["number"], known["own"]) == (number, True)

    def test_another_room_of_ones_home_is_another_fault(self, world: World) -> None:
        person = world.new(home=("6", "1", "601"))
        opened(person, "我家厨房水龙头漏水", category="plumbing", scope="private")
        opened(person, "我家卫生间水龙头漏水", category="plumbing", scope="private")


class TestOneself:
    def test_hears_how_it_stands(self, owner: User, corridor: str) -> None:
        number = opened(owner, f"{corridor}的灯不亮")
        known = joined(owner, f"{corridor}灯不亮了")
        assert (known["order"]["number"], known["own"], known["order"]["followers"]) == (number, True, 0)

    def test_is_no_urging(self, world: World, owner: User, corridor: str) -> None:
        number = opened(owner, f"{corridor}的灯不亮")
        before = len(told(world, world.lishifu))
        joined(owner, f"{corridor}灯不亮了")
        lines = world.kefu.get(f"/work-orders/{number}").json()["timeline"]
        assert "urge" not in [line["kind"] for line in lines]
        assert len(told(world, world.lishifu)) == before

    def test_who_follows_hears_the_same(self, world: World, owner: User, corridor: str) -> None:
        opened(world.zhangwei, f"{corridor}的灯不亮")
        joined(owner, f"{corridor}灯不亮了")
        assert joined(owner, f"{corridor}的灯不亮")["own"] is True


class TestNotTheSame:
    @pytest.fixture
    def first(self, world: World, owner: User, corridor: str) -> str:
        number = opened(world.zhangwei, f"{corridor}的灯不亮")
        joined(owner, f"{corridor}灯不亮了")
        return number

    def test_opens_what_was_said(self, owner: User, first: str, corridor: str) -> None:
        order = separately(owner, first).json()["orders"][0]
        assert order["number"] != first
        assert (order["fault"], order["place_text"].endswith("楼道")) == (f"{corridor}灯不亮了", True)
        is_problem(owner.get(f"/work-orders/{first}"), 404)

    def test_twice_is_once(self, owner: User, first: str) -> None:
        numbers = {separately(owner, first).json()["orders"][0]["number"] for _ in range(2)}
        assert len(numbers) == 1

    def test_is_remembered(self, world: World, owner: User, first: str) -> None:
        other = separately(owner, first).json()["orders"][0]["number"]
        beside = world.kefu.get(f"/work-orders/{first}/similar").json()
        assert [(d["number"], d["by"], d["by_staff"]) for d in beside["different"]] == [(other, "新人", False)]
        assert other not in [s["order"]["number"] for s in beside["items"]]

    def test_said_again_it_is_their_own_order(self, owner: User, first: str, corridor: str) -> None:
        own = separately(owner, first).json()["orders"][0]["number"]
        assert joined(owner, f"{corridor}的灯不亮")["order"]["number"] == own

    def test_they_hear_no_more_of_the_first(self, world: World, owner: User, first: str) -> None:
        separately(owner, first)
        world.lishifu.move(first, "accepted")
        assert not any(first in row.text for row in told(world, owner))

    def test_the_first_reporter_reads_no_number_of_a_neighbour(self, world: World, owner: User, first: str) -> None:
        other = separately(owner, first).json()["orders"][0]["number"]
        assert other not in world.zhangwei.get(f"/work-orders/{first}").text

    def test_of_nothing_there_is_nothing_to_open(self, world: World, corridor: str) -> None:
        number = opened(world.zhangwei, f"{corridor}的灯不亮")
        is_problem(separately(world.new(), number), 404)

    def test_after_the_first_was_cancelled_it_is_opened_anew(self, world: World, owner: User, first: str) -> None:
        world.zhangwei.move(first, "cancelled")
        payload = told(world, owner)[-1].payload["buttons"][0]["payload"]
        assert payload == f'/report_repair{{"order_number": "{first}"}}'
        assert separately(owner, first).json()["orders"][0]["status"] == "dispatched"


class TestAtOnce:
    def test_ten_neighbours_make_one_order_and_nine_followers(self, world: World, corridor: str) -> None:
        people = [world.new() for _ in range(10)]
        answers = together([lambda p=p: tell(p, f"{corridor}的灯不亮") for p in people])
        numbers = [
            *(o["number"] for a in answers for o in a["orders"]),
            *(k["order"]["number"] for a in answers for k in a["known"]),
        ]
        assert (len(numbers), len(set(numbers))) == (10, 1), answers
        followers = select(func.count()).where(WorkOrderFollower.work_order_id == order_id(world, numbers[0]))
        assert world.rows(followers) == [9]

    def test_no_number_is_lost_by_joining(self, world: World, owner: User, corridor: str) -> None:
        first = opened(world.zhangwei, f"{corridor}的灯不亮")
        joined(owner, f"{corridor}的灯不亮")
        after = opened(owner, f"{corridor}的玻璃碎了", category="civil")
        assert int(after[-4:]) == int(first[-4:]) + 1

    def test_while_it_is_being_cancelled_nobody_is_lost(self, world: World, corridor: str) -> None:
        number = opened(world.zhangwei, f"{corridor}的灯不亮")
        person = world.new()
        _, answer = together(
            [lambda: world.zhangwei.move(number, "cancelled"), lambda: tell(person, f"{corridor}的灯不亮")]
        )
        if answer["orders"]:
            assert answer["orders"][0]["status"] == "dispatched"
        else:
            status = world.kefu.get(f"/work-orders/{number}").json()["status"]
            heard = [b["title"] for row in told(world, person) for b in row.payload["buttons"]]
            assert status != "cancelled" or "还没好" in heard


class TestDesk:
    @pytest.fixture
    def pair(self, world: World, corridor: str) -> tuple[str, str]:
        """Two orders of one fault, both opened by the desk."""
        older, younger = (opened(world.kefu, f"{corridor}的灯不亮") for _ in range(2))
        return older, younger

    def test_is_shown_what_may_be_the_same(self, world: World, pair: tuple[str, str]) -> None:
        older, younger = pair
        for number, other in (pair, pair[::-1]):
            beside = world.kefu.get(f"/work-orders/{number}/similar").json()
            (item,) = beside["items"]
            assert (item["order"]["number"], item["place_title"], item["sure"]) == (other, "同一位置", True)
            assert (item["merge"], item["into"], beside["ready"]) == (younger, older, True)
            assert item["score"] == pytest.approx(1.0, abs=0.01)

    def test_is_shown_what_was_just_done(self, world: World, pair: tuple[str, str]) -> None:
        world.put(pair[0], Status.FINISHED, world.lishifu)
        (item,) = world.kefu.get(f"/work-orders/{pair[1]}/similar").json()["items"]
        assert item["sure"] is False

    def test_says_that_it_is_not_the_same(self, world: World, pair: tuple[str, str]) -> None:
        older, younger = pair
        for _ in range(2):
            left = world.kefu.post(f"/work-orders/{older}/similar/dismissals", {"number": younger}).json()
        assert (left["items"], [d["number"] for d in left["different"]]) == ([], [younger])
        assert world.kefu.get(f"/work-orders/{younger}/similar").json()["items"] == []
        kept = world.rows(select(NotSame).where(NotSame.first_id == order_id(world, older)))
        assert [(row.by_staff, row.score) for row in kept] == [(True, pytest.approx(1.0, abs=0.01))]

    def test_merges_and_nothing_is_left(self, world: World, pair: tuple[str, str]) -> None:
        older, younger = pair
        assert world.kefu.move(younger, "merged", into=older).status_code == 200
        assert world.kefu.get(f"/work-orders/{older}/similar").json()["items"] == []

    @pytest.mark.parametrize("who", ["zhangwei", "lishifu"])
    def test_only_the_desk(self, world: World, pair: tuple[str, str], who: str) -> None:
        is_problem(getattr(world, who).get(f"/work-orders/{pair[0]}/similar"), 403)
        is_problem(getattr(world, who).post(f"/work-orders/{pair[0]}/similar/dismissals", {"number": pair[1]}), 403)

    def test_an_order_is_not_beside_itself(self, world: World, pair: tuple[str, str]) -> None:
        is_problem(world.kefu.post(f"/work-orders/{pair[0]}/similar/dismissals", {"number": pair[0]}), 422)

    def test_says_so_while_the_encoder_is_being_loaded(self, world: World, pair: tuple[str, str]) -> None:
        with using(None):
            assert world.kefu.get(f"/work-orders/{pair[0]}/similar").json()["ready"] is False


def test_a_corrected_fault_is_compared_by_its_new_words(world: World, owner: User, corridor: str) -> None:
    number = opened(world.zhangwei, f"{corridor}那个东西不好使", category="other")
    version = world.kefu.get(f"/work-orders/{number}").json()["version"]
    changed = {"version": version, "fault": "声控灯不亮", "category": "lighting"}
    assert world.kefu.patch(f"/work-orders/{number}", changed).status_code == 200
    assert joined(owner, f"{corridor}声控灯不亮")["order"]["number"] == number


def test_no_order_holds_a_followers_name(world: World, owner: User, corridor: str) -> None:
    number = opened(world.zhangwei, f"{corridor}的灯不亮")
    joined(owner, f"{corridor}灯不亮了")
    with db.transaction(read_only=True) as session, system_scope(session):
        order = repository.by_number(session, number)
        assert order is not None
        assert order.reporter_id == world.zhangwei.id
