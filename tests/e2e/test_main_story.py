"""「我家楼下的灯坏了」 becomes a finished, rated work order: through HTTP, with the real model and action server."""

import json

import httpx
import pytest

from tests.people import Door


@pytest.fixture(autouse=True)
def from_the_start(door: Door) -> None:
    """Each test starts with the bot in charge and nothing left to do."""
    for username in ("zhangwei", "wangfang", "lishifu"):
        door.with_bot(username)
    door.empty_hands()


class TestTheWholeStory:
    def test_a_light_is_reported_repaired_accepted_and_rated_in_words(self, door: Door) -> None:
        answer = door.say("zhangwei", "我家楼下的灯坏了")
        card = door.order_card(answer)
        number = card["number"]
        assert number in answer["replies"][0]["text"]
        assert (card["category"], card["scope"]) == ("lighting", "public")
        location = card["location"]
        assert (location["building"], location["unit"], location["floor"]) == ("3", "2", None)
        assert location["place"] == "楼下"
        assert card["technician"]["name"] == "李强"

        door.heard("lishifu", f"新工单 {number}")
        assert number in door.text_of("lishifu", f"接单 {number}")
        door.heard("zhangwei", f"李师傅已接单 {number}")
        assert number in door.text_of("lishifu", "到了")
        door.heard("zhangwei", f"李师傅已到现场，正在处理 {number}")
        assert number in door.text_of("lishifu", "换了两个灯泡，修好了")
        asked = door.heard("zhangwei", f"工单 {number} 请您看看")
        assert [b["title"] for b in asked["buttons"]] == ["验收通过", "没修好"]
        assert "换了两个灯泡" in asked["text"]
        door.say("zhangwei", "验收通过")
        door.say("zhangwei", "五星好评，师傅很快")

        order = door.get("zhangwei", f"/work-orders/{number}")
        assert order["status"] == "closed"
        assert order["rating"]["stars"] == 5
        moves = [e["to_status"] for e in order["timeline"] if e["to_status"]]
        assert moves == [
            "reported", "triaged", "dispatched", "accepted", "on_site", "finished", "accepted_by_owner", "closed",
        ]  # fmt: skip
        said = {e["to_status"]: (e["actor"]["name"], e["text"]) for e in order["timeline"]}
        assert said["accepted"][0] == "李强"
        assert "换了两个灯泡" in str(said["finished"][1])
        assert said["accepted_by_owner"][0] == "张伟"

    def test_the_desk_sees_it_and_can_do_each_step_by_hand(self, door: Door) -> None:
        number = door.order_card(door.say("wangfang", "厨房水龙头一直滴水"))["number"]
        talks = door.get("kefu", "/conversations", q="王芳")["items"]
        lines = door.get("kefu", f"/conversations/{talks[0]['id']}/messages", limit=10)["items"]
        said = next(m for m in reversed(lines) if m["text"] == "厨房水龙头一直滴水")
        assert said["nlu"]["intent"] == "report_repair"
        for to in ("accepted", "on_site", "finished", "accepted_by_owner", "closed"):
            moved = door.post("kefu", f"/work-orders/{number}/transitions", {"to": to, "note": "电话里已确认"})
            assert moved.status_code == 200, moved.text
            assert moved.json()["status"] == to
        door.heard("wangfang", f"李师傅已到现场，正在处理 {number}")

    def test_changes_arrive_live_at_the_desk(self, door: Door, base_url: str) -> None:
        headers = door.headers("kefu")
        seen: dict[str, str] = {}
        with httpx.stream("GET", f"{base_url}/api/v1/events", headers=headers, timeout=30, trust_env=False) as stream:
            lines = stream.iter_lines()
            assert next(lines) == ": connected"
            number = door.order_card(door.say("zhangwei", "我家楼下的灯坏了"))["number"]
            for line in lines:
                if line.startswith("data:") and number in line:
                    seen = json.loads(line[5:])
                    break
            lines.close()  # else the connection is closed whenever the iterator is collected
        assert seen["number"] == number


class TestUnderstanding:
    def test_two_faults_become_two_orders(self, door: Door) -> None:
        answer = door.say("zhangwei", "厨房水龙头漏水，楼道的灯也不亮了")
        cards = [r["card"] for r in answer["replies"] if r["card"]]
        assert {c["category"] for c in cards} == {"plumbing", "lighting"}
        assert {c["scope"] for c in cards} == {"private", "public"}

    @pytest.mark.parametrize("choice", ["楼下", "我家里"])
    def test_one_question_settles_what_is_missing(self, door: Door, choice: str) -> None:
        asked = door.say("zhangwei", "灯坏了")
        assert len(asked["replies"]) == 1
        assert asked["replies"][0]["buttons"]
        card = door.order_card(door.say("zhangwei", choice))
        assert card["scope"] == ("private" if choice == "我家里" else "public")

    def test_a_person_can_be_asked_for_in_the_middle_of_a_question(self, door: Door) -> None:
        door.say("zhangwei", "灯坏了")
        assert "周敏" in door.text_of("zhangwei", "转人工")
        assert door.say("zhangwei", "在吗")["replies"] == []
        talk = door.get("kefu", "/conversations", queue="waiting", q="张伟")["items"][0]
        assert door.post("kefu", f"/conversations/{talk['id']}/messages", {"text": "我在，您说"}).status_code == 201
        assert door.heard("zhangwei", "我在，您说")["sender"]["name"] == "周敏"

    def test_danger_is_answered_at_once(self, door: Door) -> None:
        answer = door.say("zhangwei", "电梯里有人被困了")
        card = answer["replies"][0]["card"]
        assert card["type"] == "danger"
        assert len(card["lines"]) == 3
        order = door.get("kefu", f"/work-orders/{card['order_number']}")
        assert order["urgency"] == "emergency"
        door.heard("kefu", f"工单 {card['order_number']}，请马上处理")

    def test_a_device_added_in_the_console_is_understood_at_once(self, door: Door) -> None:
        new = {"name": "观景喷泉", "kind": "facility", "community": "sunshine", "place": "中心花园"}
        added = door.post("kefu", "/equipment", new)
        assert added.status_code == 201
        parsed = door.post("kefu", "/nlu/parse", {"text": "观景喷泉坏了，不出水", "as": "zhangwei"}).json()
        assert parsed["items"][0]["asset_id"] == added.json()["id"]

    def test_staff_see_what_would_be_understood_for_a_speaker(self, door: Door) -> None:
        parsed = door.post("kefu", "/nlu/parse", {"text": "2号梯坏了，厨房水管也漏水", "as": "zhangwei"}).json()
        assert parsed["intent"] == "report_repair"
        assert [i["location"]["building"] for i in parsed["items"]] == ["3", "3"]


class TestLimits:
    def test_the_other_estate_sees_nothing(self, door: Door) -> None:
        number = door.order_card(door.say("zhangwei", "我家楼下的灯坏了"))["number"]
        seen = door.get("chenjing", "/work-orders", limit=200)["items"]
        assert [o["number"] for o in seen if o["community"] != "lakeside"] == []
        assert door.client.get(f"/work-orders/{number}", headers=door.headers("chenjing")).status_code == 404
        assert door.client.get("/conversations", headers=door.headers("chenjing")).status_code == 403


class TestBadInput:
    @pytest.mark.parametrize(
        "text",
        [
            "🙂🙂🙂",
            "\x00\x07\x1b",
            "<script>alert(1)</script>",
            "'; DROP TABLE people; --",
            "my sink is leaking",
            "?" * 5000,
        ],
    )
    def test_gets_a_sensible_answer_and_is_stored_as_it_came(self, door: Door, text: str) -> None:
        answer = door.say("wangfang", text)
        assert answer["replies"][0]["text"]
        stored = door.get("wangfang", "/chat/messages", limit=10)["items"]
        assert any(m["id"] == answer["message_id"] and m["text"] == text for m in stored)

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({"text": ""}, "text"),
            ({"text": "x" * 5001}, "text"),
            ({"text": 5}, "text"),
            ({"text": "a", "colour": "red"}, "colour"),
            ({}, "text"),
        ],
    )
    def test_a_wrong_body_names_the_field(self, door: Door, body: dict[str, object], field: str) -> None:
        answer = door.post("wangfang", "/chat/messages", body)
        assert answer.status_code == 422
        assert answer.headers["content-type"] == "application/problem+json"
        assert field in {e["field"] for e in answer.json()["errors"]}
