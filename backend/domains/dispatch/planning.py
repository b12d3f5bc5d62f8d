"""Who does which order, and in which sequence. Pure: tasks and workers in, a plan out; brute force checks it in tests.

Times are whole seconds from now. What a plan costs, and what it therefore avoids, most of all first:

- being late: ``LATE`` for each second after ``due_s``, weighted by urgency;
- waiting: ``WAIT`` for each second until somebody is there, weighted too, so that work is spread although nothing is late;
- walking: ``WALK`` for each second on the way;
- unrest: ``MOVE`` for each order that is taken from somebody who has been told of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from backend.kit.geo import Point, distance_m

WEIGHTS: Mapping[str, int] = {"emergency": 1000, "high": 100, "normal": 10, "low": 1}
LATE, WAIT, WALK = 20, 1, 10
MOVE = 100 * 10 * 60 * WAIT
"""As much as ten minutes of waiting for something urgent, or five minutes of lateness of an ordinary order."""

SPEED_M_S = 1.2
FAR_M = 150
"""Taken for the way where coordinates are missing."""
ELEVATOR_S, FLOOR_S = 30, 6
HORIZON_S = 5 * 24 * 3600
WELL_PLACED = 12
"""So many orders of a worker are put where they fit best; more stand behind them in the order of their urgency."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something is; ``floor`` 1 is the ground."""

    point: Point | None = None
    floor: int = 1


@dataclass(frozen=True, slots=True)
class Task:
    """An order to be planned. ``fits`` are the workers who may do it; ``holder`` has been told of it."""

    id: int
    spot: Spot
    urgency: str
    service_s: int
    due_s: int
    fits: frozenset[int]
    ready_s: int = 0
    holder: int | None = None

    @property
    def weight(self) -> int:
        """How much a second of lateness costs."""
        return WEIGHTS[self.urgency]


@dataclass(frozen=True, slots=True)
class Worker:
    """A technician: free from ``free_s`` at ``spot``, working in the windows; on call also out of them in an emergency."""

    id: int
    spot: Spot
    windows: tuple[tuple[int, int], ...] = ((0, HORIZON_S),)
    free_s: int = 0
    on_call: bool = False


Route = tuple[Task, ...]
Routes = dict[int, Route]


@dataclass(frozen=True, slots=True)
class Insertion:
    """The best place of a task in a route: what it adds to the cost, and when somebody is there."""

    worker: int
    cost: int
    arrives_s: int
    route: Route


@dataclass(frozen=True, slots=True)
class Plan:
    """Routes by worker, and when each task begins."""

    routes: Routes
    cost: int
    starts: dict[int, int] = field(default_factory=dict)

    def worker_of(self, task_id: int) -> int | None:
        """Return who does a task."""
        return next((w for w, route in self.routes.items() if any(t.id == task_id for t in route)), None)


def _climb_s(floor: int) -> int:
    return 0 if floor in (0, 1) else ELEVATOR_S + FLOOR_S * abs(floor - 1)


def travel_s(a: Spot, b: Spot) -> int:
    """Return how long it takes from one spot to another, floors included."""
    if a.point is not None and a.point == b.point:
        return 0 if a.floor == b.floor else ELEVATOR_S + FLOOR_S * abs(a.floor - b.floor)
    way_m = FAR_M if a.point is None or b.point is None else distance_m(a.point, b.point)
    return round(way_m / SPEED_M_S) + _climb_s(a.floor) + _climb_s(b.floor)


def begin_s(worker: Worker, earliest_s: int, task: Task) -> int:
    """Return when a worker who is there at ``earliest_s`` may begin: in the window, and so that it ends in it."""
    earliest_s = max(earliest_s, task.ready_s)
    if task.urgency == "emergency" and worker.on_call:
        return earliest_s
    for start, end in worker.windows:
        if earliest_s <= max(start, end - task.service_s):
            return max(start, earliest_s)
    return max(earliest_s, HORIZON_S)


def _task_cost(task: Task, start_s: int) -> int:
    return task.weight * (LATE * max(0, start_s - task.due_s) + WAIT * max(0, start_s - task.ready_s))


def evaluate(worker: Worker, route: Sequence[Task]) -> tuple[int, list[int]]:
    """Return what a route costs and when each of its tasks begins."""
    cost, at_s, spot, starts = 0, worker.free_s, worker.spot, []
    for task in route:
        way_s = travel_s(spot, task.spot)
        start_s = begin_s(worker, at_s + way_s, task)
        cost += WALK * way_s + _task_cost(task, start_s)
        starts.append(start_s)
        at_s, spot = start_s + task.service_s, task.spot
    return cost, starts


def best_insertion(worker: Worker, route: Route, task: Task) -> Insertion:
    """Return where a task fits best into a route, without moving the others among themselves."""
    before, _ = evaluate(worker, route)
    best: Insertion | None = None
    for at in [*range(min(len(route), WELL_PLACED) + 1), *([len(route)] if len(route) > WELL_PLACED else [])]:
        longer = (*route[:at], task, *route[at:])
        cost, starts = evaluate(worker, longer)
        if best is None or cost - before < best.cost:
            best = Insertion(worker.id, cost - before, starts[at], longer)
    assert best is not None
    return best


def sequence(worker: Worker, tasks: Sequence[Task]) -> Route:
    """Return a good order of a worker's tasks."""
    ranked = sorted(tasks, key=lambda t: (-t.weight, t.due_s, t.id))
    route: Route = ()
    for task in ranked[:WELL_PLACED]:
        route = best_insertion(worker, route, task).route
    return (*route, *ranked[WELL_PLACED:])


def cost_of(workers: Sequence[Worker], routes: Routes) -> int:
    """Return what routes cost, unrest included."""
    return sum(
        evaluate(w, routes.get(w.id, ()))[0] + sum(unrest(t, w.id) for t in routes.get(w.id, ())) for w in workers
    )


def unrest(task: Task, worker: int) -> int:
    """Return what it costs that somebody else does a task than who has been told of it."""
    return MOVE if task.holder is not None and task.holder != worker else 0


def as_plan(workers: Sequence[Worker], routes: Routes) -> Plan:
    """Return routes with their cost and starts."""
    starts = {
        task.id: start
        for w in workers
        for task, start in zip(routes.get(w.id, ()), evaluate(w, routes.get(w.id, ()))[1], strict=True)
    }
    return Plan(routes, cost_of(workers, routes), starts)


def first_plan(workers: Sequence[Worker], tasks: Sequence[Task]) -> Plan:
    """Return the plan as it stands: everybody with what they hold, what nobody holds put where it fits best."""
    held = {w.id: sequence(w, [t for t in tasks if t.holder == w.id and w.id in t.fits]) for w in workers}
    placed = {t.id for route in held.values() for t in route}
    by_id = {w.id: w for w in workers}
    for task in sorted((t for t in tasks if t.id not in placed), key=lambda t: (-t.weight, t.due_s, t.id)):
        options = [best_insertion(by_id[w], held[w], task) for w in sorted(task.fits) if w in by_id]
        if options:
            best = min(options, key=lambda o: (o.cost, o.worker))
            held[best.worker] = best.route
    return as_plan(workers, held)


def improve(workers: Sequence[Worker], plan: Plan, rounds: int = 10) -> Plan:
    """Take one task out at a time and put it where it is cheapest, until nothing gets better."""
    routes = dict(plan.routes)
    by_id = {w.id: w for w in workers}
    for _ in range(rounds):
        better = False
        for task in sorted((t for route in routes.values() for t in route), key=lambda t: (-t.weight, t.id)):
            better |= _relocate(by_id, routes, task)
        if not better:
            break
    return as_plan(workers, routes)


def _relocate(by_id: Mapping[int, Worker], routes: Routes, task: Task) -> bool:
    home = next(w for w, route in routes.items() if task in route)
    rest = tuple(t for t in routes[home] if t.id != task.id)
    saved = evaluate(by_id[home], routes[home])[0] - evaluate(by_id[home], rest)[0] + unrest(task, home)
    options = [
        best_insertion(by_id[w], rest if w == home else routes[w], task) for w in sorted(task.fits) if w in by_id
    ]
    best = min(options, key=lambda o: (o.cost + unrest(task, o.worker), o.worker))
    if best.cost + unrest(task, best.worker) >= saved:
        return False
    routes[home] = rest
    routes[best.worker] = best.route
    return True
