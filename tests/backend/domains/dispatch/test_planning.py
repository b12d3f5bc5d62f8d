"""The planner against every plan there is, and what must hold for any plan."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from backend.domains.dispatch.optimising import optimise
from backend.domains.dispatch.planning import (
    HORIZON_S,
    Spot,
    Task,
    Worker,
    best_insertion,
    evaluate,
    first_plan,
    sequence,
    travel_s,
)
from backend.kit.geo import beside
from tests.bench.exact import best_plan

CITY = (22.55, 114.05)
SPOTS = st.builds(
    lambda n, e, f: Spot(beside(CITY, 60 * n, 60 * e), f), st.integers(0, 1), st.integers(0, 3), st.integers(1, 18)
)
HOUR = 3600


@st.composite
def problems(draw: Any, most: int = 4) -> tuple[list[Worker], list[Task]]:
    workers = [
        Worker(
            n,
            draw(SPOTS),
            draw(st.sampled_from([((0, HORIZON_S),), ((0, 2 * HOUR), (14 * HOUR, 26 * HOUR)), ((HOUR, 9 * HOUR),)])),
            draw(st.integers(0, HOUR)),
            draw(st.booleans()),
        )
        for n in range(draw(st.integers(1, 3)))
    ]
    ids = [w.id for w in workers]
    tasks = [
        Task(
            id=100 + n,
            spot=draw(SPOTS),
            urgency=draw(st.sampled_from(["emergency", "high", "normal", "low"])),
            service_s=draw(st.sampled_from([600, 1800, 5400])),
            due_s=draw(st.integers(-HOUR, 6 * HOUR)),
            fits=draw(st.frozensets(st.sampled_from(ids), min_size=1)),
            ready_s=draw(st.sampled_from([0, 0, 2 * HOUR])),
            holder=draw(st.sampled_from([None, *ids])),
        )
        for n in range(draw(st.integers(1, most)))
    ]
    return workers, tasks


class TestOptimise:
    @settings(max_examples=25, deadline=None)
    @given(problems())
    def test_it_finds_the_best_plan_of_a_small_problem(self, problem: tuple[list[Worker], list[Task]]) -> None:
        workers, tasks = problem
        assert optimise(workers, tasks, 5.0).cost == best_plan(workers, tasks).cost

    @settings(max_examples=15, deadline=None)
    @given(problems(most=7))
    def test_a_plan_is_whole(self, problem: tuple[list[Worker], list[Task]]) -> None:
        workers, tasks = problem
        plan = optimise(workers, tasks, 1.0)
        assert plan.cost <= first_plan(workers, tasks).cost
        done = [t.id for route in plan.routes.values() for t in route]
        assert sorted(done) == [t.id for t in tasks]
        assert all(w in t.fits for w, route in plan.routes.items() for t in route)

    def test_the_same_problem_gives_the_same_plan(self) -> None:
        spots = [Spot(beside(CITY, 60 * (n % 2), 60 * n), n + 1) for n in range(8)]
        workers = [Worker(n, spots[n]) for n in range(3)]
        tasks = [Task(9 + n, s, "high", 1800, 600 * n, frozenset({0, 1, 2})) for n, s in enumerate(spots)]
        assert optimise(workers, tasks, 1.0) == optimise(workers, tasks, 1.0)

    def test_what_nobody_can_do_is_left_out(self) -> None:
        task = Task(1, Spot(), "high", 600, 0, frozenset({7}))
        assert optimise([Worker(1, Spot())], [task]).worker_of(1) is None


class TestRoute:
    @given(problems())
    def test_nobody_is_at_two_places_at_once(self, problem: tuple[list[Worker], list[Task]]) -> None:
        workers, tasks = problem
        for worker in workers:
            route = sequence(worker, tasks)
            _, starts = evaluate(worker, route)
            at_s, spot = worker.free_s, worker.spot
            for task, start_s in zip(route, starts, strict=True):
                assert start_s >= at_s + travel_s(spot, task.spot)
                assert start_s >= task.ready_s
                at_s, spot = start_s + task.service_s, task.spot

    def test_an_emergency_goes_before_what_can_wait(self) -> None:
        worker = Worker(1, Spot())
        waiting = tuple(Task(n, Spot(), "normal", 1800, 20 * HOUR, frozenset({1})) for n in (1, 2, 3))
        found = best_insertion(worker, waiting, Task(9, Spot(), "emergency", 1800, 1800, frozenset({1})))
        assert found.route[0].id == 9

    def test_work_that_would_outlast_the_shift_waits_for_the_next(self) -> None:
        worker = Worker(1, Spot(), ((0, HOUR), (12 * HOUR, 20 * HOUR)))
        _, [start_s] = evaluate(worker, [Task(1, Spot(), "normal", 2 * HOUR, 0, frozenset({1}))])
        assert start_s == 12 * HOUR

    def test_who_is_on_call_comes_out_of_hours_in_an_emergency(self) -> None:
        worker = Worker(1, Spot(), ((12 * HOUR, 20 * HOUR),), on_call=True)
        starts = [
            evaluate(worker, [Task(1, Spot(), urgency, 600, 0, frozenset({1}))])[1][0]
            for urgency in ("emergency", "high")
        ]
        assert starts[0] < HOUR < starts[1]
