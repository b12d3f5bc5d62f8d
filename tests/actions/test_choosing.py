"""Which order is meant, step by step."""

from typing import Any

import pytest

from actions.technician import ArriveOnSite, FinishOrder, RecordParts
from actions.work_order import CancelWorkOrder, ConfirmWorkOrder, QueryWorkOrder, UrgeWorkOrder
from tests.actions.conftest import FakeBackend, Run, line, order

A, B, C = "SH2611-0001", "SH2611-0002", "SH2611-0003"
WHO: dict[str, Any] = {"roles": ("technician",)}


def urged(backend: FakeBackend) -> list[str]:
    return [path.split("/")[2] for path, body in backend.made() if path.endswith("/notes") and body["kind"] == "urge"]


class TestShortNumber:
    async def test_it_is_among_the_candidates(self, backend: FakeBackend, run: Run) -> None:
        backend.add(order(A, "dispatched"), order(B, "accepted"))
        await run(ArriveOnSite(), "0001 到了", "arrive_on_site", **WHO)
        assert (backend.orders[A]["status"], backend.orders[B]["status"]) == ("on_site", "accepted")

    async def test_it_is_not_among_them_but_an_order_of_the_speaker(self, backend: FakeBackend, run: Run) -> None:
        backend.add(order(A, "on_site"), order(B, "finished"))
        out = await run(FinishOrder(), "0002好了", "finish_order", **WHO)
        told = f"{B} 已经报过完工了，等业主验收。"
        assert (out.text, backend.made(), backend.orders[A]["status"]) == (told, [], "on_site")

    async def test_nobody_knows_it(self, backend: FakeBackend, run: Run) -> None:
        backend.add(order(A, "on_site"))
        out = await run(RecordParts(), "0208 换了三个灯珠", "record_parts", **WHO)
        assert (out.text, backend.made()) == ("没有找到尾号 0208 的工单，请核对一下单号。", [])

    async def test_the_room_of_an_order_is_not_taken_for_a_number(self, backend: FakeBackend, run: Run) -> None:
        home = {"building": "3", "unit": "2", "floor": "12", "room": "1201", "place": None}
        backend.add(order(A, "on_site"), order(B, "on_site", location=home))
        await run(FinishOrder(), "1201好了", "finish_order", **WHO)
        assert backend.orders[B]["status"] == "finished"


class TestList:
    SHOWN = (line("1. 门铃", order=A), line("2. 空调", order=B), line("3. 路灯", order=C))

    @pytest.mark.parametrize(("words", "meant"), [("第二个催一下", B), ("催最后一张", C), ("催第1张", A)])
    async def test_a_place_in_what_was_shown(self, backend: FakeBackend, run: Run, words: str, meant: str) -> None:
        backend.add(order(A), order(B), order(C))
        await run(UrgeWorkOrder(), words, "urge_work_order", lately=list(self.SHOWN))
        assert urged(backend) == [meant]


class TestWords:
    async def test_words_of_the_fault(self, backend: FakeBackend, run: Run) -> None:
        backend.add(order(A, fault="门铃不响"), order(B, fault="不制冷", category_title="空调暖通"))
        await run(UrgeWorkOrder(), "催催空调", "urge_work_order")
        await run(UrgeWorkOrder(), "门铃那个也催", "urge_work_order")
        assert urged(backend) == [B, A]

    async def test_a_query_shows_the_one_it_is_about(self, backend: FakeBackend, run: Run) -> None:
        backend.add(order(A, fault="门铃不响"), order(B, fault="空调不制冷"))
        assert [c["number"] for c in (await run(QueryWorkOrder(), "门铃修到哪了", "query_work_order")).cards] == [A]
        assert len((await run(QueryWorkOrder(), "修到哪了", "query_work_order")).cards) == 2


class TestRecency:
    @pytest.mark.parametrize(
        ("turn", "words", "meant"), [(0, "撤了吧", [B]), (1, "撤了吧", []), (1, "刚才那张撤了", [B])]
    )
    async def test_the_order_shown_last_is_cancelled(
        self, backend: FakeBackend, run: Run, turn: int, words: str, meant: list[str]
    ) -> None:
        backend.add(order(A), order(B))
        shown = [line("收到", order=A, turn=turn + 1), line("收到", order=B, turn=turn)]
        out = await run(CancelWorkOrder(), words, "cancel_work_order", lately=shown)
        assert [n for n in (A, B) if backend.orders[n]["status"] == "cancelled"] == meant
        assert bool(out.payloads) is not bool(meant)

    async def test_urging_goes_to_the_order_shown_last_however_long_ago(self, backend: FakeBackend, run: Run) -> None:
        backend.add(order(A), order(B))
        await run(UrgeWorkOrder(), "催一下", "urge_work_order", lately=[line("收到", order=A, turn=4), line("好的")])
        assert urged(backend) == [A]

    async def test_two_shown_together_are_asked_about(self, backend: FakeBackend, run: Run) -> None:
        backend.add(order(A), order(B))
        out = await run(UrgeWorkOrder(), "催一下", "urge_work_order", lately=[line("1", order=A), line("2", order=B)])
        assert len(out.payloads) == 2

    async def test_the_one_just_asked_about_is_accepted(self, backend: FakeBackend, run: Run) -> None:
        backend.add(order(A, "finished"), order(B, "finished"))
        asked = line("修好了吗？", ("验收通过", f'/confirm_work_order{{"order_number": "{B}"}}'), order=B)
        await run(ConfirmWorkOrder(), "修好了，谢谢", "confirm_work_order", lately=[asked])
        assert (backend.orders[A]["status"], backend.orders[B]["status"]) == ("finished", "accepted_by_owner")


class TestAsking:
    async def test_nine_buttons_the_likeliest_first(self, backend: FakeBackend, run: Run) -> None:
        numbers = [f"SH2611-{n:04d}" for n in range(1, 12)]
        backend.add(*(order(n, updated_at=f"2026-11-26T0{i % 10}:00:00+00:00") for i, n in enumerate(numbers)))
        shown = [line("收到", order=numbers[3], turn=2)]
        out = await run(CancelWorkOrder(), "撤单", "cancel_work_order", lately=shown)
        assert len(out.payloads) == 9
        assert numbers[3] in out.payloads[0]
        assert "还有 2 张没列出" in out.text


class TestAll:
    LISTED = line("哪一张？", *((n, f'/cancel_work_order{{"order_number": "{n}"}}') for n in (A, B)))

    @pytest.mark.parametrize(("words", "intent"), [("两个都撤", "cancel_work_order"), ("全部", "greet")])
    async def test_all_of_the_offered_in_one_reply(
        self, backend: FakeBackend, run: Run, words: str, intent: str
    ) -> None:
        backend.add(order(A), order(B), order(C))
        out = await run(CancelWorkOrder(), words, intent, lately=[self.LISTED])
        assert [backend.orders[n]["status"] for n in (A, B, C)] == ["cancelled", "cancelled", "dispatched"]
        assert [r["text"] for r in out.replies if r.get("text")] == [f"工单 {A}、{B} 已撤，师傅不会再来。"]
        assert [c["number"] for c in out.cards] == [A, B]

    async def test_what_cannot_be_done_is_said(self, backend: FakeBackend, run: Run) -> None:
        backend.add(order(A), order(B))
        backend.fail[f"{B}/transitions"] = (409, {"type": "/problems/illegal-transition", "detail": "师傅已到场。"})
        out = await run(CancelWorkOrder(), "都撤了", "cancel_work_order", lately=[self.LISTED])
        assert (backend.moves(), out.replies[0]["text"]) == (["cancelled"] * 2, "有的没办成：师傅已到场。")
        assert out.text.endswith(f"工单 {A} 已撤，师傅不会再来。")
