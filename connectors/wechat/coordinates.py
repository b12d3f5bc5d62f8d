"""Chinese map coordinates (GCJ-02, as WeChat sends them) to WGS-84. Points are (latitude, longitude) in degrees. Pure."""

from math import cos, pi, radians, sin, sqrt

Point = tuple[float, float]
AXIS_M = 6378245.0
ECCENTRICITY2 = 0.00669342162296594323
CHINA = (0.8293, 55.8271, 72.004, 137.8347)
"""South, north, west, east of where the shift is applied."""
ROUNDS = 4


def _waves(x: float, own: float) -> float:
    """Return the short waves: those along x, and those of the axis itself."""
    along = 20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)
    return (along + 20 * sin(own * pi) + 40 * sin(own / 3 * pi)) * 2 / 3


def shifted(point: Point) -> Point:
    """Return the GCJ-02 point of a WGS-84 point."""
    lat, lng = point
    south, north, west, east = CHINA
    if not (south <= lat <= north and west <= lng <= east):
        return point
    x, y = lng - 105.0, lat - 35.0
    far_lat = (160 * sin(y / 12 * pi) + 320 * sin(y * pi / 30)) * 2 / 3
    north_m = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + _waves(x, y) + far_lat
    far_lng = (150 * sin(x / 12 * pi) + 300 * sin(x / 30 * pi)) * 2 / 3
    east_m = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + _waves(x, x) + far_lng
    bent = 1 - ECCENTRICITY2 * sin(radians(lat)) ** 2
    d_lat = north_m * 180 / ((AXIS_M * (1 - ECCENTRICITY2)) / (bent * sqrt(bent)) * pi)
    d_lng = east_m * 180 / (AXIS_M / sqrt(bent) * cos(radians(lat)) * pi)
    return lat + d_lat, lng + d_lng


def to_wgs84(point: Point) -> Point:
    """Return the WGS-84 point of a GCJ-02 point, to a few centimetres."""
    lat, lng = point
    for _ in range(ROUNDS):
        there = shifted((lat, lng))
        lat, lng = lat + point[0] - there[0], lng + point[1] - there[1]
    return lat, lng
