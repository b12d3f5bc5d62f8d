"""Words, everyday and formal; which sections answer, and the line below which none does."""

import pytest

from backend.domains.knowledge import words
from backend.domains.knowledge.domain import Hit
from backend.domains.knowledge.lexical import Lexicon, most_alike
from backend.domains.knowledge.ranking import LINE, Meaning, answering, rank


def meaning(score: float, sentence: int | None = None) -> Meaning:
    return Meaning(score, score, score, sentence)


class TestWords:
    @pytest.mark.parametrize(
        ("said", "formal"),
        [("小电驴能上楼吗", "电动自行车能上楼吗"), ("滞纳金怎么算", "违约金怎么算"), ("门禁卡", "门禁卡"), ("", "")],
    )
    def test_everyday_words_become_formal(self, said: str, formal: str) -> None:
        assert words.formal(said) == formal

    def test_no_everyday_word_stands_for_two_things(self) -> None:
        said = [word for many in words._SAID.values() for word in many.split()]
        assert sorted(said) == sorted(set(said))

    def test_no_formal_word_is_an_everyday_word_of_another(self) -> None:
        assert {formal for formal in words._SAID if words.formal(formal) != formal} == set()

    def test_a_question_about_money_looks_for_money(self) -> None:
        assert "#money" in words.kinds_asked("补一张多少钱")
        assert "#money" in words.kinds_answered("每张 20 元")


class TestLexicon:
    @pytest.fixture
    def lexicon(self) -> Lexicon:
        made = Lexicon()
        made.add(1, "门禁卡补办", "丢失补办每张 20 元工本费。")
        made.add(2, "垃圾分类", "每天 7:00–9:00 投放，分四类。")
        made.add(3, "装修时间", "周一至周五 8:00–12:00 施工。")
        return made

    def test_the_section_with_the_words_comes_first(self, lexicon: Lexicon) -> None:
        scores = lexicon.scores("门卡丢了补办多少钱")
        assert max(scores, key=lambda i: scores[i]) == 1

    def test_what_was_removed_is_not_found(self, lexicon: Lexicon) -> None:
        lexicon.remove([1, 99])
        assert 1 not in lexicon.scores("门禁卡补办")

    def test_a_known_id_takes_the_new_words(self, lexicon: Lexicon) -> None:
        lexicon.add(1, "快递", "放在东门驿站。")
        assert 1 not in lexicon.scores("门禁卡补办")
        assert 1 in lexicon.scores("快递放哪")

    def test_a_question_without_words_finds_nothing(self, lexicon: Lexicon) -> None:
        assert lexicon.scores("的吗？！") == {}
        assert Lexicon().scores("门禁卡") == {}

    def test_a_thing_that_nobody_names_is_unknown(self, lexicon: Lexicon) -> None:
        assert lexicon.unknown("游泳池几点开放")
        assert not lexicon.unknown("垃圾几点投放")

    def test_most_alike(self) -> None:
        assert most_alike("押金多少", ["工期九十天。", "押金两千元。"]) == 1
        assert most_alike("押金多少", []) == 0


class TestRank:
    def test_meaning_counts_and_words_help(self) -> None:
        hits = rank({1: meaning(0.88), 2: meaning(0.88)}, {2: 0.4}, "built-in", False)
        assert [hit.section_id for hit in hits] == [2, 1]

    def test_an_unknown_thing_lowers_the_score(self) -> None:
        known = rank({1: meaning(0.9)}, {}, "built-in", False)[0].score
        assert rank({1: meaning(0.9)}, {}, "built-in", True)[0].score < known

    def test_sections_without_vectors_are_ranked_by_their_words(self) -> None:
        hits = rank({1: meaning(0.80)}, {2: 0.3}, "built-in", False)
        assert (hits[0].section_id, hits[0].meaning) == (2, None)

    def test_an_encoder_that_was_not_measured_is_compared_with_unrelated_sections(self) -> None:
        meanings = {i: meaning(0.2) for i in range(1, 8)} | {9: meaning(0.7)}
        hits = rank(meanings, {}, "some/encoder", False)
        assert hits[0].score >= LINE > hits[1].score

    @pytest.mark.parametrize(
        ("scores", "quoted"), [([0.49], 0), ([], 0), ([0.9, 0.85, 0.84], 2), ([0.9, 0.6], 1), ([0.55, 0.49], 1)]
    )
    def test_what_answers(self, scores: list[float], quoted: int) -> None:
        hits = [Hit(at, score, score, 0.0) for at, score in enumerate(scores)]
        assert len(answering(hits)) == quoted
