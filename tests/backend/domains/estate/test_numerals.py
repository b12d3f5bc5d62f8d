"""Chinese numbers in addresses."""

import cn2an
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domains.estate.numerals import as_address, normalise, to_digits


class TestToDigits:
    @pytest.mark.parametrize(
        ("words", "digits"),
        [
            ("三", "3"), ("十", "10"), ("十二", "12"), ("二十", "20"), ("二十一", "21"), ("两", "2"),
            ("一二零一", "1201"), ("幺二〇幺", "1201"), ("一百零二", "102"), ("九百零一", "901"),
        ],
    )  # fmt: skip
    def test_words_as_digits(self, words: str, digits: str) -> None:
        assert to_digits(words) == digits

    @given(st.integers(1, 999))
    def test_every_spoken_number(self, number: int) -> None:
        assert to_digits(cn2an.an2cn(number)) == str(number)

    @given(st.text(alphabet="零〇一二两三四五六七八九十百幺", min_size=1, max_size=8))
    def test_no_mix_is_too_strange(self, words: str) -> None:
        assert to_digits(words)


class TestNormalise:
    @pytest.mark.parametrize(
        ("words", "plain"),
        [
            ("三号楼二单元", "3号楼2单元"), ("幺二零一室", "1201室"), ("十二层", "12层"), ("二号梯", "2号梯"),
            ("负一楼", "负1楼"), ("３－２－１２０１", "3-2-1201"), ("3～2～1201", "3-2-1201"), ("一起修一下", "一起修一下"),
            ("三个灯", "三个灯"), ("十五号楼", "15号楼"),
        ],
    )  # fmt: skip
    def test_addresses_become_digits_and_other_words_stay(self, words: str, plain: str) -> None:
        assert normalise(words) == plain


class TestAsAddress:
    @pytest.mark.parametrize(
        ("words", "plain"),
        [
            ("三号楼二号梯", "3号楼2号梯"), ("3号楼 2号梯", "3号楼2号梯"), ("三栋2单元1201室", "3号楼2单元1201"),
            ("3-2-1201", "3号楼2单元1201"), ("五幢302", "5号楼302"), ("12楼楼道", "12楼楼道"), ("张伟", "张伟"),
        ],
    )  # fmt: skip
    def test_as_it_is_written_on_rooms_and_devices(self, words: str, plain: str) -> None:
        assert as_address(words) == plain
