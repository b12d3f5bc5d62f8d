"""`make bench-dispatch`: how good are the choices and plans of dispatch?

1. Small random cases: orders opened one after another and planned again, against the best plan there is, found by trying
   every one.
2. A month of an estate (eight buildings, six technicians with skills and shifts, some sixty orders a day): against
   round-robin on the same orders.

The last line is one JSON object.
"""

import argparse
import json
import random
import sys
import time
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from backend.domains.dispatch.optimising import optimise
from backend.domains.dispatch.planning import Route, Spot, Task, Worker, as_plan, best_insertion
from tests.bench import month
from tests.bench.exact import best_plan

WAYS = (month.RoundRobin, month.RoundRobinUrgentFirst, month.Planned)


def small_case(rng: random.Random) -> tuple[list[Worker], list[Task]]:
    """Return two or three technicians in the middle of a shift and up to seven orders."""
    workers = [
        Worker(n, _spot(rng), ((0, rng.randrange(2, 9) * 3600), (16 * 3600, 26 * 3600)), rng.randrange(0, 2400))
        for n in range(rng.randint(2, 3))
    ]
    tasks = []
    for n in range(rng.randint(3, 7)):
        urgency = rng.choices(["emergency", "high", "normal", "low"], [1, 3, 6, 2])[0]
        due_s = {"emergency": 1800, "high": 7200, "normal": 14400, "low": 28800}[urgency]
        fits = frozenset(rng.sample(range(len(workers)), rng.randint(1, len(workers))))
        ready_s = rng.choice([0, 0, 0, 5400]) if urgency in ("normal", "low") else 0
        minutes = rng.choice([20, 30, 40, 50, 60, 90])
        tasks.append(Task(n, _spot(rng), urgency, minutes * 60, due_s - rng.randrange(0, due_s), fits, ready_s))
    return workers, tasks


def _spot(rng: random.Random) -> Spot:
    return Spot(rng.choice(month.BUILDINGS), rng.randint(1, month.FLOORS))


def opened_one_by_one(workers: list[Worker], tasks: list[Task]) -> dict[int, Route]:
    """Return the routes when each order goes at once to whom it costs least."""
    routes: dict[int, Route] = {w.id: () for w in workers}
    for task in tasks:
        found = min(
            (best_insertion(w, routes[w.id], task) for w in workers if w.id in task.fits),
            key=lambda f: (f.cost, len(f.route), f.worker),
        )
        routes[found.worker] = found.route
    return routes


def gaps(cases: int, seed: int) -> tuple[list[float], list[float]]:
    """Return how much dearer than the best plan it is, relatively: after opening, and after planning again."""
    rng = random.Random(seed)
    opened: list[float] = []
    planned: list[float] = []
    for _ in range(cases):
        workers, tasks = small_case(rng)
        best = best_plan(workers, tasks).cost
        routes = opened_one_by_one(workers, tasks)
        told = [replace(t, holder=w) for w, route in routes.items() for t in route]
        again = optimise(workers, told)
        plain = {w: tuple(replace(t, holder=None) for t in route) for w, route in again.routes.items()}
        for found, into in ((as_plan(workers, routes).cost, opened), (as_plan(workers, plain).cost, planned)):
            into.append((found - best) / best)
    return opened, planned


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=120)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--seed", type=int, default=20261130)
    args = parser.parse_args()
    started = time.monotonic()
    opened, planned = gaps(args.cases, args.seed)
    print(f"1. {args.cases} small cases against the best plan ({time.monotonic() - started:.0f} s)")
    for name, found in (("at once, one by one", opened), ("planned again", planned)):
        exact = sum(g < 1e-9 for g in found)
        print(f"   {name:<22} mean gap {_mean(found):8.4f}   worst {max(found):8.4f}   best plan {exact}/{len(found)}")
    orders = month.orders_of_a_month(args.seed, args.days)
    print(f"2. {args.days} days, {len(orders)} orders, {len(month.PEOPLE)} technicians; hours late by urgency")
    print(
        f"   {'':<24}{'weighted':>10}{'emergency':>11}{'high':>9}{'normal':>9}{'low':>8}{'late':>7}{'km':>8}{'moved':>7}"
    )
    scores = {}
    for way in WAYS:
        began = time.monotonic()
        score = scores[way] = month.play(orders, way)
        late = [score.late[u] / 3600 for u in ("emergency", "high", "normal", "low")]
        print(
            f"   {way.__name__:<24}{score.weighted_h:>10.0f}{late[0]:>11.1f}{late[1]:>9.1f}{late[2]:>9.1f}{late[3]:>8.1f}"
            f"{score.count_late:>7}{score.walked_m / 1000:>8.1f}{score.moved:>7}   ({time.monotonic() - began:.0f} s)"
        )
    before, after, fair = (scores[w] for w in (month.RoundRobin, month.Planned, month.RoundRobinUrgentFirst))
    print(f"   against round-robin that does the urgent first: {after.weighted_h / fair.weighted_h - 1:+.3f}")
    result = {
        "gap_to_optimum": round(_mean(planned), 4),
        "lateness_vs_round_robin": round(after.weighted_h / before.weighted_h - 1, 4),
        "walking_vs_round_robin": round(after.walked_m / before.walked_m - 1, 4),
    }
    print(json.dumps(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
