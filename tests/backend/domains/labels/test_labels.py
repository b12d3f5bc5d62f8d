"""What a label opens, for whom, and how often."""

import uuid
from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from backend.domains.equipment.models import Asset
from backend.domains.estate.models import Place
from backend.domains.workorders.models import WorkOrder
from backend.kit import clock
from backend.kit.outbox import OutboxRow
from tests.backend.conftest import sqlite_only
from tests.backend.pictures import picture as drawn_picture
from tests.backend.support import API, User, World, is_problem, together

LOBBY = {"community": "sunshine", "building": "3", "unit": "2", "place": "大堂"}
_hours = count(1)
_addresses = count(1)


@pytest.fixture(autouse=True)
def own_window() -> Iterator[None]:
    """Give each test a window of its own, in which nobody has scanned anything."""
    start = (clock.now() + timedelta(hours=next(_hours))).replace(minute=1)
    with clock.use_clock(lambda: start):
        yield


class Stranger:
    """Somebody without an account, at an address of their own."""

    def __init__(self, world: World, address: str | None = None) -> None:
        self.client = world.client
        self.address = address or f"203.0.113.{next(_addresses)}"

    def call(self, method: str, path: str, key: str | None = None, **kwargs: Any) -> httpx.Response:
        headers = {"X-Forwarded-For": self.address, **({"Idempotency-Key": key} if key else {})}
        return self.client.request(method, API + path, headers=headers, **kwargs)

    def scan(self, token: str) -> httpx.Response:
        return self.call("GET", f"/labels/{token}")

    def report(self, token: str, words: str = "灯一直闪", key: str | None = None, **more: Any) -> httpx.Response:
        return self.call("POST", f"/labels/{token}/reports", key, json={"words": words, **more})


@pytest.fixture
def stranger(world: World) -> Stranger:
    return Stranger(world)


def device(world: World, kind: str = "light") -> dict[str, Any]:
    """Enter a new device, so that tests do not meet at one."""
    name = f"测试{uuid.uuid4().hex[:8]}灯"
    body = {"name": name, "kind": kind, "community": "sunshine", "building": "3", "unit": "2", "place": "大堂"}
    answer = world.kefu.post("/equipment", body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def label(world: World, kind: str, target: Any) -> str:
    answer = world.kefu.post("/labels", {"kind": kind, "ids": [str(target)]})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["items"][0]["token"])


def order_of(world: World, number: str) -> dict[str, Any]:
    return dict(world.kefu.get(f"/work-orders/{number}").json())


class TestMaking:
    def test_a_target_has_one_label_however_many_ask(self, world: World) -> None:
        asset = device(world)["id"]
        tokens = together([lambda: label(world, "asset", asset)] * 6)
        assert len(set(tokens)) == 1, tokens
        assert len(tokens[0]) >= 22

    def test_a_revoked_label_opens_nothing_and_the_next_is_another(self, world: World, stranger: Stranger) -> None:
        asset = device(world)["id"]
        token = label(world, "asset", asset)
        assert world.kefu.post(f"/labels/{token}/revoke").status_code == 204
        is_problem(stranger.scan(token), 404)
        is_problem(stranger.report(token), 404)
        assert label(world, "asset", asset) != token

    @sqlite_only
    def test_only_the_desk_and_only_of_the_estate(self, world: World, owner: User) -> None:
        other = world.rows(
            select(Asset).where(Asset.community_id != world.kefu.principal.community_ids.__iter__().__next__())
        )[0]
        is_problem(world.kefu.post("/labels", {"kind": "asset", "ids": [str(other.id)]}), 422)
        is_problem(world.kefu.post("/labels", {"kind": "asset", "ids": ["999999999999999999999999"]}), 422)
        for who in (owner, world.lishifu):
            is_problem(who.post("/labels", {"kind": "asset", "ids": [str(device(world)["id"])]}), 403)

    @sqlite_only
    def test_places_are_listed(self, world: World) -> None:
        found = world.kefu.get("/labels/places", community="sunshine").json()["items"]
        assert any("羽毛球场" in p["name"] for p in found)
        assert label(world, "place", found[0]["id"])


class TestStranger:
    def test_sees_estate_name_and_place_only(self, world: World, stranger: Stranger) -> None:
        asset = device(world)
        found = stranger.scan(label(world, "asset", asset["id"])).json()
        said = {k: v for k, v in found.items() if v not in (None, [], False)}
        assert said == {
            "kind": "asset", "kind_title": "设备", "seen_as": "public", "can_report": True,
            "estate": "阳光花园", "name": asset["name"], "place_text": "3号楼2单元 大堂",
        }  # fmt: skip

    def test_sees_nothing_of_an_order(self, world: World, stranger: Stranger, owner: User) -> None:
        order = owner.open_order(category="hvac", scope="public")
        token = label(world, "order", order["number"])
        found = stranger.scan(token).json()
        assert (found["seen_as"], found["words"], found["estate"], found["order"]) == ("login", "请登录", None, None)
        assert order["number"] not in str(found)
        is_problem(stranger.report(token), 409)
        is_problem(stranger.call("POST", f"/labels/{token}/take", json={}), 401)

    def test_reports_a_fault_of_the_device(self, world: World, stranger: Stranger) -> None:
        asset = device(world)
        answer = stranger.report(label(world, "asset", asset["id"]), phone="138 1234-5678")
        assert answer.status_code == 201, answer.text
        order = order_of(world, answer.json()["number"])
        assert (order["source"], order["scope"], order["reporter"]) == ("scan", "public", None)
        assert (order["asset_id"], order["category"], order["status"]) == (asset["id"], "lighting", "dispatched")
        assert any(t["text"] == "13812345678" and t["actor"]["name"] == "扫码的人" for t in order["timeline"])

    def test_the_next_one_joins_the_open_order(self, world: World, stranger: Stranger, owner: User) -> None:
        token = label(world, "asset", device(world)["id"])
        first = owner.post(f"/labels/{token}/reports", {"words": "大堂灯不亮"}).json()
        assert first["joined"] is False
        again = stranger.report(token, "还是不亮", phone="13812345678").json()
        assert (again["number"], again["joined"]) == (first["number"], True)
        neighbour = world.new()
        joined = neighbour.post(f"/labels/{token}/reports", {"words": "黑的"}).json()
        assert (joined["number"], joined["joined"]) == (first["number"], True)
        assert neighbour.get(f"/work-orders/{first['number']}").json()["following"] is True
        seen = owner.get(f"/work-orders/{first['number']}").text
        for words in ("还是不亮", "13812345678", "黑的"):
            assert words not in seen
            assert words in world.kefu.get(f"/work-orders/{first['number']}").text

    def test_an_order_of_yesterday_is_not_joined(self, world: World, stranger: Stranger) -> None:
        token = label(world, "asset", device(world)["id"])
        first = stranger.report(token).json()
        later = clock.now() + timedelta(hours=25)
        with clock.use_clock(lambda: later):
            assert stranger.report(token).json()["number"] != first["number"]

    def test_the_same_key_reports_once(self, world: World) -> None:
        token = label(world, "asset", device(world)["id"])
        for key in ("tap-one-1", "tap-two-2"):
            asker = Stranger(world)
            answers = together([lambda key=key, asker=asker: asker.report(token, "不亮", key)] * 4)  # type: ignore[misc]
            assert {a.status_code for a in answers} == {201}, [a.text for a in answers]
            assert len({a.json()["number"] for a in answers}) == 1
        lines = order_of(world, answers[0].json()["number"])["timeline"]
        assert len([t for t in lines if t["kind"] == "again"]) == 1

    @pytest.mark.parametrize(("words", "category"), [("电梯里有人被困", "elevator"), ("着火了快来", "fire_safety")])
    def test_danger_opens_an_emergency(self, world: World, stranger: Stranger, words: str, category: str) -> None:
        token = label(world, "asset", device(world)["id"])
        mild = stranger.report(token).json()["number"]
        answer = stranger.report(token, words).json()
        assert answer["number"] != mild
        assert len(answer["danger"]["lines"]) == 3
        assert "119" in [p["number"] for p in answer["danger"]["phones"]]
        order = order_of(world, answer["number"])
        assert (order["urgency"], order["category"]) == ("emergency", category)
        told = world.rows(select(OutboxRow).where(OutboxRow.person_id == world.kefu.id).order_by(OutboxRow.id.desc()))
        assert answer["number"] in told[0].text or answer["number"] in told[1].text

    @sqlite_only
    @pytest.mark.parametrize(
        "body",
        [
            {"words": ""}, {"words": "\u200b\u202e"}, {"words": "坏" * 501}, {"words": "坏", "phone": "<script>"},
            {"words": "坏", "media": ["x"] * 4}, {"words": "坏", "reporter": "zhangwei"}, {"words": "坏", "category": "x"},
        ],
    )  # fmt: skip
    def test_hostile_bodies_are_refused(self, world: World, stranger: Stranger, body: dict[str, Any]) -> None:
        token = label(world, "asset", device(world)["id"])
        is_problem(stranger.call("POST", f"/labels/{token}/reports", json=body), 422)

    @sqlite_only
    def test_hostile_words_are_kept_as_words(self, world: World, stranger: Stranger) -> None:
        words = "<img src=x onerror=alert(1)>\u202e灯\x07坏了'; DROP TABLE labels;--"
        answer = stranger.report(label(world, "asset", device(world)["id"]), words)
        assert answer.headers["content-type"] == "application/json"
        fault = order_of(world, answer.json()["number"])["fault"]
        assert fault == "<img src=x onerror=alert(1)>灯坏了'; DROP TABLE labels;--"

    @sqlite_only
    def test_a_place_takes_a_category(self, world: World, stranger: Stranger) -> None:
        place = world.rows(select(Place).where(Place.name == "羽毛球场"))[0]
        answer = stranger.report(label(world, "place", place.id), "网破了，地上很滑", category="cleaning")
        order = order_of(world, answer.json()["number"])
        assert (order["category"], order["place_text"]) == ("cleaning", "羽毛球场")

    @sqlite_only
    @pytest.mark.parametrize("token", ["x", "a" * 64, "%00", "..%2f..", "' OR 1=1--"])
    def test_guesses_find_nothing(self, stranger: Stranger, token: str) -> None:
        is_problem(stranger.scan(token), 404)


class TestPictures:
    def test_a_stranger_adds_one_that_staff_see(self, world: World, stranger: Stranger) -> None:
        token = label(world, "asset", device(world)["id"])
        sent = stranger.call(
            "POST", "/labels/media", data={"token": token}, files={"file": ("a.jpg", drawn_picture("image/jpeg"))}
        )
        assert sent.status_code == 201, sent.text
        picture = sent.json()["media_id"]
        number = stranger.report(token, media=[picture]).json()["number"]
        assert order_of(world, number)["attachments"] == [picture]
        assert world.kefu.get(f"/media/{picture}").status_code == 200
        is_problem(stranger.call("GET", f"/media/{picture}"), 401)

    @sqlite_only
    def test_not_somebody_elses(self, world: World, stranger: Stranger, owner: User) -> None:
        theirs = owner.call("POST", "/media", files={"file": ("a.jpg", drawn_picture("image/jpeg"))}).json()["media_id"]
        token = label(world, "asset", device(world)["id"])
        is_problem(stranger.report(token, media=[theirs]), 422)


class TestLimits:
    def test_three_at_a_label_however_many_at_once(self, world: World) -> None:
        token = label(world, "asset", device(world)["id"])
        answers = together([lambda: Stranger(world).report(token)] * 8)
        assert sorted(a.status_code for a in answers) == [201] * 3 + [429] * 5, [a.text for a in answers]
        refused = next(a for a in answers if a.status_code == 429)
        assert 0 < int(refused.headers["Retry-After"]) <= 600
        assert "119" in is_problem(refused, 429)["detail"]
        later = clock.now() + timedelta(minutes=10)
        with clock.use_clock(lambda: later):
            assert Stranger(world).report(token).status_code == 201

    def test_five_from_an_address_at_any_labels(self, world: World) -> None:
        one = Stranger(world, "2001:db8:1:2::1")
        neighbour = Stranger(world, "2001:db8:1:2:ffff::9")
        statuses = [
            (one if n % 2 else neighbour).report(label(world, "asset", device(world)["id"])).status_code
            for n in range(6)
        ]
        assert statuses == [201] * 5 + [429]

    @sqlite_only
    def test_people_with_an_account_are_not_counted(self, world: World, owner: User) -> None:
        token = label(world, "asset", device(world)["id"])
        for n in range(5):
            assert owner.post(f"/labels/{token}/reports", {"words": f"第{n}次说"}).status_code == 201


class TestWithAnAccount:
    def test_an_owner_reports_with_the_device_filled_in(self, world: World, owner: User) -> None:
        asset = device(world)
        token = label(world, "asset", asset["id"])
        assert owner.get(f"/labels/{token}").json()["seen_as"] == "resident"
        number = owner.post(f"/labels/{token}/reports", {"words": "灯坏了"}).json()["number"]
        order = owner.get(f"/work-orders/{number}").json()
        assert (order["asset_id"], order["reporter"]["id"]) == (asset["id"], owner.id)

    @sqlite_only
    def test_somebody_of_another_estate_is_a_stranger(self, world: World) -> None:
        token = label(world, "asset", device(world)["id"])
        assert world.chenjing.get(f"/labels/{token}").json()["seen_as"] == "public"
        number = world.chenjing.post(f"/labels/{token}/reports", {"words": "路过看到坏了"}).json()["number"]
        assert order_of(world, number)["reporter"] is None
        order = label(world, "order", number)
        is_problem(world.chenjing.get(f"/labels/{order}"), 404)

    def test_a_technician_takes_an_order_by_scanning_it(self, world: World, owner: User) -> None:
        number = owner.open_order(category="lighting", scope="public", location=LOBBY)["number"]
        world.put(number, "triaged")
        token = label(world, "order", number)
        assert world.lishifu.get(f"/labels/{token}").json()["can_take"] is True
        for _ in range(2):
            taken = world.lishifu.post(f"/labels/{token}/take", {})
            assert taken.json()["status"] == "accepted", taken.text
        is_problem(world.zhaoshifu.post(f"/labels/{token}/take", {}), 409)
        is_problem(owner.post(f"/labels/{token}/take", {}), 403)

    def test_one_of_two_who_scan_at_once(self, world: World, owner: User) -> None:
        number = owner.open_order(category="lighting", scope="public", location=LOBBY)["number"]
        world.put(number, "triaged")
        token = label(world, "order", number)
        other = world.new(world.lishifu.principal.roles.__iter__().__next__(), skills=("lighting",))
        with world.retired(other):
            answers = together([lambda who=w: who.post(f"/labels/{token}/take", {}) for w in (world.lishifu, other)])  # type: ignore[misc]
        assert sorted(a.status_code for a in answers) == [200, 409], [a.text for a in answers]

    def test_a_technician_sees_what_a_device_has_had(self, world: World, owner: User) -> None:
        token = label(world, "asset", device(world)["id"])
        old = owner.post(f"/labels/{token}/reports", {"words": "上次坏的"}).json()["number"]
        world.put(old, "closed", world.zhaoshifu)
        new = owner.post(f"/labels/{token}/reports", {"words": "这次坏的"}).json()["number"]
        found = world.lishifu.get(f"/labels/{token}").json()
        assert [(b["number"], b["can_take"]) for b in found["open_orders"]] == [(new, True)]
        assert [b["fault"] for b in found["history"]] == ["上次坏的"]
        assert world.lishifu.post(f"/labels/{token}/take", {}).json()["number"] == new
        assert world.lishifu.post(f"/labels/{token}/take", {}).json()["number"] == new
        assert "新人" not in str(found)

    @sqlite_only
    def test_nothing_to_take(self, world: World) -> None:
        token = label(world, "asset", device(world)["id"])
        is_problem(world.lishifu.post(f"/labels/{token}/take", {}), 409)
        number = world.rows(select(WorkOrder.number).limit(1))[0]
        is_problem(world.lishifu.post(f"/labels/{token}/take", {"number": number}), 409)
