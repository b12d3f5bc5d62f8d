"""What a master is without one of the orders merged into it: how urgent, what it promises, and its clocks."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from backend.domains.dispatch import service as dispatch
from backend.domains.workorders import repository_again
from backend.domains.workorders import repository_incidents as rows
from backend.domains.workorders.domain import URGENCIES
from backend.domains.workorders.models import WorkOrder
from backend.domains.workorders.models_incidents import WorkOrderMerge
from backend.domains.workorders.service import clocks, following, record
from backend.domains.workorders.service.editing import urgency_corrected_at


class _Said(NamedTuple):
    """From when on others said how urgent it is."""

    at: datetime
    urgency: str


def restore(session: Session, master: WorkOrder, merge: WorkOrderMerge) -> None:
    """Make a master as urgent as it is without a merge that still stands: the most of its own urgency before any
    merge, of what stays merged into it, and of what was said of it again; promise and clocks are what they would be.

    Staff have the last word: what they corrected was decided knowing what was merged by then, so that taking back
    such a merge changes nothing, and a later one leads back to the correction. So does an urgency that came otherwise
    than from merges (a split). System work.
    """
    merges = _together(rows.merges_under(session, master.id, urgency_corrected_at(session, master)))
    if merge not in merges:
        return
    own, standing = merges[0].urgency_before, [m for m in merges if m.undone_at is None]
    again = list(_again(session, master, merges))
    orders = {o.id: o for o in rows.orders(session, [m.work_order_id for m in standing])}
    merged = {m.id: _Said(m.at, orders[m.work_order_id].urgency) for m in standing}
    was = _raises(own, [*again, *merged.values()])
    now = _raises(own, [*again, *(said for key, said in merged.items() if key != merge.id)])
    if was == now or master.urgency != was[-1].urgency:
        return
    before, master.urgency = master.urgency, own
    clocks.begin_again(session, master, merges[0].promised_before)
    for said in now:
        master.urgency = said.urgency
        clocks.recompute(session, master, more_urgent_since=said.at)
    if master.urgency != before:
        record.write(
            session, master, None, "edit", "紧急程度恢复", f"{URGENCIES[before]} → {URGENCIES[master.urgency]}"
        )
    dispatch.changed(session, master.community_id)


def _together(merges: Iterable[WorkOrderMerge]) -> list[WorkOrderMerge]:
    """Return the last merges of which always one or another stood: before them the master was as urgent as by itself."""
    found: list[WorkOrderMerge] = []
    for merge in merges:
        if all(m.undone_at is not None and m.undone_at < merge.at for m in found):
            found = []
        found.append(merge)
    return found


def _again(session: Session, master: WorkOrder, merges: list[WorkOrderMerge]) -> Iterable[_Said]:
    """Yield what was said of the master again since, other than what the merges brought."""
    brought = {int(i) for m in merges for i in m.repeats}
    for row in repository_again.repeats_since(session, master.id, merges[0].at):
        if row.id not in brought:
            yield _Said(row.at, following.said_again(row).urgency)


def _raises(own: str, said: Iterable[_Said]) -> list[_Said]:
    """Return what made it more urgent than it was until then, in order of time."""
    rank, found = following.MOST_URGENT_FIRST.index, list[_Said]()
    for one in sorted(said):
        if rank(one.urgency) < rank(found[-1].urgency if found else own):
            found.append(one)
    return found
