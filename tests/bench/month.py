"""A month of an estate, played through with a way of dispatching: orders come, technicians walk, work, and take the next.

Both ways get the same orders, the same people and the same true durations, which nobody knows beforehand.
"""

import heapq
import random
from collections.abc import Callable
from dataclasses import dataclass, field

from backend.domains.dispatch.domain import ARRIVAL_WITHIN, SERVICE_MINUTES
from backend.domains.dispatch.optimising import optimise
from backend.domains.dispatch.planning import (
    WEIGHTS,
    Spot,
    Task,
    Worker,
    begin_s,
    best_insertion,
    sequence,
    travel_s,
)
from backend.kit.geo import beside, distance_m

HOUR, DAY = 3600, 24 * 3600
CORNER = (22.55, 114.05)
FLOORS = 18
BUILDINGS = [beside(CORNER, 60 * (n // 4), 60 * (n % 4)) for n in range(8)]
GRACE_S = 30 * 60
PLAN_EVERY_S = 10 * 60
"""The product plans every half minute; here every ten minutes, so that a month ends in time."""

PEOPLE: tuple[tuple[str, frozenset[str], int, int], ...] = (
    ("A", frozenset({"plumbing", "electrical", "lighting", "appliance"}), 8, 17),
    ("B", frozenset({"plumbing", "lighting", "gas", "hvac"}), 11, 21),
    ("C", frozenset({"elevator", "access_security", "fire_safety", "low_voltage", "electrical"}), 8, 18),
    ("D", frozenset({"elevator", "access_security", "fire_safety", "low_voltage", "lighting"}), 12, 22),
    ("E", frozenset({"civil", "pest", "cleaning", "parking", "noise", "greening", "other"}), 8, 18),
    ("F", frozenset({"civil", "plumbing", "appliance", "gas", "hvac", "cleaning", "other", "pest"}), 10, 20),
)
CATEGORIES = {
    "plumbing": 14, "electrical": 8, "lighting": 10, "elevator": 5, "access_security": 6, "low_voltage": 4, "hvac": 3,
    "gas": 2, "fire_safety": 2, "civil": 5, "cleaning": 3, "appliance": 5, "pest": 2, "other": 3,
}  # fmt: skip
URGENCIES = {"emergency": 3, "high": 17, "normal": 60, "low": 20}
PEAKS = [1, 1, 1, 1, 1, 1, 2, 6, 12, 12, 9, 6, 4, 4, 5, 5, 5, 7, 12, 12, 9, 5, 3, 2]
"""Reports by hour of the day."""


@dataclass(frozen=True)
class Order:
    """A report of the month; times in seconds from its beginning."""

    id: int
    at_s: int
    category: str
    urgency: str
    spot: Spot
    due_s: int
    ready_s: int
    takes_s: int

    @property
    def fits(self) -> frozenset[int]:
        return frozenset(n for n, (_, skills, _, _) in enumerate(PEOPLE) if self.category in skills)


@dataclass
class Person:
    """A technician on the way through the month."""

    id: int
    start_h: int
    end_h: int
    spot: Spot = field(default_factory=lambda: Spot(BUILDINGS[0]))
    free_s: int = 0
    wakes_s: int = -1
    held: list[Order] = field(default_factory=list)

    def on_duty(self, now_s: int) -> bool:
        return self.start_h * HOUR <= now_s % DAY < self.end_h * HOUR

    def worker(self, now_s: int) -> Worker:
        """This technician as the planner knows them now."""
        midnight = now_s // DAY * DAY - now_s
        days = [(midnight + d * DAY + self.start_h * HOUR, midnight + d * DAY + self.end_h * HOUR) for d in range(5)]
        windows = tuple((max(0, a), b) for a, b in days if b > 0)
        return Worker(self.id, self.spot, windows, max(0, self.free_s - now_s), on_call=True)


@dataclass
class Score:
    """How a month went."""

    late: dict[str, float] = field(default_factory=lambda: dict.fromkeys(WEIGHTS, 0.0))
    count_late: int = 0
    walked_m: float = 0.0
    moved: int = 0

    @property
    def weighted_h(self) -> float:
        return sum(WEIGHTS[u] * s for u, s in self.late.items()) / HOUR


def orders_of_a_month(seed: int, days: int = 30, a_day: int = 60) -> list[Order]:
    """Return the reports of a month."""
    rng = random.Random(seed)
    made: list[Order] = []
    for day in range(days):
        for _ in range(round(rng.gauss(a_day, 8))):
            hour = rng.choices(range(24), PEAKS)[0]
            made.append(_order(rng, day * DAY + hour * HOUR + rng.randrange(HOUR)))
    made.sort(key=lambda o: o.at_s)
    return [Order(n, *(getattr(o, f) for f in Order.__dataclass_fields__ if f != "id")) for n, o in enumerate(made)]


def _order(rng: random.Random, at_s: int) -> Order:
    category = rng.choices(list(CATEGORIES), list(CATEGORIES.values()))[0]
    urgency = rng.choices(list(URGENCIES), list(URGENCIES.values()))[0]
    due_s, ready_s = at_s + round(ARRIVAL_WITHIN[urgency].total_seconds()), at_s
    if urgency in ("normal", "low") and rng.random() < 0.25:  # the owner wishes for an hour of today or tomorrow
        ready_s = max(at_s, (at_s // DAY + rng.randrange(2)) * DAY + rng.randrange(9, 19) * HOUR)
        due_s = ready_s + GRACE_S
    takes_s = round(SERVICE_MINUTES[category] * 60 * rng.lognormvariate(-0.08, 0.4))
    spot = Spot(rng.choice(BUILDINGS), rng.randint(1, FLOORS))
    return Order(0, at_s, category, urgency, spot, due_s, ready_s, takes_s)


def task(order: Order, now_s: int, fits: frozenset[int], holder: int | None = None) -> Task:
    """Return an order as the planner knows it now: the usual duration, not the true one."""
    usual_s = SERVICE_MINUTES[order.category] * 60
    return Task(
        order.id, order.spot, order.urgency, usual_s, order.due_s - now_s, fits, max(0, order.ready_s - now_s), holder
    )


class Way:
    """A way of dispatching."""

    def __init__(self, people: list[Person]) -> None:
        self.people = people

    def asked(self, order: Order, now_s: int) -> list[Person]:
        """Return who may be sent: who is on duty, in an emergency and at night those at home as well."""
        fitting = [p for p in self.people if p.id in order.fits]
        return [p for p in fitting if p.on_duty(now_s)] or fitting

    def arrive(self, order: Order, now_s: int) -> None:
        """Give an order to somebody."""
        raise NotImplementedError

    def route(self, person: Person, now_s: int) -> list[Order]:
        """Return what somebody does next, in this sequence."""
        raise NotImplementedError

    def plan(self, now_s: int) -> int:
        """Think again; return how many orders went to somebody else."""
        return 0


class RoundRobin(Way):
    """The next fitting technician on duty in turn; everybody does what they have in the order it came."""

    urgent_first = False

    def __init__(self, people: list[Person]) -> None:
        super().__init__(people)
        self.turn = 0

    def arrive(self, order: Order, now_s: int) -> None:
        options = sorted(self.asked(order, now_s), key=lambda p: (p.id - self.turn) % len(self.people))
        self.turn = options[0].id + 1
        options[0].held.append(order)

    def route(self, person: Person, now_s: int) -> list[Order]:
        ready = [o for o in person.held if o.ready_s <= now_s]
        later = sorted((o for o in person.held if o.ready_s > now_s), key=lambda o: o.ready_s)
        if self.urgent_first:
            ready.sort(key=lambda o: -WEIGHTS[o.urgency])
        if not person.on_duty(now_s):  # at night only what cannot wait
            ready.sort(key=lambda o: o.urgency != "emergency")
        return [*ready, *later]


class RoundRobinUrgentFirst(RoundRobin):
    """The same, but everybody does the most urgent of what they have first."""

    urgent_first = True


class Planned(Way):
    """Where it fits best at once, and a new plan every now and then, as the product does."""

    limit_s = 0.05

    def arrive(self, order: Order, now_s: int) -> None:
        def cost(person: Person) -> tuple[int, int, int]:
            worker, one = person.worker(now_s), frozenset({person.id})
            held = sequence(worker, [task(o, now_s, one) for o in person.held])
            return best_insertion(worker, held, task(order, now_s, one)).cost, len(person.held), person.id

        people = self.asked(order, now_s)
        if order.urgency == "emergency":
            people = [p for p in self.people if p.id in order.fits]
        min(people, key=cost).held.append(order)

    def route(self, person: Person, now_s: int) -> list[Order]:
        by_id = {o.id: o for o in person.held}
        tasks = [task(o, now_s, frozenset({person.id})) for o in person.held]
        return [by_id[t.id] for t in sequence(person.worker(now_s), tasks)]

    def plan(self, now_s: int) -> int:
        tasks = [
            task(o, now_s, frozenset({q.id for q in self.people if q.id in o.fits and q.on_duty(now_s)} | {p.id}), p.id)
            for p in self.people
            for o in p.held
        ]
        if not any(len(t.fits) > 1 for t in tasks):
            return 0
        found = optimise([p.worker(now_s) for p in self.people], tasks, self.limit_s)
        orders = {o.id: o for p in self.people for o in p.held}
        moved = sum(1 for t in tasks if found.worker_of(t.id) != t.holder)
        for person in self.people:
            person.held = [orders[t.id] for t in found.routes[person.id]]
        return moved


def play(orders: list[Order], way_of: Callable[[list[Person]], Way]) -> Score:
    """Play a month through and return how it went."""
    people = [Person(n, start, end) for n, (_, _, start, end) in enumerate(PEOPLE)]
    way, score = way_of(people), Score()
    events: list[tuple[int, int, int]] = [(o.at_s, 0, o.id) for o in orders]
    events += [(t, 2, 0) for t in range(0, 33 * DAY, PLAN_EVERY_S)]
    heapq.heapify(events)
    changed = False
    while events:
        now_s, kind, which = heapq.heappop(events)
        if kind == 0:
            way.arrive(orders[which], now_s)
            changed = True
        elif kind == 2 and changed:
            score.moved += way.plan(now_s)
            changed = False
        for person in people if kind != 1 else [people[which]]:
            changed |= _go_on(way, person, now_s, events, score)
    assert not any(p.held for p in people)
    return score


def _go_on(way: Way, person: Person, now_s: int, events: list[tuple[int, int, int]], score: Score) -> bool:
    """Let somebody who is free set out for the next order, or wake them when it is time to. True: they set out."""
    if person.free_s > now_s or not person.held:
        return False
    order = way.route(person, now_s)[0]
    way_s = travel_s(person.spot, order.spot)
    start_s = now_s + begin_s(person.worker(now_s), way_s, task(order, now_s, frozenset({person.id})))
    if start_s - way_s > now_s:
        if person.wakes_s != start_s - way_s:
            person.wakes_s = start_s - way_s
            heapq.heappush(events, (person.wakes_s, 1, person.id))
        return False
    late_s = max(0, start_s - order.due_s)
    score.late[order.urgency] += late_s
    score.count_late += late_s > 0
    if person.spot.point and order.spot.point:
        score.walked_m += distance_m(person.spot.point, order.spot.point)
    person.held.remove(order)
    person.spot, person.free_s = order.spot, start_s + order.takes_s
    heapq.heappush(events, (person.free_s, 1, person.id))
    return True
