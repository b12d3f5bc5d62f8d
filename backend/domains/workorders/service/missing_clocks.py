"""Orders that were open before there were clocks get theirs: looked for by the worker, each once."""

import logging

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import StaleDataError

from backend.domains.clocks import service as clocks
from backend.domains.workorders import repository_clocks as repository
from backend.domains.workorders.domain import SUBJECT
from backend.domains.workorders.service.clocks import give_missing
from backend.kit import db
from backend.kit.scope import system_scope

log = logging.getLogger("guanjia.clocks")
AT_ONCE = 500


def give() -> int:
    """Give clocks to every open order without any; what somebody else has in hand is left for the next time.

    Returns how many orders got theirs.
    """
    given, after = 0, 0
    while True:
        with db.transaction(read_only=True) as session, system_scope(session):
            page = repository.active_ids(session, after, AT_ONCE)
            missing = clocks.without(session, SUBJECT, page)
        given += sum(_give(order_id) for order_id in missing)
        if len(page) < AT_ONCE:
            return given
        after = page[-1]


def _give(order_id: int) -> bool:
    try:
        with db.transaction() as session, system_scope(session):
            ours = repository.lock(session, [order_id])
            return bool(ours) and give_missing(session, repository.by_ids(session, ours)[order_id])
    except (StaleDataError, OperationalError):
        log.info("order %s is being moved", order_id)
        return False
    except Exception:  # one order that cannot be timed must not keep the others from it
        log.exception("order %s got no clocks", order_id)
        return False
