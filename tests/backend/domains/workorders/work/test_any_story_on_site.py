"""Whatever people do at one job, in any sequence: one holder, a whole log, and nobody reads it who has no part in it."""

from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from backend.domains.workorders.domain import MOVES, Status
from backend.domains.workorders.models import WorkOrder, WorkOrderEvent
from backend.domains.workorders.models_work import WorkOrderMate, WorkOrderTransfer
from backend.kit.auth import Role
from tests.backend.conftest import sqlite_only
from tests.backend.domains.workorders.work.acting import HOME
from tests.backend.support import User, World

STEPS = settings(max_examples=8, stateful_step_count=14, deadline=None, suppress_health_check=list(HealthCheck))
TECHNICIANS = ("lishifu", "zhaoshifu", "third")
ACTING = (*TECHNICIANS, "zhangwei", "kefu")
LEGAL = {(m.frm, m.to) for m in MOVES}
REFUSED = (403, 404, 409, 422)
WITHOUT_A_PART = ("wangfang", "liuyang", "chenjing", "caiwu")
HELD = {"dispatched", "accepted", "on_site", "suspended", "finished"}


def machine(world: World, third: User) -> type[RuleBasedStateMachine]:
    def user(name: str) -> User:
        return third if name == "third" else getattr(world, name)

    principals = {name: user(name).principal for name in (*ACTING, *WITHOUT_A_PART)}

    class Story(RuleBasedStateMachine):
        number = ""

        @initialize(category=st.sampled_from(["plumbing", "elevator", "gas"]))
        def report(self, category: str) -> None:
            order = world.zhangwei.open_order(category=category, scope="private", location=HOME)
            self.number = order["number"]

        def _post(self, who: str, what: str, **body: Any) -> None:
            answer = user(who).post(f"/work-orders/{self.number}/{what}", body)
            assert answer.status_code in (200, 201, *REFUSED), answer.text

        @rule(who=st.sampled_from(ACTING), to=st.sampled_from(Status), to_whom=st.sampled_from(TECHNICIANS))
        def move(self, who: str, to: Status, to_whom: str) -> None:
            more = {"technician": user(to_whom).id} if to is Status.DISPATCHED else {}
            self._post(who, "transitions", to=to, note="好", unfilled="没空", **more)

        @rule(who=st.sampled_from(ACTING))
        def arrive(self, who: str) -> None:
            self._post(who, "arrival", lat=31.2, lng=121.4)

        @rule(who=st.sampled_from(ACTING), mate=st.sampled_from(TECHNICIANS))
        def add_mate(self, who: str, mate: str) -> None:
            self._post(who, "mates", person_id=user(mate).id)

        @rule(who=st.sampled_from(ACTING), mate=st.sampled_from(TECHNICIANS))
        def remove_mate(self, who: str, mate: str) -> None:
            answer = user(who).call("DELETE", f"/work-orders/{self.number}/mates/{user(mate).id}")
            assert answer.status_code in (204, *REFUSED), answer.text

        @rule(who=st.sampled_from(TECHNICIANS), to=st.sampled_from(TECHNICIANS))
        def ask(self, who: str, to: str) -> None:
            self._post(who, "transfers", to_person_id=user(to).id, reason="换人")

        @rule(who=st.sampled_from(ACTING), decision=st.sampled_from(["accept", "accept", "decline", "withdraw"]))
        def decide(self, who: str, decision: str) -> None:
            rows = world.rows(select(WorkOrderTransfer).where(WorkOrderTransfer.pending_id.is_not(None)))
            mine = [r.id for r in rows if r.pending_id == self._order().id]
            self._post(who, f"transfers/{mine[0] if mine else 1}/decision", decision=decision)

        def _order(self) -> WorkOrder:
            (order,) = world.rows(select(WorkOrder).where(WorkOrder.number == self.number))
            assert isinstance(order, WorkOrder)
            return order

        @invariant()
        def one_holds_it_and_the_others_only_help(self) -> None:
            order = self._order()
            helping = [
                m.person_id for m in world.rows(select(WorkOrderMate).where(WorkOrderMate.work_order_id == order.id))
            ]
            assert order.status not in HELD or order.technician_id is not None
            assert order.technician_id not in helping
            assert len(set(helping)) == len(helping)
            assert order.status != Status.TRIAGED or helping == []

        @invariant()
        def a_question_waits_only_while_who_asked_holds_it(self) -> None:
            order = self._order()
            rows = world.rows(select(WorkOrderTransfer).where(WorkOrderTransfer.work_order_id == order.id))
            waiting = [r for r in rows if r.status == "pending"]
            assert len(waiting) <= 1
            assert all(r.pending_id == order.id and r.from_id == order.technician_id for r in waiting)
            assert all(r.pending_id is None for r in rows if r.status != "pending")

        def teardown(self) -> None:
            """At the end all is said once more at the public door."""
            order = world.kefu.get(f"/work-orders/{self.number}").json()
            assert [t["to_status"] for t in order["timeline"] if t["to_status"]][-1] == order["status"]
            for name in WITHOUT_A_PART:
                assert user(name).get(f"/work-orders/{self.number}/work").status_code == 404

        @invariant()
        def the_log_is_whole(self) -> None:
            order = self._order()
            wanted = select(WorkOrderEvent).where(WorkOrderEvent.work_order_id == order.id)
            moves = [e for e in world.rows(wanted.order_by(WorkOrderEvent.id)) if e.to_status]
            assert moves[-1].to_status == order.status
            assert [m.from_status for m in moves[1:]] == [m.to_status for m in moves[:-1]]
            assert all((m.from_status, m.to_status) in LEGAL for m in moves[1:])

        def _reads(self, name: str) -> bool:
            who = principals[name]
            return bool(
                world.rows(select(WorkOrder.id).where(WorkOrder.number == self.number, WorkOrder.readable_by(who)))
            )

        @invariant()
        def who_has_no_part_reads_nothing(self) -> None:
            assert not any(self._reads(name) for name in WITHOUT_A_PART)

        @invariant()
        def a_technician_reads_what_is_his_or_could_be(self) -> None:
            order = self._order()
            free = order.technician_id is None and order.status in (Status.TRIAGED, Status.REOPENED)
            rows = world.rows(select(WorkOrderTransfer).where(WorkOrderTransfer.pending_id == order.id))
            helping = world.rows(select(WorkOrderMate).where(WorkOrderMate.work_order_id == order.id))
            part = {order.technician_id, *(m.person_id for m in helping), *(r.to_id for r in rows)}
            for name in TECHNICIANS:
                could = free and order.category in principals[name].skills
                assert self._reads(name) == (user(name).id in part or could)

    return Story


@sqlite_only
def test_any_story_on_site(world: World) -> None:
    third = world.new(Role.TECHNICIAN, skills=("gas",))
    with world.retired(third):
        run_state_machine_as_test(machine(world, third), settings=STEPS)
