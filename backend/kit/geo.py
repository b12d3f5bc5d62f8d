"""Where things are on the earth, and how far apart. Points are (latitude, longitude) in degrees, WGS-84. Pure."""

from math import asin, cos, radians, sin, sqrt

Point = tuple[float, float]

EARTH_RADIUS_M = 6_371_008.8


def distance_m(a: Point, b: Point) -> float:
    """Return the distance along the surface in metres (haversine)."""
    lat_a, lng_a, lat_b, lng_b = (radians(x) for x in (*a, *b))
    half = sin((lat_b - lat_a) / 2) ** 2 + cos(lat_a) * cos(lat_b) * sin((lng_b - lng_a) / 2) ** 2
    return 2 * EARTH_RADIUS_M * asin(min(1.0, sqrt(half)))


def beside(origin: Point, north_m: float, east_m: float) -> Point:
    """Return the point that lies so many metres north and east of another (short ways)."""
    degree_m = EARTH_RADIUS_M * radians(1)
    return origin[0] + north_m / degree_m, origin[1] + east_m / (degree_m * cos(radians(origin[0])))
