"""When and where a photo was taken, by what it says of itself (EXIF). Pure.

A phone may be wrong or lie: what cannot be is as good as not said. A time without a zone is the estate's (Shanghai).
"""

import io
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from PIL import Image

from backend.kit.clock import SHANGHAI

_EXIF_IFD, _GPS_IFD = 0x8769, 0x8825
_TAKEN, _ZONE, _WRITTEN = 0x9003, 0x9011, 0x0132
_LAT_REF, _LAT, _LNG_REF, _LNG = 1, 2, 3, 4
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
AHEAD_AT_MOST = timedelta(days=1)
"""Clocks of phones are wrong, but not by more."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A moment and a place (WGS 84, degrees), each None where the photo does not say."""

    at: datetime | None = None
    lat: float | None = None
    lng: float | None = None


def taken(data: bytes, content_type: str, now: datetime) -> Taken:
    """Return when and where the photo says it was taken; nothing of it that cannot be."""
    kind = content_type.removeprefix("image/").upper()
    if kind == "GIF":
        return Taken()
    try:
        with Image.open(io.BytesIO(data), formats=[kind]) as image:
            exif = image.getexif()
            moment = _moment(exif, exif.get_ifd(_EXIF_IFD), now)
            lat, lng = _place(exif.get_ifd(_GPS_IFD))
    except Exception:  # EXIF is whatever the sender wrote there
        return Taken()
    return Taken(moment, lat, lng)


def _moment(exif: Mapping[int, Any], more: Mapping[int, Any], now: datetime) -> datetime | None:
    said = str(more.get(_TAKEN) or exif.get(_WRITTEN) or "").strip("\0 ")
    zone = str(more.get(_ZONE) or "").strip("\0 ")
    try:
        moment = datetime.strptime(said + zone, "%Y:%m:%d %H:%M:%S%z")
    except ValueError:
        try:
            moment = datetime.strptime(said, "%Y:%m:%d %H:%M:%S").replace(tzinfo=SHANGHAI)
        except ValueError:
            return None
    return moment.astimezone(UTC) if EARLIEST <= moment <= now + AHEAD_AT_MOST else None


def _place(gps: Mapping[int, Any]) -> tuple[float | None, float | None]:
    lat = _degrees(gps.get(_LAT), gps.get(_LAT_REF), "NS", 90)
    lng = _degrees(gps.get(_LNG), gps.get(_LNG_REF), "EW", 180)
    if lat is None or lng is None or (lat, lng) == (0, 0):  # phones without a position write zeros
        return None, None
    return lat, lng


def _degrees(parts: Any, side: Any, sides: str, most: int) -> float | None:
    """Return degrees with a sign; None for numbers no compass has."""
    if not isinstance(parts, tuple) or len(parts) != 3 or side not in tuple(sides):
        return None
    try:
        degrees, minutes, seconds = (float(part) for part in parts)
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    value = degrees + minutes / 60 + seconds / 3600
    if not (math.isfinite(value) and 0 <= minutes <= 60 and 0 <= seconds <= 60 and 0 <= value <= most):
        return None
    return round(value if side == sides[0] else -value, 6)
