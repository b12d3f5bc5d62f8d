"""What every installation starts with: the known years and the company's targets."""

from sqlalchemy.exc import IntegrityError

from backend.domains.clocks.service import calendar, targets
from backend.kit import db
from backend.kit.scope import system_scope


def seed() -> None:
    """Add what is missing; also when several processes start at once."""
    try:
        with db.transaction() as session, system_scope(session):
            calendar.seed(session)
            targets.seed(session)
    except IntegrityError:  # another process did it at this moment
        return
