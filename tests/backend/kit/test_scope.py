"""Nothing leaks between estates and people."""

import pytest
from sqlalchemy import select

from backend.domains.conversations.models import Conversation, Message
from backend.domains.workorders.models import WorkOrder
from backend.kit import db
from backend.kit.audit import AuditLine
from backend.kit.db import Base
from backend.kit.problems import Forbidden
from backend.kit.scope import Open, Scoped, ScopeMissing, system_scope
from backend.wiring import load_tables
from tests.backend.conftest import sqlite_only
from tests.backend.pictures import PICTURE
from tests.backend.support import FakeRasa, User, World, is_problem

MAPPED = sorted((m.class_ for m in load_tables().registry.mappers), key=lambda c: c.__name__)


class TestTables:
    @pytest.mark.parametrize("table", MAPPED, ids=lambda c: c.__name__)
    def test_each_says_who_may_read_it_or_why_everybody_may(self, table: type[Base]) -> None:
        assert issubclass(table, Scoped) != (issubclass(table, Open) and bool(table.why_open))


@pytest.fixture(scope="module")
def order(world: World) -> str:
    """A private order of 王芳."""
    home = {"community": "sunshine", "building": "5", "unit": "1", "floor": "3", "room": "302"}
    return str(world.wangfang.open_order(category="plumbing", scope="private", location=home)["number"])


@pytest.fixture
def talk(world: World, rasa: FakeRasa) -> dict[str, str]:
    """A conversation of 王芳 with a picture in it."""
    files = {"file": ("a.png", PICTURE, "image/png")}
    media = world.wangfang.call("POST", "/media", files=files).json()["media_id"]
    message = world.wangfang.say("厨房漏水", attachments=[media]).json()["message_id"]
    [conversation] = world.rows(select(Conversation.id).where(Conversation.person_id == world.wangfang.id))
    return {"media": media, "message": message, "conversation": conversation}


OUTSIDERS = ("chenjing", "zhangwei", "liuyang", "caiwu", "zhaoshifu")


def shares(who: User, number: str) -> bool:
    """Tell whether a technician helps with an order or is asked to take it over."""
    work = who.get(f"/work-orders/{number}/work").json()
    asked = [transfer["to"]["id"] for transfer in work["transfers"] if transfer["status"] == "pending"]
    return who.id in [*asked, *(mate["id"] for mate in work["mates"])]


class TestOrders:
    @pytest.mark.parametrize("who", OUTSIDERS)
    def test_its_number_opens_nothing(self, world: World, order: str, who: str) -> None:
        assert is_problem(getattr(world, who).get(f"/work-orders/{order}"), 404)["type"] == "/problems/no-such-order"

    @pytest.mark.parametrize("who", OUTSIDERS)
    def test_it_is_in_no_list(self, world: World, order: str, who: str) -> None:
        items = getattr(world, who).get("/work-orders", limit=200).json()["items"]
        assert order not in [o["number"] for o in items]

    @pytest.mark.parametrize("who", OUTSIDERS)
    def test_it_is_in_no_count(self, world: World, order: str, who: str) -> None:
        assert getattr(world, who).get("/work-orders", q=order, total=True).json()["total"] == 0

    @pytest.mark.parametrize("who", OUTSIDERS)
    def test_nothing_can_be_done_with_it(self, world: World, order: str, who: str) -> None:
        outsider: User = getattr(world, who)
        answers = [
            outsider.move(order, "cancelled", note="x"),
            outsider.post(f"/work-orders/{order}/notes", {"text": "x"}),
            outsider.post(f"/work-orders/{order}/rating", {"stars": 1}),
        ]
        assert [a.status_code for a in answers] == [404, 404, 404]

    @pytest.mark.parametrize("who", ["wangfang", "lishifu", "kefu", "jingli", "quyu", "admin"])
    def test_those_it_concerns_see_it(self, world: World, order: str, who: str) -> None:
        assert getattr(world, who).get(f"/work-orders/{order}").status_code == 200

    def test_a_number_in_small_letters_is_the_same_order(self, world: World, order: str) -> None:
        assert world.wangfang.get(f"/work-orders/{order.lower()}").json()["number"] == order

    def test_finance_has_no_orders(self, world: World, order: str) -> None:
        assert world.caiwu.get("/work-orders", limit=200).json()["items"] == []

    def test_a_technician_sees_only_what_they_hold_share_or_could_take(self, world: World, order: str) -> None:
        world.zhangwei.open_order(category="hvac", scope="public")
        for shown in world.zhaoshifu.get("/work-orders", limit=200).json()["items"]:
            held = (shown["technician"] or {}).get("id") == world.zhaoshifu.id
            skilled = shown["category"] in ("elevator", "access_security", "fire_safety")
            free = shown["technician"] is None and skilled
            assert held or free or shares(world.zhaoshifu, shown["number"])

    def test_the_other_estate_sees_only_its_own(self, world: World, order: str) -> None:
        world.chenjing.open_order(category="hvac", location={"place": "湖心亭"})
        assert {o["community"] for o in world.chenjing.get("/work-orders").json()["items"]} == {"lakeside"}

    def test_the_desk_of_one_estate_does_not_see_the_other(self, world: World, order: str) -> None:
        number = world.chenjing.open_order(category="hvac", location={"place": "湖心亭"})["number"]
        is_problem(world.kefu.get(f"/work-orders/{number}"), 404)

    def test_an_order_is_not_opened_in_another_estate(self, world: World) -> None:
        body = {"category": "hvac", "fault": "x", "location": {"community": "sunshine", "place": "东门"}}
        elsewhere = is_problem(world.chenjing.post("/work-orders", body), 422)
        nowhere = {**body, "location": {"community": "atlantis", "place": "东门"}}
        assert is_problem(world.chenjing.post("/work-orders", nowhere), 422)["errors"] == elsewhere["errors"]

    def test_an_owner_does_not_report_for_others(self, world: World) -> None:
        body = {"category": "hvac", "fault": "x", "location": {"place": "东门"}, "reporter": "wangfang"}
        is_problem(world.zhangwei.post("/work-orders", body), 403)

    def test_the_bot_sees_no_more_than_the_speaker(self, world: World, order: str) -> None:
        bot = world.user(world.zhangwei.id, "zhangwei", via="bot", message_id="m")
        is_problem(bot.get(f"/work-orders/{order}"), 404)

    def test_the_bot_sees_what_the_speaker_sees(self, world: World, order: str) -> None:
        bot = world.user(world.wangfang.id, "wangfang", via="bot", message_id="m")
        assert bot.get(f"/work-orders/{order}").json() == world.wangfang.get(f"/work-orders/{order}").json()

    def test_the_phone_of_a_reporter_is_for_staff(self, world: World) -> None:
        number = world.zhangwei.open_order(category="hvac")["number"]
        assert world.zhangwei.get(f"/work-orders/{number}").json()["reporter"]["phone"] is None


class TestConversations:
    @pytest.mark.parametrize("who", ["chenjing", "zhangwei", "liuyang", "caiwu", "zhaoshifu"])
    def test_the_inbox_is_closed(self, world: World, talk: dict[str, str], who: str) -> None:
        outsider: User = getattr(world, who)
        at = f"/conversations/{talk['conversation']}"
        paths = ("/conversations", at, f"{at}/messages", f"{at}/messages/{talk['message']}")
        assert [outsider.get(p).status_code for p in paths] == [403] * 4

    @pytest.mark.parametrize("who", ["chenjing", "zhangwei", "liuyang"])
    def test_a_foreign_message_is_no_page_mark(self, world: World, talk: dict[str, str], who: str) -> None:
        getattr(world, who).say("你好")
        answer = getattr(world, who).get("/chat/messages", before=talk["message"])
        assert is_problem(answer, 422)["errors"][0]["field"] == "before"

    @pytest.mark.parametrize("who", ["zhaoshifu", "caiwu"])
    def test_a_picture_is_for_the_staff_it_concerns(self, world: World, talk: dict[str, str], who: str) -> None:
        assert getattr(world, who).get(f"/media/{talk['media']}").status_code == 404

    @pytest.mark.parametrize("who", ["chenjing", "zhangwei", "liuyang"])
    def test_a_foreign_picture_is_not_found(self, world: World, talk: dict[str, str], who: str) -> None:
        is_problem(getattr(world, who).get(f"/media/{talk['media']}"), 404)

    def test_a_foreign_picture_cannot_be_sent_on(self, world: World, talk: dict[str, str]) -> None:
        answer = world.zhangwei.say("看", attachments=[talk["media"]])
        assert is_problem(answer, 422)["errors"][0]["field"] == "attachments"

    def test_the_desk_of_the_other_estate_does_not_find_it(self, world: World, talk: dict[str, str]) -> None:
        from backend.kit.auth import Role

        desk = world.new(Role.CUSTOMER_SERVICE, "lakeside")
        with world.retired(desk):
            is_problem(desk.get(f"/conversations/{talk['conversation']}"), 404)


class TestStaffLists:
    @pytest.mark.parametrize("path", ["/people", "/equipment", "/dashboard", "/audit", "/conversations"])
    @pytest.mark.parametrize("who", ["chenjing", "zhangwei", "liuyang"])
    def test_residents_are_refused(self, world: World, who: str, path: str) -> None:
        is_problem(getattr(world, who).get(path), 403)

    @pytest.mark.parametrize("path", ["/people", "/equipment", "/audit"])
    def test_the_other_estates_staff_reads_nothing_of_this_one(self, world: World, path: str) -> None:
        from backend.kit.auth import Role

        manager = world.new(Role.MANAGER, "lakeside")
        with world.retired(manager):
            body = manager.get(path, limit=200).text
        assert "张伟" not in body
        assert "3号楼" not in body or '"sunshine"' not in body


@sqlite_only
class TestSessions:
    @pytest.mark.parametrize("table", [t for t in MAPPED if issubclass(t, Scoped)], ids=lambda c: c.__name__)
    def test_a_session_without_a_principal_reads_nothing(self, world: World, table: type[Base]) -> None:
        with db.open_session(read_only=True) as session, pytest.raises(ScopeMissing):
            session.scalars(select(table)).all()

    def test_a_session_without_a_principal_writes_nothing(self, world: World) -> None:
        with db.open_session() as session:
            session.add(Conversation(id="x", person_id=1, community_id=1, last_at=None, created_at=None))
            with pytest.raises(ScopeMissing):
                session.flush()
            session.rollback()

    def test_a_row_of_another_estate_is_not_written(self, world: World) -> None:
        with db.open_session() as session, system_scope(session):
            order = session.scalars(select(WorkOrder).where(WorkOrder.number.startswith("SH"))).first()
        assert order is not None
        with world.session_for(world.chenjing) as session:
            order.fault = "changed by somebody else"
            session.add(order)
            with pytest.raises(Forbidden):
                session.flush()
            session.rollback()

    def test_columns_are_limited_as_rows_are(self, world: World) -> None:
        with world.session_for(world.chenjing) as session:
            numbers = session.scalars(select(WorkOrder.number)).all()
        assert not [n for n in numbers if not n.startswith("LS")]

    def test_joined_tables_are_limited_too(self, world: World, rasa: FakeRasa) -> None:
        world.wangfang.say("你好")
        query = select(Message.text).join(Conversation, Conversation.id == Message.conversation_id)
        with world.session_for(world.chenjing) as session:
            theirs = set(session.scalars(query.where(Conversation.person_id == world.wangfang.id)))
        assert theirs == set()

    def test_the_audit_log_is_written_by_the_product_only(self, world: World) -> None:
        with world.session_for(world.admin) as session:
            session.add(AuditLine(actor_name="x", action="x", entity="x", entity_id="1", channel="x", trace_id="x"))
            with pytest.raises(Forbidden):
                session.flush()
            session.rollback()
