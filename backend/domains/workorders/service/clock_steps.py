"""What a step of an order's clock brings about: who is told, the line of history, the live update. Many at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from backend.domains.clocks import service as clocks
from backend.domains.clocks.service import BREACH, KIND_TITLES, WARNING, Interval, Kind, Late, Reached
from backend.domains.estate import service as estate
from backend.domains.identity import service as identity
from backend.domains.notices import service as notices
from backend.domains.workorders import repository_clocks as repository
from backend.domains.workorders import wording_clocks as wording
from backend.domains.workorders.domain import ENDED, SUBJECT
from backend.domains.workorders.models import WorkOrder
from backend.domains.workorders.service import record
from backend.domains.workorders.service.views import location_of
from backend.domains.workorders.wording_clocks import StepTell, interval_words
from backend.kit import clock, live
from backend.kit.auth import ROLE_TITLES, Role


@dataclass(slots=True)
class _Desk:
    """What a batch looks up once: the estates, their technicians and who holds which role."""

    session: Session
    codes: dict[int, str] = field(default_factory=dict)
    technicians: dict[int, frozenset[int]] = field(default_factory=dict)
    staff: dict[tuple[int, Role], list[int]] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)

    def code(self, community_id: int) -> str:
        if community_id not in self.codes:
            self.codes[community_id] = estate.community(self.session, community_id).code
        return self.codes[community_id]

    def works_here(self, order: WorkOrder) -> bool:
        """Tell whether the order is in the hands of a technician of its estate."""
        here = order.community_id
        if here not in self.technicians:
            self.technicians[here] = frozenset(t.id for t in identity.technicians(self.session, here))
        return order.technician_id in self.technicians[here]

    def holders(self, community_id: int, role: Role) -> tuple[Role, list[int]]:
        """Return who hears as this role: an estate without one is looked after by the next above."""
        for above in wording.UPWARDS[wording.UPWARDS.index(role) :]:
            key = (community_id, above)
            if key not in self.staff:
                self.staff[key] = identity.staff_ids(self.session, community_id, [above])
            if self.staff[key]:
                return above, self.staff[key]
        return role, []

    def called(self, person_ids: set[int]) -> None:
        people = identity.views(self.session, sorted(person_ids - self.names.keys()))
        self.names.update({i: identity.called(p.name, Role.TECHNICIAN) for i, p in people.items()})


@dataclass(slots=True)
class _Out:
    """What leaves with a batch."""

    queue: list[tuple[int, notices.Telling]] = field(default_factory=list)
    lines: list[dict[str, Any]] = field(default_factory=list)
    escalated: dict[str, list[int]] = field(default_factory=dict)


def tell_steps(session: Session, reached: Sequence[Reached]) -> Mapping[str, Sequence[int]]:
    """Tell of steps that clocks of orders have reached; return the clocks by the role they were escalated to."""
    orders = repository.by_ids(session, {r.subject_id for r in reached})
    steps = [(r, orders[r.subject_id]) for r in reached if r.subject_id in orders]
    steps = [(r, order) for r, order in steps if order.status not in ENDED]
    desk, out = _Desk(session), _Out()
    desk.called({o.technician_id for _, o in steps if o.technician_id is not None})
    for step, order in steps:
        _tell_step(desk, out, step, order)
    _tell_who_waits(desk, out, steps)
    notices.tell_all(session, out.queue)
    repository.add_lines(session, out.lines)
    live.publish_all(session, [_seen(order) for order in {o.id: o for _, o in steps}.values()])
    return out.escalated


def _seen(order: WorkOrder) -> dict[str, Any]:
    """Return the live update of an order for the desk and its technician."""
    return {
        "topic": "work_order",
        "data": {"number": order.number, "status": order.status, "version": order.version},
        "community_id": order.community_id,
        "person_id": order.technician_id,
        "permission": "workorders.read",
    }


def _tell_step(desk: _Desk, out: _Out, step: Reached, order: WorkOrder) -> None:
    held = desk.works_here(order)
    tell = (wording.HELD if held else wording.FREE).get(step.step.key)
    fields = _fields(desk, step, order)
    title = wording.LINE_TITLES.get(step.step.key, wording.STILL).format(**fields)
    if tell is None:
        out.lines.append(_line(order, title, fields["nobody"]))
        return
    role, people = _audience(desk, order, tell)
    telling = notices.Telling(order.community_id, tell.text.format(**fields), step.key)
    out.queue += [(person, telling) for person in people]
    out.lines.append(_line(order, title, wording.line_text(role, fields["technician"])))
    if step.level >= BREACH:
        out.escalated.setdefault(role.value, []).append(step.clock_id)


def _audience(desk: _Desk, order: WorkOrder, tell: StepTell) -> tuple[Role, list[int]]:
    if tell.role is Role.TECHNICIAN:
        return tell.role, [order.technician_id] if order.technician_id is not None else []
    return desk.holders(order.community_id, tell.role)


def _fields(desk: _Desk, step: Reached, order: WorkOrder) -> dict[str, str]:
    technician = desk.names.get(order.technician_id or 0, "师傅")
    nobody = wording.UNASSIGNED if order.technician_id is None else wording.LEFT.format(technician=technician)
    return {
        "number": order.number,
        "place": estate.in_words(location_of(order, desk.code(order.community_id))),
        "fault": order.fault,
        "what": KIND_TITLES[step.kind],
        "due": clock.in_words(step.due_at),
        "technician": technician,
        "nobody": nobody,
    }


def _line(order: WorkOrder, title: str, text: str) -> dict[str, Any]:
    return {
        "work_order_id": order.id,
        "community_id": order.community_id,
        "at": clock.now(),
        "actor_id": None,
        "actor_name": "系统",
        "actor_kind": "system",
        "kind": "clock",
        "title": title,
        "text": text,
        "from_status": None,
        "to_status": None,
    }


def _tell_who_waits(desk: _Desk, out: _Out, steps: Sequence[tuple[Reached, WorkOrder]]) -> None:
    """Tell the owners, once and before the promise is missed, that somebody may come later, and when then."""
    late = {o.id: (r, o) for r, o in steps if r.kind is Kind.ARRIVAL and r.level >= WARNING}
    told = clocks.expect_later(
        desk.session,
        SUBJECT,
        [Late(o.id, o.community_id, o.category, o.urgency, r.due_at) for r, o in late.values()],
    )
    followed = repository.followed(desk.session, told)
    for order_id, expected in told.items():
        step, order = late[order_id]
        people = record.reporters(desk.session, order) if order_id in followed else [order.reporter_id]
        _tell_owner(desk, out, step, order, expected, [i for i in people if i is not None])


def _tell_owner(
    desk: _Desk, out: _Out, step: Reached, order: WorkOrder, expected: Interval, people: Sequence[int]
) -> None:
    fields = {"number": order.number, "expected": interval_words(expected.start, expected.end)}
    text = wording.MAY_BE_LATE if desk.works_here(order) else wording.NOT_YET_ASSIGNED
    telling = notices.Telling(order.community_id, text.format(**fields), f"{step.key}:later")
    out.queue += [(person, telling) for person in people]
    out.lines.append(_line(order, wording.LATER_TITLE, wording.LATER_TEXT.format(**fields)))


def role_title(role: str | None) -> str | None:
    """Return the title of a role that a clock was escalated to."""
    return ROLE_TITLES[Role(role)] if role else None


clocks.on_step(SUBJECT, tell_steps, repository.lock)
