"""Words that point at one of several things."""

import pytest

from actions._pointing import likeness, means_all, ordinal, points_back, short_numbers, without_number

A = "SH2611-0208"


class TestShortNumbers:
    @pytest.mark.parametrize(
        ("words", "found"),
        [
            ("0001 到了", ["0001"]),
            ("0208换了三个灯珠", ["0208"]),
            ("零零零一到了", ["0001"]),
            ("单号32的催一下", ["0032"]),
            ("32号单好了", ["0032"]),
            ("2单元1201的灯", ["1201"]),
            ("换了2个灯泡", []),
            ("交了1500元", []),
            ("13800000001", []),
            ("明天上午0830来", []),
            ("这单3个灯", []),
        ],
    )
    def test_the_end_of_an_order_number(self, words: str, found: list[str]) -> None:
        assert [short.digits for short in short_numbers(words)] == found

    @pytest.mark.parametrize(("words", "sure"), [("0208好了", True), ("尾号1201", True), ("1201好了", False)])
    def test_what_may_be_a_room_is_not_sure(self, words: str, sure: bool) -> None:
        assert short_numbers(words)[0].sure is sure

    @pytest.mark.parametrize(
        ("words", "left"),
        [
            ("0208 换了三个灯珠", "换了三个灯珠"),
            (f"{A.lower()}，好了", "好了"),
            ("0207好了", "0207好了"),
            ("0208", "0208"),
        ],
    )
    def test_a_number_in_front_is_no_part_of_the_note(self, words: str, left: str) -> None:
        assert without_number(words, A) == left


class TestOrdinal:
    @pytest.mark.parametrize(
        ("words", "index"),
        [
            ("第二张", 1),
            ("第2个催一下", 1),
            ("1", 0),
            ("选三", 2),
            ("最后一个", 3),
            ("倒数第二张", 2),
            ("头一个", 0),
            ("第十个", None),
            ("第二次了", None),
            ("第二天再来", None),
            ("两个都撤", None),
            ("最后还是没修好", None),
            ("催一下", None),
        ],
    )
    def test_a_place_among_four(self, words: str, index: int | None) -> None:
        assert ordinal(words, 4) == index


class TestAll:
    @pytest.mark.parametrize("words", ["都撤了", "全部", "两个都不用了", "都", "所有的都催一下", "都好了"])
    def test_all_of_them(self, words: str) -> None:
        assert means_all(words)

    @pytest.mark.parametrize("words", ["都三天了", "怎么都没人来", "一直都漏"])
    def test_only_impatience(self, words: str) -> None:
        assert not means_all(words)


class TestLikeness:
    @pytest.mark.parametrize(
        ("words", "thing", "like"),
        [
            ("催催空调", "不制冷|3号楼|空调暖通", 2),
            ("门铃那个", "门铃不响", 2),
            ("我家的催一下", "我家灯坏了", 0),
            ("灯那个", "灯坏了", 2),
            ("什么时候来", "什么都没有", 0),
        ],
    )
    def test_only_telling_words_count(self, words: str, thing: str, like: int) -> None:
        assert likeness(words, thing) == like

    def test_what_was_spoken_of_last(self) -> None:
        assert points_back("刚才那张不要了")
        assert not points_back("催一下")
