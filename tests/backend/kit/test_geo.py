"""Distances on the earth."""

from math import isclose

from hypothesis import given
from hypothesis import strategies as st

from backend.kit.geo import beside, distance_m

PLACE = st.tuples(st.floats(-60, 60), st.floats(-179, 179))
WAY_M = st.floats(-2000, 2000)


class TestDistance:
    def test_a_degree_of_latitude_is_about_111_kilometres(self) -> None:
        assert isclose(distance_m((22.0, 114.0), (23.0, 114.0)), 111_195, rel_tol=1e-3)

    @given(PLACE, PLACE)
    def test_it_is_the_same_both_ways(self, a: tuple[float, float], b: tuple[float, float]) -> None:
        assert isclose(distance_m(a, b), distance_m(b, a), abs_tol=1e-6)
        assert distance_m(a, a) == 0

    @given(PLACE, WAY_M, WAY_M)
    def test_beside_lies_as_far_as_was_asked(self, a: tuple[float, float], north: float, east: float) -> None:
        far = (north**2 + east**2) ** 0.5
        assert isclose(distance_m(a, beside(a, north, east)), far, rel_tol=0.01, abs_tol=0.5)
