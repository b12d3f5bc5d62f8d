"""What an owner says to a quote, and that nobody agrees to a price they have not seen."""

from typing import Any

import pytest

from actions.quotes import AcceptQuote, DeclineQuote
from tests.actions.conftest import FakeBackend, Json, Run, line, order

A, B = "SH2611-0001", "SH2611-0002"


def quote(number: str = A, id: int = 5, **changes: Any) -> Json:
    tap = {"what": "换水龙头", "kind_title": "人工", "custom": False, "quantity": "1", "unit": "个", "amount_fen": 4000}
    lines = [tap]
    return {"id": id, "number": number, "state": "open", "total_fen": 4000, "lines": lines, "yours": True, **changes}


def about(number: str = A, id: int = 5) -> dict[str, str]:
    return {"order_number": number, "quote": str(id)}


@pytest.fixture
def offers(backend: FakeBackend) -> FakeBackend:
    backend.add(order(A, "on_site"), order(B, "on_site", place="厨房"))
    backend.quotes = [quote()]
    return backend


def decisions(backend: FakeBackend) -> list[tuple[str, Any]]:
    return [(path, body) for path, body in backend.made() if path.endswith("/decision")]


class TestAccept:
    async def test_the_one_that_waits(self, offers: FakeBackend, run: Run) -> None:
        out = await run(AcceptQuote(), "行，就按这个价修", "accept_quote")
        path = f"/work-orders/{A}/quotes/5/decision"
        assert decisions(offers) == [(path, {"accept": True, "words": "行，就按这个价修"})]
        assert "¥40.00" in out.text
        assert "李师傅" in out.text

    async def test_by_the_button(self, offers: FakeBackend, run: Run) -> None:
        tap = f'/accept_quote{{"order_number": "{A}", "quote": "5"}}'
        await run(AcceptQuote(), tap, "accept_quote", entities=about())
        assert decisions(offers) == [(f"/work-orders/{A}/quotes/5/decision", {"accept": True, "words": None})]

    async def test_an_old_button_agrees_to_nothing_new(self, offers: FakeBackend, run: Run) -> None:
        offers.quotes = [quote(id=6, total_fen=9900)]
        tap = f'/accept_quote{{"order_number": "{A}", "quote": "5"}}'
        out = await run(AcceptQuote(), tap, "accept_quote", entities=about())
        assert decisions(offers) == []
        assert "改过了" in out.text
        assert "¥99.00" in out.text
        assert out.payloads[0] == f'/accept_quote{{"order_number": "{A}", "quote": "6"}}'

    async def test_a_price_of_no_list_is_marked(self, offers: FakeBackend, run: Run) -> None:
        offers.quotes = [quote()]
        own = {
            "what": "墙面开孔",
            "kind_title": "自定义项目",
            "custom": True,
            "quantity": "2",
            "unit": "个",
            "amount_fen": 6100,
        }
        offers.quotes[0]["lines"].append(own)
        out = await run(AcceptQuote(), "嗯那个可以吧", "accept_quote", confidence=0.4)
        assert "换水龙头 1 个 ¥40.00；墙面开孔 2 个 ¥61.00（自定义项目）" in out.text

    async def test_not_sure_is_asked(self, offers: FakeBackend, run: Run) -> None:
        out = await run(AcceptQuote(), "嗯那个可以吧", "accept_quote", confidence=0.4)
        assert decisions(offers) == []
        assert "按这个价修吗？" in out.text
        assert len(out.payloads) == 2

    async def test_which_of_two(self, offers: FakeBackend, run: Run) -> None:
        offers.quotes = [quote(), quote(B, 6)]
        out = await run(AcceptQuote(), "报价我同意", "accept_quote")
        assert decisions(offers) == []
        assert "哪一张" in out.text
        await run(AcceptQuote(), "0002的报价我同意", "accept_quote")
        assert [path for path, _ in decisions(offers)] == [f"/work-orders/{B}/quotes/6/decision"]

    async def test_nothing_waits(self, offers: FakeBackend, run: Run) -> None:
        offers.quotes = []
        assert "没有等您答复的报价" in (await run(AcceptQuote(), "报价我同意", "accept_quote")).text

    async def test_agreed_before(self, offers: FakeBackend, run: Run) -> None:
        offers.quotes = [quote(state="accepted", yours=False)]
        out = await run(AcceptQuote(), "同意", "accept_quote", entities=about())
        assert "已经同意过" in out.text
        assert decisions(offers) == []

    async def test_thinking_again_after_declining(self, offers: FakeBackend, run: Run) -> None:
        offers.quotes = [quote(state="declined", yours=False)]
        await run(AcceptQuote(), "还是修吧，同意报价", "accept_quote", entities=about())
        assert decisions(offers)[0][1]["accept"] is True

    async def test_a_bare_yes_to_the_notice(self, offers: FakeBackend, run: Run) -> None:
        tap = f'/accept_quote{{"order_number": "{A}", "quote": "5"}}'
        other = f'/decline_quote{{"order_number": "{A}", "quote": "5"}}'
        asked = line("工单的报价。按这个价修吗？", ("同意", tap), ("不同意", other), order=A)
        await run(DeclineQuote(), "好的", "affirm", lately=[asked])
        assert decisions(offers)[0][1]["accept"] is True

    async def test_the_backends_refusal_is_said(self, offers: FakeBackend, run: Run) -> None:
        offers.fail["/decision"] = (409, {"type": "/problems/quote-settled", "detail": "这份报价改过了。"})
        assert (await run(AcceptQuote(), "报价我同意", "accept_quote")).text == "这份报价改过了。"


class TestDecline:
    async def test_with_the_words(self, offers: FakeBackend, run: Run) -> None:
        out = await run(DeclineQuote(), "太贵了先不修了", "decline_quote")
        assert decisions(offers)[0][1] == {"accept": False, "words": "太贵了先不修了"}
        assert "不收您的钱" in out.text
        assert out.payloads == [f'/accept_quote{{"order_number": "{A}", "quote": "5"}}']

    async def test_declined_before(self, offers: FakeBackend, run: Run) -> None:
        offers.quotes = [quote(state="declined", yours=False)]
        out = await run(DeclineQuote(), "不同意报价", "decline_quote", entities=about())
        assert "没有同意" in out.text
        assert decisions(offers) == []
