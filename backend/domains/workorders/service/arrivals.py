"""What past arrivals teach about the next ones."""

from datetime import timedelta

from backend.domains.clocks import service as clocks
from backend.domains.workorders import repository_clocks as repository
from backend.kit import clock, db
from backend.kit.scope import system_scope

LOOK_BACK = timedelta(days=180)


def learn() -> int:
    """Learn from the arrivals of the last half year. Returns how many groups of orders are known."""
    with db.transaction() as session, system_scope(session):
        found = [
            clocks.Arrival(community_id, category, urgency, reported, (there - reported).total_seconds() / 60)
            for community_id, category, urgency, reported, there in repository.arrivals(
                session, clock.now() - LOOK_BACK
            )
        ]
        return clocks.learn(session, found)
