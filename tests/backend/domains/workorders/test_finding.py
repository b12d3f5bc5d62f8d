"""What an order is found by, and what is looked for."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.domains.estate.service import Location
from backend.domains.workorders.finding import NUMBER, Term, address_lines, folded, lines, names_somebody, pairs, terms

PRINTED = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30)


class TestLines:
    @given(PRINTED)
    @settings(deadline=None)
    def test_folding_twice_is_folding_once(self, text: str) -> None:
        assert folded(folded(text)) == folded(text)

    @given(PRINTED, st.data())
    @settings(deadline=None)
    def test_every_part_of_a_line_has_pairs_of_the_line(self, text: str, data: st.DataObject) -> None:
        line = lines(text)
        start = data.draw(st.integers(0, len(line) - 1))
        end = data.draw(st.integers(start, len(line)))
        assert set(pairs(line[start:end])) <= set(pairs(line))

    def test_every_way_to_begin_an_address(self) -> None:
        written = address_lines(Location("sunshine", "3", "2", "12", "1201", "厨房"))
        for begun in ("3号楼", "3号楼2单元1201", "3号楼1201", "2单元1201", "1201\n", "厨房"):
            assert f"\n{begun}" in written
        assert "\n3号楼2单元12层" in address_lines(Location("sunshine", "3", "2", "12", None, "楼道"))
        assert address_lines(Location("sunshine")) == "\n"


class TestTerms:
    @given(st.text(max_size=40))
    @settings(deadline=None)
    def test_whatever_is_asked_is_looked_for_somewhere(self, q: str) -> None:
        assert all(term.words or term.at for term in terms(q))

    @pytest.mark.parametrize(
        ("q", "found"),
        [
            ("漏水", [Term("漏水")]),
            ("三号楼漏水", [Term(None, "\n3号楼"), Term("漏水")]),
            ("3-2-1201", [Term(None, "\n3号楼2单元1201")]),
            ("1201室", [Term("1201", "\n1201\n")]),
            ("二单元 灯", [Term(None, "\n2单元"), Term("灯")]),
            ("ＬＥＤ灯", [Term("led灯")]),
        ],
    )
    def test_addresses_apart_from_words(self, q: str, found: list[Term]) -> None:
        assert terms(q) == found

    def test_pairs_of_every_address_are_not_asked_for(self) -> None:
        assert Term(None, "\n3号楼2单元").pairs == ["\n3", "3号", "楼2", "2单"]
        assert Term("单元").pairs == ["单元"]

    @pytest.mark.parametrize(
        ("q", "somebody"),
        [
            ("13800000001", True),
            ("zhangwei", True),
            ("3-2-1201", True),
            ("张伟", False),
            ("漏水", False),
            ("1201", False),
        ],
    )
    def test_what_stands_with_the_person(self, q: str, somebody: bool) -> None:
        assert names_somebody(q) is somebody

    def test_a_whole_number_is_one(self) -> None:
        assert NUMBER.fullmatch("SH2611-0032")
        assert not NUMBER.fullmatch("2611-0032")
