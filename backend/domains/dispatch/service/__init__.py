"""Dispatch for other domains."""

from backend.domains.dispatch.domain import (
    MODE_TITLES,
    Candidate,
    Choice,
    Duty,
    Errand,
    Mode,
    Relocation,
    Rule,
    Situation,
)
from backend.domains.dispatch.service.changes import changed, claim, to_plan
from backend.domains.dispatch.service.choosing import LastJob, choose, rank, scores, situation
from backend.domains.dispatch.service.offers import (
    OfferView,
    close_offers,
    due_offers,
    last_offer,
    on_offer,
    open_offer,
)
from backend.domains.dispatch.service.positions import Seen, forget_positions, report_position
from backend.domains.dispatch.service.replanning import propose
from backend.domains.dispatch.service.roster import (
    add_leave,
    is_technician,
    person_rosters,
    put_shifts,
    remove_leave,
)
from backend.domains.dispatch.service.rules import put_rules, rules

__all__ = [
    "MODE_TITLES",
    "Candidate",
    "Choice",
    "Duty",
    "Errand",
    "LastJob",
    "Mode",
    "OfferView",
    "Relocation",
    "Rule",
    "Seen",
    "Situation",
    "add_leave",
    "changed",
    "choose",
    "claim",
    "close_offers",
    "due_offers",
    "forget_positions",
    "is_technician",
    "last_offer",
    "on_offer",
    "open_offer",
    "person_rosters",
    "propose",
    "put_rules",
    "put_shifts",
    "rank",
    "remove_leave",
    "report_position",
    "rules",
    "scores",
    "situation",
    "to_plan",
]
