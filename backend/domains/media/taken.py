"""When and where a photo was taken: by what it says of itself (EXIF), or what the phone says that sent it. Pure.

A phone may be wrong or lie. What cannot be is as good as not said in a file, which nobody can put right any more, and
refused where it is said beside one. A time without a zone is the estate's (Shanghai).
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
STATED_AHEAD_AT_MOST = timedelta(minutes=5)
"""What is said beside a photo has just been looked at."""
FILE, PHONE = "file", "phone"


@dataclass(frozen=True, slots=True)
class Taken:
    """A moment and a place (WGS 84, degrees), each None where the photo does not say."""

    at: datetime | None = None
    lat: float | None = None
    lng: float | None = None


UNSAID = Taken()


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
    return _no_later(moment.astimezone(UTC), now) if EARLIEST <= moment <= now + AHEAD_AT_MOST else None


def _no_later(moment: datetime, now: datetime) -> datetime:
    """Return the moment, or now where a clock was ahead: nothing comes before it was taken."""
    return min(moment, now)


def wrong_moment(moment: datetime, now: datetime) -> str | None:
    """Return why a stated moment cannot be, None when it can."""
    if moment > now + STATED_AHEAD_AT_MOST:
        return "拍摄时间还没到，请检查手机的时间"
    return "拍摄时间太早了，请检查手机的时间" if moment < EARLIEST else None


def wrong_place(lat: float, lng: float) -> str | None:
    """Return why a stated place (degrees) cannot be, None when it can."""
    if not (math.isfinite(lat) and math.isfinite(lng) and abs(lat) <= 90 and abs(lng) <= 180):
        return "拍摄地点的经纬度不对"
    return "拍摄地点的经纬度是空的" if (lat, lng) == (0, 0) else None


def settled(by_file: Taken, stated: Taken, now: datetime) -> tuple[Taken, str | None, str | None]:
    """Return when and where, and who said each: what stands in the file counts before what the phone says of it."""
    at = by_file.at if by_file.at is not None or stated.at is None else _no_later(stated.at.astimezone(UTC), now)
    where = by_file if by_file.lat is not None else stated
    lat, lng = (None, None) if where.lat is None or where.lng is None else (round(where.lat, 6), round(where.lng, 6))
    return Taken(at, lat, lng), _said_by(by_file.at, at), _said_by(by_file.lat, lat)


def _said_by(in_file: object, kept: object) -> str | None:
    if kept is None:
        return None
    return PHONE if in_file is None else FILE


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
