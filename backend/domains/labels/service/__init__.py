"""Use cases of labels, one module each."""

from backend.domains.labels.service.making import make, opened, places, printed, revoke
from backend.domains.labels.service.scanning import (
    Answer,
    Brief,
    Scan,
    add_picture,
    report,
    scan,
    take,
)
from backend.domains.labels.service.strangers import stranger

__all__ = [
    "Answer",
    "Brief",
    "Scan",
    "add_picture",
    "make",
    "opened",
    "places",
    "printed",
    "report",
    "revoke",
    "scan",
    "stranger",
    "take",
]
