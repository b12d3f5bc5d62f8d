"""What a technician says and what becomes of the order."""

import json
from typing import Any, ClassVar

import pytest

from actions._base import BackendAction
from actions.technician import (
    AcceptOrder,
    ArriveOnSite,
    DeclineOrder,
    FinishOrder,
    ListTasks,
    RecordParts,
    SuspendOrder,
    TransferOrder,
)
from tests.actions.conftest import FakeBackend, Run, line, order

A, B = "SH2611-0001", "SH2611-0002"
WHO: dict[str, Any] = {"roles": ("technician",)}


class TestSteps:
    @pytest.mark.parametrize(
        ("action", "start", "moves"),
        [
            (AcceptOrder(), "dispatched", ["accepted"]),
            (DeclineOrder(), "dispatched", ["triaged"]),
            (ArriveOnSite(), "accepted", ["on_site"]),
            (ArriveOnSite(), "dispatched", ["accepted", "on_site"]),
            (SuspendOrder(), "on_site", ["suspended"]),
            (SuspendOrder(), "dispatched", ["accepted", "suspended"]),
            (FinishOrder(), "on_site", ["finished"]),
            (FinishOrder(), "accepted", ["on_site", "finished"]),
            (FinishOrder(), "dispatched", ["accepted", "on_site", "finished"]),
        ],
    )
    async def test_skipped_steps_are_made_up_for(
        self, backend: FakeBackend, run: Run, action: BackendAction, start: str, moves: list[str]
    ) -> None:
        backend.add(order(A, start))
        out = await run(action, "换了灯管，好了", "any", **WHO)
        assert backend.moves() == moves
        assert A in out.text

    @pytest.mark.parametrize("number", [A, None])
    async def test_suspended_work_goes_on_when_it_is_meant(
        self, backend: FakeBackend, run: Run, number: str | None
    ) -> None:
        """Its number was said, or the button tapped; else it is asked."""
        backend.add(order(A, "suspended"))
        out = await run(
            FinishOrder(), "好了", "finish_order", entities={"order_number": number} if number else None, **WHO
        )
        assert backend.moves() == (["accepted", "on_site", "finished"] if number else [])
        if not number:
            assert "恢复并完工吗" in out.text
            assert out.payloads[0] == f'/finish_order{{"order_number": "{A}"}}'

    async def test_what_is_in_hand_is_meant_before_what_waits(self, backend: FakeBackend, run: Run) -> None:
        backend.add(order(A, "suspended"), order(B, "accepted"))
        await run(FinishOrder(), "好了", "finish_order", **WHO)
        assert (backend.orders[A]["status"], backend.orders[B]["status"]) == ("suspended", "finished")

    async def test_the_last_step_carries_the_words(self, backend: FakeBackend, run: Run) -> None:
        backend.add(order(A, "accepted"))
        await run(FinishOrder(), "换了灯管，好了", "finish_order", **WHO)
        assert [b.get("note") for _, b in backend.made()] == [None, "换了灯管，好了"]

    async def test_the_order_at_hand_is_meant(self, backend: FakeBackend, run: Run) -> None:
        backend.add(order(A, "dispatched"), order(B, "on_site"))
        await run(FinishOrder(), "好了", "finish_order", **WHO)
        assert (backend.orders[A]["status"], backend.orders[B]["status"]) == ("dispatched", "finished")

    async def test_a_place_in_the_message_tells_them_apart(self, backend: FakeBackend, run: Run) -> None:
        far = order(B, "on_site", location={"building": "5", "unit": "1", "place": None})
        backend.add(order(A, "on_site"), far)
        await run(FinishOrder(), "五号楼的好了", "finish_order", entities={"building": "5"}, **WHO)
        assert backend.orders[B]["status"] == "finished"

    async def test_a_move_that_the_table_forbids_is_explained(self, backend: FakeBackend, run: Run) -> None:
        backend.add(order(A, "closed"))
        out = await run(FinishOrder(), "好了", "finish_order", entities={"order_number": A}, **WHO)
        assert out.text == "现在不能这样做。"


class TestAccept:
    async def test_who_is_late_hears_who_has_it(self, backend: FakeBackend, run: Run) -> None:
        """The order cannot be seen any more; the move says why."""
        backend.add(order(A, "closed"))
        out = await run(AcceptOrder(), "接单", "accept_order", entities={"order_number": A}, **WHO)
        assert ("GET", f"/work-orders/{A}") not in [(method, path) for method, path, _ in backend.calls]
        assert out.text == "现在不能这样做。"


class TestListTasks:
    async def test_each_with_its_next_step(self, backend: FakeBackend, run: Run) -> None:
        backend.add(order(A, "accepted"), order(B, "on_site", urgency="emergency"))
        out = await run(ListTasks(), "我的任务", "list_tasks", **WHO)
        assert [c["number"] for c in out.cards] == [B, A]
        assert f'/finish_order{{"order_number": "{B}"}}' in out.payloads
        assert f'/arrive_on_site{{"order_number": "{A}"}}' in out.payloads

    async def test_nothing_to_do(self, run: Run) -> None:
        assert "没有工单" in (await run(ListTasks(), "我的任务", "list_tasks", **WHO)).text


class TestWords:
    async def test_parts_are_written_down(self, backend: FakeBackend, run: Run) -> None:
        backend.add(order(A, "on_site"))
        await run(RecordParts(), "用了两个角阀", "record_parts", **WHO)
        assert backend.made()[-1][1] == {"text": "用了两个角阀", "kind": "parts"}

    async def test_what_the_store_is_short_of_is_said(self, backend: FakeBackend, run: Run) -> None:
        backend.add(order(A, "on_site", answer="库存不足，没有出库。"))
        out = await run(RecordParts(), "用了两个角阀", "record_parts", **WHO)
        assert out.text == f"用料已记到 {A}：用了两个角阀。库存不足，没有出库。"

    @pytest.mark.parametrize(
        ("words", "colleague", "why"),
        [
            ("这个转给老赵", "老赵", "请求转单"),
            ("让赵师傅去吧", "赵师傅", "请求转单"),
            ("转给赵军吧 我走不开", "赵军", "我走不开"),
            ("把0001转给赵师傅，我手上活太多", "赵师傅", "我手上活太多"),
            ("0001，因为我腰疼，搬不动，转给老赵", "老赵", "我腰疼，搬不动"),
            ("0001我手上活太多转给赵师傅", "赵师傅", "我手上活太多"),
            ("这单让赵师傅来弄，我不会修电梯", "赵师傅", "我不会修电梯"),
            ("我不会修这个 给老赵吧", "老赵", "我不会修这个"),
        ],
    )
    async def test_the_colleague_who_is_named_is_asked(
        self, backend: FakeBackend, run: Run, words: str, colleague: str, why: str
    ) -> None:
        backend.add(order(A, "accepted"))
        out = await run(TransferOrder(), words, "transfer_order", **WHO)
        assert backend.made()[-1] == (f"/work-orders/{A}/transfers", {"to_name": colleague, "reason": why})
        assert out.text.startswith(f"已经问{colleague}接不接 {A}")

    @pytest.mark.parametrize("words", ["这个转给别人", "这活得电工，换个人", "转出去吧"])
    async def test_without_a_name_customer_service_decides(self, backend: FakeBackend, run: Run, words: str) -> None:
        backend.add(order(A, "accepted"))
        out = await run(TransferOrder(), words, "transfer_order", **WHO)
        assert backend.made()[-1][1] == {"reason": "topic", "topic": f"转单 {A}", "take": False}
        assert backend.moves() == []
        assert "客服周敏" in out.text


FRIDAY = "2026-12-04T01:00:00+00:00"


class TestSuspended:
    @pytest.mark.parametrize(
        ("words", "kind", "said"),
        [
            ("电梯配件没到，等到周五再修", "waiting_parts", "，等配件，周五 12-04 继续"),
            ("配件没到货，周五再来修", "waiting_parts", "，等配件，周五 12-04 继续"),
            ("业主不在家，周五再来", None, "，周五 12-04 继续"),
        ],
    )
    async def test_what_is_waited_for_and_until_when(
        self, backend: FakeBackend, run: Run, words: str, kind: str | None, said: str
    ) -> None:
        backend.add(order(A, "on_site", suspended={"kind": "x", "kind_title": "x", "until": FRIDAY}))
        out = await run(SuspendOrder(), words, "suspend_order", **WHO)
        [(_, sent)] = backend.made()
        assert (sent["to"], sent["note"], sent.get("reason_kind")) == ("suspended", words, kind)
        assert out.text.startswith(f"{A} 已挂起{said}，原因已告诉业主。")

    @pytest.mark.parametrize(("until", "said"), [(FRIDAY, "，挂起到 周五 12-04。"), (None, "（suspended）。")])
    async def test_is_listed_with_its_day_and_no_promise(
        self, backend: FakeBackend, run: Run, until: str | None, said: str
    ) -> None:
        backend.add(order(A, "suspended", suspended={"kind": "x", "kind_title": "x", "until": until}))
        out = await run(ListTasks(), "我今天有哪些单", "list_tasks", **WHO)
        assert out.text.endswith(said)
        assert "前到场" not in out.text

    async def test_a_day_that_cannot_be_learned_stops_nothing(self, backend: FakeBackend, run: Run) -> None:
        backend.add(order(A, "on_site"))
        backend.fail["/work"] = (500, {})
        out = await run(SuspendOrder(), "先停一下", "suspend_order", **WHO)
        assert out.text.startswith(f"{A} 已挂起，原因已告诉业主。")


class TestDecline:
    async def test_customer_service_finds_somebody_else(self, backend: FakeBackend, run: Run) -> None:
        backend.add(order(A, "dispatched"))
        out = await run(DeclineOrder(), "接不了", "decline_order", **WHO)
        assert out.text == f"好的，{A} 已退回，客服会另派人。"

    async def test_a_transfer_stays_with_who_asked(self, backend: FakeBackend, run: Run) -> None:
        """The order of a colleague: its own moves are not the speaker's."""
        backend.add(order(A, "on_site", technician={"id": 9, "name": "赵军"}))
        backend.asked.add(A)
        out = await run(DeclineOrder(), "不接", "decline_order", entities={"order_number": A}, **WHO)
        assert out.text == f"好的，已回复赵师傅您不接。{A} 还由赵师傅处理，不用您管了。"
        assert (backend.moves(), out.cards) == (["triaged"], [])


class TestChecklist:
    """「修好了」 while required items are open."""

    ITEMS: ClassVar[list[dict[str, Any]]] = [
        {"id": 1, "text": "断电并挂牌", "kind": "check"},
        {"id": 2, "text": "检漏仪读数", "kind": "number"},
        {"id": 3, "text": "送电试验正常", "kind": "check"},
    ]

    async def test_it_is_not_finished_and_says_what_is_open_and_where(self, backend: FakeBackend, run: Run) -> None:
        backend.add(order(A, "accepted"))
        backend.open_items = list(self.ITEMS)
        out = await run(FinishOrder(), "换了空开，修好了", "finish_order", **WHO)
        assert backend.orders[A]["status"] == "on_site"
        assert "已完工" not in out.text
        for words in (
            f"{A} 还没完工",
            "3 项必填",
            "断电并挂牌",
            "检漏仪读数（读数）",
            "http://home/?checklist=",
            "断电并挂牌，合格还是不合格？",
        ):
            assert words in out.text
        assert [json.loads(p.removeprefix("/finish_order")) for p in out.payloads] == [
            {"order_number": A, "item": "1", "note": "换了空开，修好了", "ok": ok} for ok in ("yes", "no")
        ]

    async def test_a_tap_answers_an_item_and_asks_the_next(self, backend: FakeBackend, run: Run) -> None:
        backend.add(order(A, "on_site"))
        backend.open_items = list(self.ITEMS)
        first = await run(FinishOrder(), "好了", "finish_order", **WHO)
        out = await run(FinishOrder(), first.payloads[1], "finish_order", entities={"order_number": A}, **WHO)
        assert ("PUT", f"/api/v1/work-orders/{A}/checklist", {"item_id": 1, "ok": False}) in backend.calls
        assert out.text.startswith("记下了。检查单还有 2 项")
        assert out.text.endswith("送电试验正常，合格还是不合格？")

    async def test_the_same_words_again_tick_nothing(self, backend: FakeBackend, run: Run) -> None:
        backend.add(order(A, "on_site"))
        backend.open_items = list(self.ITEMS)
        first = await run(FinishOrder(), "好了", "finish_order", **WHO)
        asked = line(first.text, *((b["title"], b["payload"]) for b in first.replies[0]["buttons"]))
        for words in ("修好了", "好", "是的"):
            out = await run(FinishOrder(), words, "finish_order", lately=[asked], **WHO)
            assert "3 项必填" in out.text
        assert backend.made("PUT") == []
        await run(FinishOrder(), "合格", "affirm", lately=[asked], **WHO)
        assert [body for _, body in backend.made("PUT")] == [{"item_id": 1, "ok": True}]

    async def test_what_no_tap_answers_is_left_to_the_page(self, backend: FakeBackend, run: Run) -> None:
        backend.add(order(A, "on_site"))
        backend.open_items = [{"id": 4, "text": "投药点拍照", "kind": "photo"}]
        out = await run(FinishOrder(), "好了", "finish_order", **WHO)
        assert (out.payloads, "投药点拍照（拍照）" in out.text) == ([], True)
        assert "请在手机页填好：http://home/?checklist=" in out.text

    async def test_the_last_answer_finishes_with_the_first_words(self, backend: FakeBackend, run: Run) -> None:
        backend.add(order(A, "on_site"))
        backend.open_items = self.ITEMS[:1]
        first = await run(FinishOrder(), "换了空开，修好了", "finish_order", **WHO)
        out = await run(FinishOrder(), first.payloads[0], "finish_order", entities={"order_number": A}, **WHO)
        assert backend.orders[A]["status"] == "finished"
        assert backend.made()[-1][1] == {"to": "finished", "note": "换了空开，修好了"}
        assert f"{A} 已完工" in out.text

    async def test_parts_said_in_passing_are_written_down_once(self, backend: FakeBackend, run: Run) -> None:
        backend.add(order(A, "on_site"))
        backend.open_items = self.ITEMS[:1]
        found = [("quantity", "2", "两个"), ("part", "空开", "空开")]
        first = await run(FinishOrder(), "换了两个空开，修好了", "finish_order", found=found, **WHO)
        await run(FinishOrder(), first.payloads[0], "finish_order", entities={"order_number": A}, **WHO)
        assert [b["text"] for _, b in backend.made() if b.get("kind") == "parts"] == ["空开 2 个"]


class TestParts:
    @pytest.mark.parametrize(
        ("words", "found", "parts"),
        [
            ("换了两个灯泡，修好了", [("quantity", "2", "两个"), ("part", "灯泡", "灯泡")], "灯泡 2 个"),
            ("用料 灯泡两个，搞定", [("part", "灯泡", "灯泡"), ("quantity", "2", "两个")], "灯泡 2 个"),
            (
                "修好了，换了两个角阀和一米软管",
                [
                    ("quantity", "2", "两个"),
                    ("part", "角阀", "角阀"),
                    ("quantity", "1", "一米"),
                    ("part", "软管", "软管"),
                ],
                "角阀 2 个、软管 1 米",
            ),
            ("0001 换了三个灯珠，好了", [("quantity", "3", "三个"), ("device", "灯", "灯")], "灯珠 3 个"),
            ("换了角阀，好了", [("part", "角阀", "角阀")], "角阀"),
            ("第一个好了", [("quantity", "1", "一个")], ""),
            ("两个开关没装好，现在好了", [("quantity", "2", "两个"), ("part", "开关", "开关")], "开关 2 个"),
        ],
    )
    async def test_those_said_in_passing_are_recorded(
        self, backend: FakeBackend, run: Run, words: str, found: list[tuple[str, str, str]], parts: str
    ) -> None:
        backend.add(order(A, "on_site"))
        out = await run(FinishOrder(), words, "finish_order", found=found, **WHO)
        noted = [body["text"] for _, body in backend.made() if body.get("kind") == "parts"]
        assert noted == [parts] if parts else noted == []
        assert (f"用料：{parts}，等业主验收" in out.text) if parts else ("已完工，等业主验收" in out.text)

    async def test_the_number_in_front_is_no_part_of_the_note(self, backend: FakeBackend, run: Run) -> None:
        backend.add(order(A, "on_site"))
        await run(FinishOrder(), "0001 修好了，线松了", "finish_order", **WHO)
        assert backend.made()[-1][1]["note"] == "修好了，线松了"

    async def test_parts_and_done_in_one_message_finish_the_order(self, backend: FakeBackend, run: Run) -> None:
        backend.add(order(A, "on_site"))
        found = [("quantity", "2", "两个"), ("part", "角阀", "角阀")]
        out = await run(RecordParts(), "修好了，换了两个角阀", "record_parts", found=found, **WHO)
        assert (backend.moves(), "用料：角阀 2 个" in out.text) == (["finished"], True)

    @pytest.mark.parametrize(
        ("words", "found", "noted"),
        [
            ("0001修好了 换了水箱配件", [], "修好了 换了水箱配件"),
            ("0001修好了，换了两个角阀", [("quantity", "2", "两个"), ("part", "角阀", "角阀")], "角阀 2 个"),
            ("0001修好了", [], None),
        ],
    )
    async def test_those_said_after_the_work_was_finished_are_recorded(
        self, backend: FakeBackend, run: Run, words: str, found: list[tuple[str, str, str]], noted: str | None
    ) -> None:
        backend.add(order(A, "finished"))
        out = await run(FinishOrder(), words, "finish_order", found=found, **WHO)
        assert [body for _, body in backend.made()] == ([{"text": noted, "kind": "parts"}] if noted else [])
        assert (f"用料已补记：{noted}" in out.text) if noted else (out.text == f"{A} 已经报过完工了，等业主验收。")

    async def test_steps_made_up_for_are_quiet(self, backend: FakeBackend, run: Run) -> None:
        backend.add(order(A, "dispatched"))
        await run(FinishOrder(), "好了", "finish_order", **WHO)
        assert [(b["to"], b.get("quiet", False)) for _, b in backend.made()] == [
            ("accepted", True),
            ("on_site", True),
            ("finished", False),
        ]
