"""What an owner does with orders: which one is meant, what is done, what is said."""

from typing import Any

import pytest

from actions.work_order import (
    AmendWorkOrder,
    CancelWorkOrder,
    ConfirmWorkOrder,
    QueryWorkOrder,
    RateWorkOrder,
    RejectWorkOrder,
    UrgeWorkOrder,
)
from tests.actions.conftest import FakeBackend, Run, line, order

A, B = "SH2611-0001", "SH2611-0002"


class TestWhichOrder:
    async def test_the_number_in_the_message_wins(self, backend: FakeBackend, run: Run) -> None:
        backend.add(order(A), order(B))
        await run(CancelWorkOrder(), f"{B}不用修了", "cancel_work_order", entities={"order_number": B.lower()})
        assert (backend.orders[A]["status"], backend.orders[B]["status"]) == ("dispatched", "cancelled")

    async def test_the_only_candidate_needs_no_question(self, backend: FakeBackend, run: Run) -> None:
        backend.add(order(A, "finished"), order(B))
        await run(CancelWorkOrder(), "不用修了", "cancel_work_order")
        assert backend.orders[B]["status"] == "cancelled"

    async def test_several_give_one_question_with_a_button_each(self, backend: FakeBackend, run: Run) -> None:
        backend.add(order(A), order(B, place="大堂"))
        out = await run(CancelWorkOrder(), "不用修了", "cancel_work_order")
        assert backend.moves() == []
        assert out.payloads == [f'/cancel_work_order{{"order_number": "{n}"}}' for n in (A, B)]
        assert out.replies[0]["buttons"][1]["title"] == f"{B} 大堂 灯不亮"

    async def test_a_slot_of_an_earlier_message_does_not_decide(self, backend: FakeBackend, run: Run) -> None:
        backend.add(order(A), order(B))
        await run(CancelWorkOrder(), "不用修了", "cancel_work_order", slots={"order_number": A})
        assert backend.moves() == []

    async def test_an_unsure_wish_to_cancel_is_asked_first(self, backend: FakeBackend, run: Run) -> None:
        backend.add(order(A))
        out = await run(CancelWorkOrder(), "那个要不", "cancel_work_order", confidence=0.4)
        assert backend.moves() == []
        assert out.payloads == [f'/cancel_work_order{{"order_number": "{A}"}}']

    async def test_none_is_said_kindly(self, run: Run) -> None:
        out = await run(CancelWorkOrder(), "不用修了", "cancel_work_order")
        assert "没有可以撤的工单" in out.text

    async def test_an_unknown_number_is_said_in_the_backends_words(self, run: Run) -> None:
        out = await run(QueryWorkOrder(), "SH2611-9999", "query_work_order", entities={"order_number": "SH2611-9999"})
        assert out.text == "没有找到这张工单。"


class TestQuery:
    async def test_cards_with_a_plain_sentence(self, backend: FakeBackend, run: Run) -> None:
        backend.add(order(A, "on_site"), order(B, "finished"))
        out = await run(QueryWorkOrder(), "修到哪了", "query_work_order")
        assert [c["number"] for c in out.cards] == [A, B]
        assert "李师傅已到现场，正在处理" in out.text
        assert "10:00 更新" in out.text
        assert f'/confirm_work_order{{"order_number": "{B}"}}' in out.payloads

    async def test_without_a_technician(self, backend: FakeBackend, run: Run) -> None:
        backend.add(order(A, "triaged", technician=None, promised_at=None))
        out = await run(QueryWorkOrder(), "修到哪了", "query_work_order")
        assert "已受理，客服正在安排师傅" in out.text


class TestUrgeAndAmend:
    async def test_urging_is_a_note_of_its_kind(self, backend: FakeBackend, run: Run) -> None:
        backend.add(order(A))
        out = await run(UrgeWorkOrder(), "怎么还不来", "urge_work_order")
        assert backend.made()[-1] == (f"/work-orders/{A}/notes", {"text": "怎么还不来", "kind": "urge"})
        assert "让您久等了" in out.text

    async def test_urging_again_so_soon_is_answered_as_the_backend_says(self, backend: FakeBackend, run: Run) -> None:
        backend.add(order(A, answer="刚才已经催过了。"))
        out = await run(UrgeWorkOrder(), "怎么还不来", "urge_work_order")
        assert "刚才已经催过了" in out.text
        assert "我已经去催" not in out.text

    async def test_an_order_that_is_confirmed_first_says_so(self, backend: FakeBackend, run: Run) -> None:
        backend.add(order(A, "triaged", technician=None, promised_at=None, confirmation="pending"))
        out = await run(QueryWorkOrder(), "修到哪了", "query_work_order")
        assert "客服会先核实" in out.text

    async def test_words_are_added_as_said(self, backend: FakeBackend, run: Run) -> None:
        backend.add(order(A))
        out = await run(AmendWorkOrder(), "0001 补充一下，带梯子", "amend_work_order")
        assert backend.made()[-1] == (f"/work-orders/{A}/amendments", {"text": "补充一下，带梯子"})
        assert out.text == f"记下了，已补充到工单 {A}，师傅看得到。"

    async def test_words_that_may_be_a_report_offer_one(self, backend: FakeBackend, run: Run) -> None:
        backend.add(order(A))
        ranking = ["amend_work_order", "report_repair"]
        out = await run(AmendWorkOrder(), "厕所的灯也不亮", "amend_work_order", ranking=ranking)
        assert out.payloads == ["另外报修：厕所的灯也不亮"]

    async def test_the_question_which_order_offers_a_new_one_as_well(self, backend: FakeBackend, run: Run) -> None:
        backend.add(order(A), order(B))
        ranking = ["amend_work_order", "report_repair"]
        out = await run(AmendWorkOrder(), "厕所的灯也不亮", "amend_work_order", ranking=ranking)
        assert out.payloads[-1] == "另外报修：厕所的灯也不亮"
        assert len(out.payloads) == 3

    async def test_a_plain_addition_offers_nothing(self, backend: FakeBackend, run: Run) -> None:
        backend.add(order(A))
        ranking = ["amend_work_order", "thank", "report_repair"]
        assert (await run(AmendWorkOrder(), "补充一下，带梯子", "amend_work_order", ranking=ranking)).payloads == []

    async def test_what_has_changed_is_said_in_full(self, backend: FakeBackend, run: Run) -> None:
        backend.add(order(A))
        backend.changes = ["上门时间 周六 11-28 09:00"]
        out = await run(AmendWorkOrder(), "改到周六上午", "amend_work_order")
        assert out.text.startswith("改好了：上门时间 周六 11-28 09:00。")

    async def test_what_was_not_done_is_said_as_well(self, backend: FakeBackend, run: Run) -> None:
        backend.add(order(A, answer="时间我记在备注里了。"))
        out = await run(AmendWorkOrder(), "下午三点以后", "amend_work_order")
        assert out.text.endswith("师傅看得到。时间我记在备注里了。")


class TestAcceptance:
    async def test_acceptance_asks_for_stars(self, backend: FakeBackend, run: Run) -> None:
        backend.add(order(A, "finished"))
        out = await run(ConfirmWorkOrder(), "修好了", "confirm_work_order")
        assert backend.moves() == ["accepted_by_owner"]
        assert out.payloads[0] == f'/rate_work_order{{"order_number": "{A}", "stars": "5"}}'
        assert len(out.payloads) == 5

    async def test_stars_in_the_same_message_rate_at_once(self, backend: FakeBackend, run: Run) -> None:
        backend.add(order(A, "finished"))
        out = await run(ConfirmWorkOrder(), "修好了，五星", "confirm_work_order", entities={"stars": "5"})
        assert backend.made()[-1][1]["stars"] == 5
        assert "5 星" in out.text

    async def test_refusal_carries_the_words(self, backend: FakeBackend, run: Run) -> None:
        backend.add(order(A, "finished"), order(B, "accepted_by_owner"))
        out = await run(RejectWorkOrder(), "还在滴水", "reject_work_order")
        assert backend.made()[-1][1] == {"to": "reopened", "note": "还在滴水"}
        assert A in out.text

    @pytest.mark.parametrize(("entities", "asks"), [({}, True), ({"stars": "4"}, False), ({"stars": "9"}, True)])
    async def test_rating(self, backend: FakeBackend, run: Run, entities: dict[str, str], asks: bool) -> None:
        backend.add(order(A, "accepted_by_owner"))
        out = await run(RateWorkOrder(), "打分", "rate_work_order", entities=entities)
        assert bool(out.payloads) is asks
        assert (backend.orders[A]["rating"] is None) is asks


class TestMarkOfWorkThatWasRefused:
    WORDS = "给1星，师傅态度差"

    @pytest.mark.parametrize(("status", "others"), [("reopened", []), ("dispatched", []), ("reopened", ["finished"])])
    async def test_is_kept_on_the_order(self, backend: FakeBackend, run: Run, status: str, others: list[str]) -> None:
        backend.add(order(A, status), *(order(B, other) for other in others))
        said = line(f"没修好，给您添麻烦了。工单 {A} 已登记返修。", order=A)
        out = await run(RateWorkOrder(), self.WORDS, "rate_work_order", entities={"stars": "1"}, lately=[said])
        assert backend.made() == [(f"/work-orders/{A}/notes", {"text": f"业主评价：{self.WORDS}", "kind": "note"})]
        assert f"工单 {A} 还在返修" in out.text
        assert "已记在工单上" in out.text

    async def test_another_order_is_rated_when_that_was_shown(self, backend: FakeBackend, run: Run) -> None:
        backend.add(order(A, "reopened"), order(B, "finished"))
        said = line("修好了，请验收。", order=B)
        await run(RateWorkOrder(), "给1星", "rate_work_order", entities={"stars": "1"}, lately=[said])
        assert [path for path, _ in backend.made()] == [f"/work-orders/{B}/rating"]

    async def test_an_open_order_that_nobody_refused_takes_no_mark(self, backend: FakeBackend, run: Run) -> None:
        backend.add(order(A, "dispatched"))
        out = await run(RateWorkOrder(), self.WORDS, "rate_work_order", entities={"stars": "1"})
        assert (backend.made(), "现在没有可以评价的工单" in out.text) == ([], True)


def asked_before(words: str, payload: str, intent: str) -> list[dict[str, Any]]:
    parse = {"text": words, "intent": {"name": intent}, "entities": [{"entity": "stars", "value": "4"}]}
    return [
        {"event": "user", "text": words, "parse_data": parse},
        {"event": "bot", "text": "哪一张？", "data": {"buttons": [{"title": "x", "payload": payload}]}},
        {"event": "user", "text": payload, "parse_data": {}},
    ]


class TestAfterTheWarranty:
    async def test_the_new_order_is_named_in_the_backends_words(self, backend: FakeBackend, run: Run) -> None:
        backend.add(order(A, "closed", answer=f"保修期过了，我另开了新单 {B}。"))
        out = await run(RejectWorkOrder(), f"{A} 又坏了", "reject_work_order", entities={"order_number": A})
        assert out.text == f"保修期过了，我另开了新单 {B}。"
        assert backend.moves() == ["reopened"]


class TestWordsBeforeATap:
    PAYLOAD = f'/reject_work_order{{"order_number": "{A}"}}'

    async def test_the_words_that_made_us_ask_still_count(self, backend: FakeBackend, run: Run) -> None:
        backend.add(order(A, "finished"))
        events = asked_before("还在滴水", self.PAYLOAD, "reject_work_order")
        given: dict[str, Any] = {"entities": {"order_number": A}, "events": events}
        await run(RejectWorkOrder(), self.PAYLOAD, "reject_work_order", **given)
        assert backend.made()[-1][1]["note"] == "还在滴水"

    async def test_words_about_something_else_do_not(self, backend: FakeBackend, run: Run) -> None:
        backend.add(order(A, "finished"))
        events = asked_before("修到哪了", self.PAYLOAD, "query_work_order")
        given: dict[str, Any] = {"entities": {"order_number": A}, "events": events}
        await run(RejectWorkOrder(), self.PAYLOAD, "reject_work_order", **given)
        assert backend.made()[-1][1]["note"] == "没修好"


class TestFollower:
    """Somebody who reported the same fault as well: judges the work, gives no stars for another."""

    async def test_accepts_and_is_not_asked_for_stars(self, backend: FakeBackend, run: Run) -> None:
        backend.add(order(A, "finished", following=True))
        out = await run(ConfirmWorkOrder(), "修好了", "confirm_work_order", entities={"stars": "5"})
        assert backend.moves() == ["accepted_by_owner"]
        assert (out.text, out.payloads) == (f"好的，工单 {A} 已确认修好，谢谢您。", [])

    async def test_rates_only_what_is_theirs(self, backend: FakeBackend, run: Run) -> None:
        backend.add(order(A, "accepted_by_owner", following=True), order(B, "accepted_by_owner"))
        await run(RateWorkOrder(), "五星", "rate_work_order", entities={"stars": "5"})
        assert [path for path, _ in backend.made()] == [f"/work-orders/{B}/rating"]
