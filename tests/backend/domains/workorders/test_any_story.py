"""Whatever people try with an order, in any sequence, it stays whole."""

from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from backend.domains.workorders.domain import Status
from tests.backend.conftest import sqlite_only
from tests.backend.support import World

PEOPLE = ("zhangwei", "lishifu", "zhaoshifu", "kefu", "jingli")
HELD = {"dispatched", "accepted", "on_site", "suspended", "finished"}
QUIET = settings(max_examples=12, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck))


def machine(world: World) -> type[RuleBasedStateMachine]:
    class Story(RuleBasedStateMachine):
        number: str
        order: dict[str, Any]

        @initialize(category=st.sampled_from(["plumbing", "elevator", "hvac"]))
        def report(self, category: str) -> None:
            self.order = world.zhangwei.open_order(category=category, scope="public")
            self.number = self.order["number"]
            self.version = self.order["version"]

        def _after(self, accepted: bool) -> None:
            self.order = world.kefu.get(f"/work-orders/{self.number}").json()
            assert self.order["version"] >= self.version
            assert accepted or self.order["version"] == self.version  # what is refused changes nothing
            self.version = self.order["version"]

        @rule(who=st.sampled_from(PEOPLE), to=st.sampled_from(Status), note=st.sampled_from(["好", None]))
        def move(self, who: str, to: Status, note: str | None) -> None:
            before = self.order
            technician = world.lishifu.id if to is Status.DISPATCHED else None
            answer = getattr(world, who).move(self.number, to, note=note, technician=technician)
            # A technician who gave the order back may no longer see it; the move has happened.
            assert answer.status_code in (200, 403, 404, 409, 422), answer.text
            self._after(answer.status_code == 200)
            changed = self.order["status"] != before["status"]
            assert not changed or self.version > before["version"]

        @rule(who=st.sampled_from(PEOPLE), note=st.text(min_size=1, max_size=5))
        def note(self, who: str, note: str) -> None:
            answer = getattr(world, who).post(f"/work-orders/{self.number}/notes", {"text": note})
            assert answer.status_code in (201, 403, 404, 409, 422), answer.text
            self._after(answer.status_code == 201)

        @rule(stars=st.integers(1, 5))
        def rate(self, stars: int) -> None:
            answer = world.zhangwei.post(f"/work-orders/{self.number}/rating", {"stars": stars})
            assert answer.status_code in (200, 409), answer.text
            self._after(answer.status_code == 200)

        @invariant()
        def the_log_tells_the_state(self) -> None:
            moves = [t["to_status"] for t in self.order["timeline"] if t["to_status"]]
            assert moves[-1] == self.order["status"]

        @invariant()
        def the_log_has_no_gap(self) -> None:
            moves = [t for t in self.order["timeline"] if t["to_status"]]
            assert [m["from_status"] for m in moves[1:]] == [m["to_status"] for m in moves[:-1]]

        @invariant()
        def what_is_in_hand_is_in_somebodys_hands(self) -> None:
            assert self.order["status"] not in HELD or self.order["technician"] is not None

    return Story


@sqlite_only
def test_any_story(world: World) -> None:
    run_state_machine_as_test(machine(world), settings=QUIET)
