"""Sections: none too long, none too short, nothing lost; what is quoted of them."""

from hypothesis import given
from hypothesis import strategies as st

from backend.domains.knowledge.cutting import LONGEST, OVERLAP, cut, excerpt, sentences, units
from backend.domains.knowledge.domain import Block, ReadDocument

TEXT = st.text(alphabet="装修押金每户两千元。；！\n", min_size=1, max_size=1200)


def document(*blocks: Block) -> ReadDocument:
    return ReadDocument("手册", blocks)


class TestCut:
    @given(TEXT)
    def test_no_section_is_too_long_and_no_word_is_lost(self, text: str) -> None:
        pieces = cut(document(Block("标题", 1), Block(text)))
        assert all(0 < len(piece.text) <= LONGEST for piece in pieces)
        kept = "".join(piece.text for piece in pieces)
        assert all(sentence in kept or len(sentence) > LONGEST for sentence in sentences(text))

    def test_a_long_text_is_cut_between_sentences_with_overlap(self) -> None:
        text = "".join(f"第{n}句话说明一件要办的事情和要带的材料。" for n in range(40))
        first, second, *_ = cut(document(Block("办事", 1), Block(text)))
        assert first.text.endswith("。")
        last = sentences(first.text)[-1]
        assert len(last) <= OVERLAP
        assert second.text.startswith(last)
        assert first.title == second.title == "办事"

    def test_short_neighbours_under_one_heading_are_joined(self) -> None:
        pieces = cut(
            document(
                Block("电话", 1), Block("物业", 2), Block("0755-1"), Block("保安", 2), Block("0755-2"), Block("停车", 1),
                Block("临时停车每小时五元，不足一小时按一小时算。"),
            )
        )  # fmt: skip
        assert [(p.title, p.text) for p in pieces] == [
            ("电话 › 物业、保安", "0755-1\n0755-2"),
            ("停车", "临时停车每小时五元，不足一小时按一小时算。"),
        ]

    def test_a_document_without_words_has_no_section(self) -> None:
        assert cut(document(Block("标题", 1))) == []


class TestExcerpt:
    def test_a_short_text_is_quoted_whole(self) -> None:
        assert excerpt("押金两千元。", 0, 160) == "押金两千元。"

    def test_a_long_text_is_quoted_around_the_best_unit(self) -> None:
        text = "".join(f"第{n}件事情请到服务中心前台办理，要带身份证。" for n in range(10, 20))
        best = next(at for at, unit in enumerate(units(text)) if "第15件" in unit)
        quoted = excerpt(text, best, 60)
        assert "第15件" in quoted
        assert len(quoted) <= 62
        assert quoted.startswith("…")
        assert quoted.endswith("…")

    @given(TEXT, st.integers(0, 60))
    def test_never_longer_than_asked_but_for_the_marks(self, text: str, best: int) -> None:
        longest_unit = max(map(len, units(text)), default=0)
        assert len(excerpt(text, best, 80)) <= max(80, longest_unit) + len(units(text)) + 2
