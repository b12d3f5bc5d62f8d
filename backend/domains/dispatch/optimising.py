"""The best plan for the open orders of an estate, by constraint programming (OR-Tools CP-SAT). Pure.

The model is that of ``planning.evaluate``: a circuit of each worker through the tasks they do, a start for each task in
the worker's windows, the same cost. It starts from a plan found by insertion, so it never returns a worse one.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from ortools.sat.python import cp_model

from backend.domains.dispatch.planning import (
    HORIZON_S,
    LATE,
    WAIT,
    WALK,
    Plan,
    Route,
    Routes,
    Task,
    Worker,
    as_plan,
    first_plan,
    improve,
    travel_s,
    unrest,
)

LIMIT_S = 2.0
FOUND = frozenset({"OPTIMAL", "FEASIBLE"})
END_S = 3 * HORIZON_S
AT_MOST = 24
"""Tasks of one model, the most urgent ones first; the others keep their place in the plan that insertion has found."""


def optimise(workers: Sequence[Worker], tasks: Sequence[Task], limit_s: float = LIMIT_S) -> Plan:
    """Return the best plan that is found in time; the same input gives the same plan. Tasks that nobody fits are left
    out."""
    here = {w.id for w in workers}
    doable = [t for t in tasks if t.fits & here]
    if not doable:
        return Plan({w.id: () for w in workers}, 0)
    found = improve(workers, first_plan(workers, doable))
    if len(doable) == 1 or len(doable) > AT_MOST:
        return found
    solved = _Model(workers, doable, found).solve(limit_s)
    return solved if solved is not None and solved.cost < found.cost else found


class _Model:
    """One problem as CP-SAT sees it. Node 0 of a circuit is the worker, node n + 1 is task n."""

    def __init__(self, workers: Sequence[Worker], tasks: Sequence[Task], hint: Plan) -> None:
        self.workers, self.tasks, self.hint = workers, tasks, hint
        self.model = cp_model.CpModel()
        self.starts = [self.model.new_int_var(t.ready_s, END_S, f"start{t.id}") for t in tasks]
        self.arcs: dict[tuple[int, int, int], cp_model.IntVar] = {}
        self.terms: list[Any] = []
        self.done_by: list[list[Any]] = [[] for _ in tasks]
        for worker in workers:
            self._circuit(worker)
        for index, task in enumerate(tasks):
            self.model.add_exactly_one(self.done_by[index])
            self._cost(index, task)
        self._hint()
        self.model.minimize(sum(self.terms))

    def _circuit(self, worker: Worker) -> None:
        mine = [n for n, t in enumerate(self.tasks) if worker.id in t.fits]
        idle = self.model.new_bool_var("")
        arcs: list[Any] = [(0, 0, idle)]
        intervals = []
        for n in mine:
            task = self.tasks[n]
            does = self.model.new_bool_var("")
            self.done_by[n].append(does)
            arcs.append((n + 1, n + 1, ~does))
            self._window(worker, n, does)
            intervals.append(
                self.model.new_optional_fixed_size_interval_var(self.starts[n], task.service_s, does, f"i{n}")
            )
            self.terms.append(unrest(task, worker.id) * does)
            arcs.append(self._arc(worker, 0, n + 1, worker.free_s + travel_s(worker.spot, task.spot)))
            arcs.append(self._arc(worker, n + 1, 0, None))
            for m in mine:
                if m != n:
                    way_s = travel_s(task.spot, self.tasks[m].spot)
                    arcs.append(self._arc(worker, n + 1, m + 1, task.service_s + way_s))
        self.model.add_circuit(arcs)
        self.model.add_no_overlap(intervals)

    def _arc(self, worker: Worker, a: int, b: int, gap_s: int | None) -> tuple[int, int, Any]:
        """Going from a to b; b begins at least ``gap_s`` after a did."""
        taken = self.model.new_bool_var("")
        self.arcs[worker.id, a, b] = taken
        if gap_s is not None:
            after = self.starts[a - 1] if a else 0
            self.model.add(self.starts[b - 1] >= after + gap_s).only_enforce_if(taken)
            way_s = gap_s - (self.tasks[a - 1].service_s if a else worker.free_s)
            self.terms.append(WALK * way_s * taken)
        return a, b, taken

    def _window(self, worker: Worker, n: int, does: Any) -> None:
        task = self.tasks[n]
        if task.urgency == "emergency" and worker.on_call:
            return
        inside = [[start, max(start, end - task.service_s)] for start, end in worker.windows]
        domain = cp_model.Domain.from_intervals([*inside, [HORIZON_S, END_S]])
        self.model.add_linear_expression_in_domain(self.starts[n], domain).only_enforce_if(does)

    def _cost(self, n: int, task: Task) -> None:
        late = self.model.new_int_var(0, END_S + max(0, -task.due_s), f"late{n}")
        self.model.add(late >= self.starts[n] - task.due_s)
        self.terms.append(task.weight * LATE * late)
        self.terms.append(task.weight * WAIT * (self.starts[n] - task.ready_s))

    def _hint(self) -> None:
        index = {t.id: n for n, t in enumerate(self.tasks)}
        used = set()
        for worker, route in self.hint.routes.items():
            stops = [0, *(index[t.id] + 1 for t in route), 0]
            used |= {(worker, a, b) for a, b in pairwise(stops)}
        for arc, variable in self.arcs.items():
            self.model.add_hint(variable, int(arc in used))
        for task_id, start_s in self.hint.starts.items():
            self.model.add_hint(self.starts[index[task_id]], start_s)

    def solve(self, limit_s: float) -> Plan | None:
        """Return the plan found, None when the time was too short for any."""
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = 7
        solver.parameters.max_time_in_seconds = limit_s
        solver.parameters.max_deterministic_time = limit_s
        if solver.status_name(solver.solve(self.model)) not in FOUND:
            return None
        routes: Routes = {w.id: self._route(solver, w) for w in self.workers}
        return as_plan(self.workers, routes)

    def _route(self, solver: Any, worker: Worker) -> Route:
        following = {a: b for (w, a, b), taken in self.arcs.items() if w == worker.id and solver.boolean_value(taken)}
        route: list[Task] = []
        at = following.get(0, 0)
        while at:
            route.append(self.tasks[at - 1])
            at = following[at]
        return tuple(route)
