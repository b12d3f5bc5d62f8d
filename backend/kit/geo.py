"""Places on the globe: (latitude, longitude) in degrees, WGS 84. Pure."""

from math import asin, cos, radians, sin, sqrt

Point = tuple[float, float]
EARTH_M = 6_371_000.0


def distance_m(a: Point, b: Point) -> float:
    """Return the metres between two points, as the crow flies."""
    (lat_a, lng_a), (lat_b, lng_b) = (tuple(map(radians, point)) for point in (a, b))
    half = sin((lat_b - lat_a) / 2) ** 2 + cos(lat_a) * cos(lat_b) * sin((lng_b - lng_a) / 2) ** 2
    return 2 * EARTH_M * asin(min(1.0, sqrt(half)))
