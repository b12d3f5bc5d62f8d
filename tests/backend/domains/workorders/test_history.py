"""What people add to an order, and what the history and the audit log keep of it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from backend.domains.identity.models import Person
from backend.domains.workorders import repository
from backend.domains.workorders.domain import Status
from backend.domains.workorders.models import WorkOrderEvent
from backend.kit import clock, context, db
from backend.kit.append_only import LogIsAppendOnly
from backend.kit.audit import AuditLine
from backend.kit.outbox import OutboxRow
from backend.kit.scope import system_scope
from tests.backend.support import World, is_problem


@pytest.fixture
def number(world: World) -> str:
    return str(world.zhangwei.open_order(category="hvac", scope="public")["number"])


def lines(world: World, number: str) -> list[AuditLine]:
    with db.transaction(read_only=True) as session, system_scope(session):
        order = repository.by_number(session, number)
    assert order is not None
    mine = select(AuditLine).where(AuditLine.entity == "work_orders", AuditLine.entity_id == str(order.id))
    return world.rows(mine.order_by(AuditLine.id))


class TestNotes:
    @pytest.mark.parametrize(("kind", "title"), [("note", "补充"), ("parts", "用料"), ("urge", "催单")])
    def test_words_are_in_the_history(self, world: World, number: str, kind: str, title: str) -> None:
        world.put(number, "on_site", world.lishifu)
        who = world.lishifu if kind == "parts" else world.zhangwei
        last = who.post(f"/work-orders/{number}/notes", {"text": "两节电池", "kind": kind}).json()["timeline"][-1]
        assert (last["title"], last["text"]) == (title, "两节电池")

    @pytest.mark.parametrize("who", ["zhangwei", "zhaoshifu"])
    def test_parts_are_written_by_who_holds_the_order(self, world: World, number: str, who: str) -> None:
        world.put(number, "on_site", world.lishifu)
        answer = getattr(world, who).post(f"/work-orders/{number}/notes", {"text": "两节电池", "kind": "parts"})
        is_problem(answer, 403 if who == "zhangwei" else 404)

    def test_a_technician_does_not_urge_himself(self, world: World, number: str) -> None:
        world.put(number, "accepted", world.lishifu)
        is_problem(world.lishifu.post(f"/work-orders/{number}/notes", {"text": "快点", "kind": "urge"}), 403)

    def test_who_follows_an_order_urges_too(self, world: World, number: str) -> None:
        other = world.new()
        double = other.open_order(category="hvac", scope="public")["number"]
        assert world.kefu.move(double, "merged", into=number).status_code == 200
        assert other.post(f"/work-orders/{number}/notes", {"text": "快点", "kind": "urge"}).status_code == 201

    def test_urging_again_at_once_alarms_nobody(self, world: World, number: str) -> None:
        world.put(number, "accepted", world.lishifu)
        told = select(func.count(OutboxRow.id)).where(OutboxRow.text.contains(f"在催 {number}"))
        answers = [
            world.zhangwei.post(f"/work-orders/{number}/notes", {"text": "快点", "kind": "urge"}).json()
            for _ in range(3)
        ]
        assert [a["timeline"][-1]["kind"] for a in answers] == ["urge", "note", "note"]
        assert [bool(a["answer"]) for a in answers] == [False, True, True]
        assert world.rows(told) == [1]

    def test_each_person_urges_for_themselves(self, world: World, number: str) -> None:
        kinds = [
            who.post(f"/work-orders/{number}/notes", {"text": "快点", "kind": "urge"}).json()["timeline"][-1]["kind"]
            for who in (world.zhangwei, world.kefu)
        ]
        assert kinds == ["urge", "urge"]

    def test_later_it_may_be_urged_again(self, world: World, number: str) -> None:
        world.zhangwei.post(f"/work-orders/{number}/notes", {"text": "快点", "kind": "urge"})
        later = clock.now() + timedelta(minutes=11)
        with clock.use_clock(lambda: later):
            again = world.zhangwei.post(f"/work-orders/{number}/notes", {"text": "快点", "kind": "urge"}).json()
        assert again["timeline"][-1]["kind"] == "urge"

    def test_the_same_key_adds_words_once(self, world: World, number: str) -> None:
        for _ in range(2):
            said = world.zhangwei.post(f"/work-orders/{number}/notes", {"text": "只说一次"}, "a-note")
        assert [line["text"] for line in said.json()["timeline"]].count("只说一次") == 1

    def test_the_same_key_with_other_words_is_refused(self, world: World, number: str) -> None:
        world.zhangwei.post(f"/work-orders/{number}/notes", {"text": "一"}, "another-note")
        answer = world.zhangwei.post(f"/work-orders/{number}/notes", {"text": "二"}, "another-note")
        assert is_problem(answer, 409)["type"] == "/problems/key-reused"

    def test_an_ended_order_takes_no_words(self, world: World, number: str) -> None:
        world.put(number, "closed")
        is_problem(world.zhangwei.post(f"/work-orders/{number}/notes", {"text": "还有"}), 409)

    def test_an_unknown_kind_is_named(self, world: World, number: str) -> None:
        answer = world.zhangwei.post(f"/work-orders/{number}/notes", {"text": "x", "kind": "gossip"})
        assert is_problem(answer, 422)["errors"][0]["field"] == "kind"


class TestRating:
    def test_a_finished_order_is_accepted_and_closed_with_it(self, world: World, number: str) -> None:
        world.put(number, "finished", world.lishifu)
        assert world.zhangwei.post(f"/work-orders/{number}/rating", {"stars": 5}).json()["status"] == "closed"

    def test_the_stars_are_kept(self, world: World, number: str) -> None:
        world.put(number, "accepted_by_owner", world.lishifu)
        rated = world.zhangwei.post(f"/work-orders/{number}/rating", {"stars": 4, "words": "不错"}).json()
        assert rated["rating"] == {"stars": 4, "words": "不错"}

    @pytest.mark.parametrize("status", ["triaged", "dispatched", "accepted", "on_site", "suspended", "cancelled"])
    def test_what_is_not_done_cannot_be_rated(self, world: World, number: str, status: str) -> None:
        world.put(number, status, world.lishifu)
        is_problem(world.zhangwei.post(f"/work-orders/{number}/rating", {"stars": 5}), 409)

    def test_it_is_given_once(self, world: World, number: str) -> None:
        world.put(number, "finished", world.lishifu)
        world.zhangwei.post(f"/work-orders/{number}/rating", {"stars": 5})
        answer = world.zhangwei.post(f"/work-orders/{number}/rating", {"stars": 1})
        assert is_problem(answer, 409)["type"] == "/problems/already-rated"
        assert world.zhangwei.get(f"/work-orders/{number}").json()["rating"]["stars"] == 5

    def test_sent_again_under_its_key_it_is_the_same(self, world: World, number: str) -> None:
        world.put(number, "finished", world.lishifu)
        both = [world.zhangwei.post(f"/work-orders/{number}/rating", {"stars": 5}, f"rate-{number}") for _ in range(2)]
        assert [a.status_code for a in both] == [200, 200]

    @pytest.mark.parametrize("stars", [0, 6, -1, "five", None, "5", True, 4.5])
    def test_stars_go_from_one_to_five(self, world: World, number: str, stars: Any) -> None:
        world.put(number, "finished", world.lishifu)
        answer = world.zhangwei.post(f"/work-orders/{number}/rating", {"stars": stars})
        assert is_problem(answer, 422)["errors"][0]["field"] == "stars"

    def test_nobody_rates_their_own_work(self, world: World) -> None:
        order = world.lishifu.open_order(category="plumbing", location={"place": "会议室"})
        world.put(order["number"], "finished", world.lishifu)
        is_problem(world.lishifu.post(f"/work-orders/{order['number']}/rating", {"stars": 5}), 403)

    @pytest.mark.parametrize("who", ["kefu", "lishifu"])
    def test_only_the_reporter_rates(self, world: World, number: str, who: str) -> None:
        world.put(number, "finished", world.lishifu)
        is_problem(getattr(world, who).post(f"/work-orders/{number}/rating", {"stars": 5}), 403)


class TestEdit:
    def test_the_desk_corrects(self, world: World, number: str) -> None:
        version = world.kefu.get(f"/work-orders/{number}").json()["version"]
        edited = world.kefu.patch(f"/work-orders/{number}", {"version": version, "category": "civil"}).json()
        assert edited["category"] == "civil"

    def test_the_history_says_what_was_corrected(self, world: World, number: str) -> None:
        version = world.kefu.get(f"/work-orders/{number}").json()["version"]
        edited = world.kefu.patch(f"/work-orders/{number}", {"version": version, "urgency": "high"}).json()
        assert edited["timeline"][-1]["text"] == "紧急程度：一般 → 较急"

    @pytest.mark.parametrize("status", ["closed", "cancelled", "merged"])
    def test_what_has_ended_is_not_corrected(self, world: World, number: str, status: str) -> None:
        world.put(number, status)
        version = world.kefu.get(f"/work-orders/{number}").json()["version"]
        answer = world.kefu.patch(f"/work-orders/{number}", {"version": version, "category": "civil"})
        assert is_problem(answer, 409)["type"] == "/problems/illegal-transition"

    def test_a_stale_version_is_a_conflict(self, world: World, number: str) -> None:
        is_problem(world.kefu.patch(f"/work-orders/{number}", {"version": 0, "category": "civil"}), 409)

    @pytest.mark.parametrize("field", ["category", "urgency", "scope"])
    def test_a_value_outside_the_contract_is_named(self, world: World, number: str, field: str) -> None:
        version = world.kefu.get(f"/work-orders/{number}").json()["version"]
        answer = world.kefu.patch(f"/work-orders/{number}", {"version": version, field: "nonsense"})
        assert is_problem(answer, 422)["errors"][0]["field"] == field

    def test_the_reporter_does_not_correct(self, world: World, number: str) -> None:
        is_problem(world.zhangwei.patch(f"/work-orders/{number}", {"version": 1, "category": "civil"}), 403)


class TestAppendOnly:
    @pytest.mark.parametrize("rewrite", [lambda s, e: setattr(e, "text", "nothing happened"), lambda s, e: s.delete(e)])
    def test_history_is_not_rewritten(self, world: World, number: str, rewrite: Any) -> None:
        with db.open_session() as session:
            session.info["system_scope"] = 1
            rewrite(session, session.scalars(select(WorkOrderEvent).limit(1)).one())
            with pytest.raises(LogIsAppendOnly):
                session.flush()


class TestAudit:
    def test_opening_leaves_a_line(self, world: World, number: str) -> None:
        first = lines(world, number)[0]
        assert (first.action, first.actor_name, first.after["category"]) == ("create", "张伟", "hvac")

    def test_a_change_leaves_before_and_after(self, world: World, number: str) -> None:
        world.kefu.move(number, "dispatched", technician=world.lishifu.id)
        last = lines(world, number)[-1]
        assert (last.before["status"], last.after["status"]) == (Status.TRIAGED, Status.DISPATCHED)

    def test_a_change_says_who(self, world: World, number: str) -> None:
        world.kefu.move(number, "dispatched", technician=world.lishifu.id)
        last = lines(world, number)[-1]
        assert (last.actor_id, last.actor_name, last.channel) == (world.kefu.id, "周敏", "web")

    def test_a_change_by_the_bot_says_for_whom(self, world: World, number: str) -> None:
        bot = world.user(world.zhangwei.id, "zhangwei", via="bot", message_id="m")
        bot.move(number, "cancelled")
        last = lines(world, number)[-1]
        assert (last.actor_name, last.channel) == ("张伟", "bot")

    def test_a_change_has_the_trace_of_its_request(self, world: World, number: str) -> None:
        answer = world.kefu.move(number, "dispatched", technician=world.lishifu.id)
        assert lines(world, number)[-1].trace_id == answer.headers["x-request-id"]

    def test_a_refused_change_leaves_none(self, world: World, number: str) -> None:
        before = len(lines(world, number))
        is_problem(world.kefu.move(number, "finished", note="x"), 409)
        assert len(lines(world, number)) == before

    @pytest.mark.parametrize(("field", "value"), [("phone", "13911112222"), ("password_hash", "$argon2-secret")])
    def test_secrets_are_never_in_it(self, world: World, field: str, value: str) -> None:
        person = world.new()
        context.set_origin()
        with db.transaction() as session, system_scope(session):
            setattr(session.get_one(Person, person.id), field, value)
        mine = select(AuditLine).where(AuditLine.entity == "people", AuditLine.entity_id == str(person.id))
        kept = world.rows(mine)
        assert [line.after[field] for line in kept] == ["***", "***"]

    def test_no_line_at_all_holds_a_phone_or_a_hash(self, world: World) -> None:
        kept = world.rows(select(AuditLine).where(AuditLine.entity == "people"))
        assert not [
            k for k in kept if "$argon2" in str((k.before, k.after)) or "'phone': '1" in str((k.before, k.after))
        ]

    def test_the_manager_reads_it(self, world: World, number: str) -> None:
        world.kefu.move(number, "dispatched", technician=world.lishifu.id)
        assert world.jingli.get("/audit", limit=5).json()["items"]

    @pytest.mark.parametrize("who", ["kefu", "caiwu", "lishifu", "zhangwei"])
    def test_others_do_not(self, world: World, who: str) -> None:
        is_problem(getattr(world, who).get("/audit"), 403)
