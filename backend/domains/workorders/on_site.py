"""Work on site 现场作业, as rules: when it happened, how far it was, who sees which photo. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from backend.domains.workorders.domain import Status

PHOTO_KINDS: Mapping[str, str] = {"before": "处理前", "after": "处理后", "other": "其他"}
SHOWN_TO_OWNERS = frozenset({"before", "after"})
STAFF_ONLY_KINDS = frozenset({"remark", "arrival", "checklist", "transfer", "work", "clock"})
"""Lines of the history that residents do not read."""

FAR_M = 300
VAGUE_M = 100
"""From here on the phone did not know well where it was."""
MOST_MATES = 5
SIGNATURE_BYTES = 300_000
OFFLINE_AT_MOST = timedelta(hours=48)

WORKED_ON = frozenset({Status.ACCEPTED, Status.ON_SITE, Status.SUSPENDED, Status.FINISHED})
"""States in which what was done on site can be written down, also a little later."""
SIGNED_IN = frozenset({Status.ON_SITE, Status.FINISHED})
ON_THE_WAY_THERE: Mapping[Status, tuple[Status, ...]] = {
    Status.TRIAGED: (Status.ACCEPTED,),
    Status.DISPATCHED: (Status.ACCEPTED,),
    Status.SUSPENDED: (Status.ACCEPTED,),
}
"""Steps before somebody is on site, from a state."""


@dataclass(frozen=True, slots=True)
class Fix:
    """What a phone says of where it is: degrees (WGS 84) and how sure it is."""

    lat: float
    lng: float
    accuracy_m: float | None = None


def happened_at(said: datetime | None, now: datetime) -> datetime:
    """Return when something happened: what a phone that was offline says, if that can be; else now."""
    return said if said is not None and now - OFFLINE_AT_MOST <= said <= now else now


def is_far(distance_m: float | None, accuracy_m: float | None) -> bool:
    """Tell whether somebody was not there, with all allowance for a phone that is not sure."""
    return distance_m is not None and distance_m - min(accuracy_m or 0, FAR_M) > FAR_M


def distance_in_words(distance_m: float) -> str:
    """Return a distance as people say it: 40 米, 1.2 公里."""
    if distance_m < 1000:
        return f"{max(round(distance_m, -1), 10):.0f} 米"
    return f"{distance_m / 1000:.1f} 公里"


def arrival_in_words(building: str, distance_m: float, accuracy_m: float | None) -> str:
    """Return what the history says of an arrival: 离 3号楼 约 40 米."""
    words = f"离 {building}号楼 约 {distance_in_words(distance_m)}"
    if is_far(distance_m, accuracy_m):
        words += "，偏远"
    if accuracy_m is not None and accuracy_m > VAGUE_M:
        words += f"（定位误差约 {distance_in_words(accuracy_m)}）"
    return words
