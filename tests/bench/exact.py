"""The best plan there is, by trying every one: for few orders. What the planner finds is measured against it."""

from collections.abc import Sequence
from itertools import permutations, product

from backend.domains.dispatch.planning import Plan, Route, Task, Worker, as_plan, evaluate, unrest


def best_plan(workers: Sequence[Worker], tasks: Sequence[Task]) -> Plan:
    """Return a plan of the lowest cost. Tries every assignment, and every sequence of what somebody gets."""
    best_of: dict[tuple[int, frozenset[int]], tuple[int, Route]] = {}

    def cheapest(worker: Worker, mine: tuple[Task, ...]) -> tuple[int, Route]:
        key = worker.id, frozenset(t.id for t in mine)
        if key not in best_of:
            moved = sum(unrest(t, worker.id) for t in mine)
            best_of[key] = min(((evaluate(worker, r)[0] + moved, r) for r in permutations(mine)), key=lambda f: f[0])
        return best_of[key]

    best: tuple[int, dict[int, Route]] | None = None
    for assigned in product(*(sorted(t.fits) for t in tasks)):
        found = {
            w.id: cheapest(w, tuple(t for t, a in zip(tasks, assigned, strict=True) if a == w.id)) for w in workers
        }
        cost = sum(c for c, _ in found.values())
        if best is None or cost < best[0]:
            best = cost, {w: route for w, (_, route) in found.items()}
    assert best is not None
    return as_plan(workers, best[1])
