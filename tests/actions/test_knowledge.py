"""Questions about rules: quoted with their source, or honestly passed on."""

from typing import Any

import pytest

from actions.knowledge import AnswerQuestion, follows, source
from tests.actions.conftest import FakeBackend, Run


def passage(section: str = "门禁卡办理和补办", **changes: Any) -> dict[str, Any]:
    made = {
        "text": "丢失补办每张 20 元工本费。",
        "document": "住户服务手册",
        "section": section,
        "score": 0.8,
        "updated_at": "2026-11-24T17:00:00+00:00",
        "document_id": 1,
        "community": "sunshine",
        "community_name": "阳光花园",
    }
    return {**made, **changes}


class TestFound:
    async def test_quotes_the_passage_with_its_source(self, backend: FakeBackend, run: Run) -> None:
        backend.passages = [passage()]
        out = await run(AnswerQuestion(), "门卡丢了补一张多少钱", "ask_faq")
        assert out.text == ("丢失补办每张 20 元工本费。\n——《住户服务手册》› 门禁卡办理和补办（2026-11-25 更新）")
        assert out.payloads == ["/handoff"]
        assert backend.made() == [("/knowledge/answer", {"question": "门卡丢了补一张多少钱"})]

    async def test_two_passages_at_most(self, backend: FakeBackend, run: Run) -> None:
        backend.passages = [passage(f"第{n}节", text=f"第{n}段。") for n in range(3)]
        out = await run(AnswerQuestion(), "门禁卡", "ask_faq")
        assert [f"第{n}段" in out.text for n in range(3)] == [True, True, False]
        assert len(out.replies) == 1

    async def test_names_the_estate_only_when_there_are_several(self, backend: FakeBackend, run: Run) -> None:
        backend.passages = [passage(), passage(community="lakeside", community_name="翠湖里")]
        out = await run(AnswerQuestion(), "补卡多少钱", "ask_faq", roles=("regional",))
        assert "——阳光花园《住户服务手册》" in out.text
        assert "——翠湖里《住户服务手册》" in out.text

    @pytest.mark.parametrize(
        ("section", "payloads"),
        [
            ("装修申请和要带的资料", ["/apply_renovation"]),
            ("物业费缴纳时间和方式", ["/pay_bill"]),
            ("逾期和违约金", ["/pay_bill"]),
            ("发票和收据", ["/request_invoice"]),
            ("羽毛球场", ["/book_facility"]),
            ("访客停车", ["/invite_visitor"]),
            ("车位月租", ["/book_parking"]),
            ("报修响应时限", ["/report_repair"]),
            ("养狗和宠物管理", []),
            ("", []),
        ],
    )
    async def test_offers_what_obviously_follows(
        self, backend: FakeBackend, run: Run, section: str, payloads: list[str]
    ) -> None:
        backend.passages = [passage(section), passage("发票和收据")]
        out = await run(AnswerQuestion(), "怎么办", "ask_faq")
        assert out.payloads == [*payloads, "/handoff"]

    def test_a_document_without_headings_is_its_own_source(self) -> None:
        assert source(passage("")) == "——《住户服务手册》（2026-11-25 更新）"  # type: ignore[arg-type]
        assert follows(passage("")) == []  # type: ignore[arg-type]


class TestNotFound:
    async def test_says_so_and_tells_customer_service_what_was_asked(self, backend: FakeBackend, run: Run) -> None:
        out = await run(AnswerQuestion(), "附近哪个小学好", "ask_faq")
        assert backend.made()[-1] == (
            "/chat/hand-over", {"reason": "topic", "topic": "咨询：附近哪个小学好", "take": False}
        )  # fmt: skip
        assert "没有写到" in out.text
        assert "客服周敏" in out.text
        assert out.payloads == ["/handoff"]

    async def test_a_long_question_is_cut_for_the_topic(self, backend: FakeBackend, run: Run) -> None:
        await run(AnswerQuestion(), "问" * 900, "ask_faq")
        assert len(backend.made()[0][1]["question"]) == 500
        assert len(backend.made()[-1][1]["topic"]) <= 64

    async def test_without_a_question_asks_for_one(self, backend: FakeBackend, run: Run) -> None:
        out = await run(AnswerQuestion(), "/ask_faq", "ask_faq")
        assert "哪项规定" in out.text
        assert backend.made() == []
        assert out.payloads

    async def test_the_question_before_the_button_counts(self, backend: FakeBackend, run: Run) -> None:
        backend.passages = [passage()]
        asked = {"text": "那个卡咋整", "intent": {"name": "nlu_fallback"}, "entities": []}
        events = [
            {"event": "user", "text": "那个卡咋整", "parse_data": asked},
            {"event": "bot", "text": "您是想：", "data": {"buttons": [{"title": "咨询", "payload": "/ask_faq"}]}},
        ]
        await run(AnswerQuestion(), "/ask_faq", "ask_faq", events=events)
        assert backend.made()[0][1] == {"question": "那个卡咋整"}


class TestFailure:
    async def test_a_backend_that_fails_is_handed_over(self, backend: FakeBackend, run: Run) -> None:
        backend.fail["/knowledge/answer"] = (500, {"type": "/problems/unexpected"})
        out = await run(AnswerQuestion(), "门禁卡", "ask_faq")
        assert backend.made()[-1][1]["reason"] == "failed"
        assert "转给客服" in out.text
