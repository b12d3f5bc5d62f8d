"""Answers: from the asker's own estates only, with their source, or honestly none."""

from datetime import datetime

import pytest

from tests.backend.domains.knowledge import making
from tests.backend.domains.knowledge.conftest import Place, index_all
from tests.backend.domains.knowledge.making import FakeEncoder
from tests.backend.support import User, World, is_problem


class TestAnswer:
    def test_a_passage_names_its_source(self, place: Place) -> None:
        document_id = place.put()
        passage = place.ask("门禁卡补办多少钱")["passages"][0]
        assert (passage["document"], passage["section"]) == ("住户手册", "门禁卡补办")
        assert (passage["document_id"], passage["community_name"]) == (document_id, "测试里")
        assert 0.5 <= passage["score"] <= 1
        assert datetime.fromisoformat(passage["updated_at"]).tzinfo is not None

    def test_by_meaning_once_it_is_indexed(self, place: Place, fake: FakeEncoder) -> None:
        place.put()
        index_all()
        assert place.sections("装修施工时间")[0] == "装修时间"
        tried = place.desk.post("/knowledge/try", {"question": "装修施工时间"}).json()
        assert tried["by_meaning"]
        assert tried["passages"][0]["meaning"] > 0

    @pytest.mark.parametrize("question", ["附近哪所小学好", "股票能买吗", "？？？", "的了吗"])
    def test_what_is_not_there_is_not_answered(self, place: Place, question: str) -> None:
        place.put()
        assert place.ask(question) == {"found": False, "passages": []}

    def test_an_estate_without_documents_answers_nothing(self, place: Place) -> None:
        assert place.ask("门禁卡补办多少钱") == {"found": False, "passages": []}

    def test_at_most_two_short_passages(self, place: Place) -> None:
        long = "".join(f"第{n}条规定是门禁卡补办每张收二十元工本费。" for n in range(40))
        place.put(making.markdown("长手册", 门禁卡=long, 门禁卡补办=long, 补办门禁卡=long))
        passages = place.ask("门禁卡补办多少钱")["passages"]
        assert 1 <= len(passages) <= 2
        assert all(len(p["text"]) <= 162 for p in passages)

    @pytest.mark.parametrize("body", [{}, {"question": ""}, {"question": " "}, {"question": "x" * 501}, {"q": "x"}])
    def test_no_question(self, owner: User, body: dict[str, str]) -> None:
        is_problem(owner.post("/knowledge/answer", body), 422)

    def test_an_odd_question_breaks_nothing(self, place: Place) -> None:
        place.put()
        for question in ("\x00门禁卡", "门禁卡" * 100, "😀门禁卡", "' OR 1=1 --", "<script>门禁卡</script>", "%s%d{0}"):
            assert (place.owner.post("/knowledge/answer", {"question": question})).status_code in (200, 422)


class TestEstates:
    def test_only_ones_own(self, place: Place, world: World) -> None:
        place.put(making.markdown("秘密", 暗号=f"本小区的暗号是芝麻开门{place.code}，只有本小区的人知道。"))
        question = "本小区的暗号是什么"
        assert "芝麻开门" in place.ask(question)["passages"][0]["text"]
        for stranger in (world.zhangwei, world.chenjing, world.kefu, world.lishifu):
            assert "芝麻开门" not in str(place.ask(question, stranger))

    def test_another_estate_cannot_be_named(self, place: Place, world: World) -> None:
        place.put()
        asked = {"question": "门禁卡补办多少钱", "community": place.code}
        is_problem(world.zhangwei.post("/knowledge/answer", asked), 422)
        is_problem(world.kefu.post("/knowledge/try", asked), 422)
        assert place.owner.post("/knowledge/answer", asked).json()["found"]

    def test_who_works_for_several_may_choose_one(self, place: Place, world: World) -> None:
        place.put()
        asked = {"question": "门禁卡补办多少钱", "community": place.code}
        found = world.quyu.post("/knowledge/answer", asked).json()["passages"]
        assert {p["community"] for p in found} == {place.code}
        everywhere = world.quyu.post("/knowledge/answer", {"question": "门禁卡补办多少钱"}).json()
        assert everywhere["found"]

    def test_a_technician_asks_about_where_they_work(self, place: Place, world: World) -> None:
        from backend.kit.auth import Role

        place.put()
        assert place.ask("门禁卡补办多少钱", world.new(Role.TECHNICIAN, place.code))["found"]


class TestTry:
    def test_shows_what_is_quoted_and_what_came_next(self, place: Place) -> None:
        place.put()
        tried = place.desk.post("/knowledge/try", {"question": "门禁卡补办多少钱"}).json()
        assert (tried["found"], tried["line"], tried["by_meaning"]) == (True, 0.5, False)
        assert tried["passages"][0]["quoted"]
        assert all(
            p["score"] < 0.5 or p["quoted"] or p["score"] < tried["passages"][0]["score"] for p in tried["passages"]
        )

    def test_quotes_what_the_bot_quotes(self, place: Place) -> None:
        place.put()
        for question in ("门禁卡补办多少钱", "附近哪所小学好", "垃圾几点投放"):
            tried = place.desk.post("/knowledge/try", {"question": question}).json()
            quoted = [p["section"] for p in tried["passages"] if p["quoted"]]
            assert quoted == place.sections(question)
