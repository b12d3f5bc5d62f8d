"""Reporting a repair: what is asked, what is opened, what is said."""

from typing import Any

import pytest

from actions.repair import AskRepairAnswer, RepairAbandon, ReportRepair, ValidateRepairForm
from tests.actions.conftest import FakeBackend, Run, order

LIGHT = {"text": "我家楼下灯坏了", "category": "lighting", "fault": "灯不亮"}
DOOR = {"text": "门也关不上", "category": "civil", "fault": "门关不上"}
QUESTION = {"item": 0, "about": "scope", "text": "是家里的，还是公共区域的？", "options": ["我家里", "楼下"]}
WHERE = {"item": 0, "about": "place", "text": "在哪个位置？说一声或点一下。", "options": ["楼下", "大堂"]}
TAP = {"text": "洗手池下面渗了", "category": "plumbing", "fault": "洗手池下面渗了"}
FORGOTTEN = {"repair_items": None, "repair_question": None, "repair_answer": None}


def kept(*items: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"repair_items": {"items": list(items), "attachments": [], **more}, "repair_question": QUESTION}


def asked_where(item: dict[str, Any]) -> dict[str, Any]:
    return {**kept(item), "repair_question": WHERE}


class TestReport:
    async def test_opens_and_says_who_comes_when(self, backend: FakeBackend, run: Run) -> None:
        meta = {"channel": "wechat", "attachments": ["p1"]}
        out = await run(ReportRepair(), "我家楼下灯不亮", "report_repair", items=[LIGHT], meta=meta)
        assert out.text.startswith("收到，3号楼2单元 楼下的灯不亮，工单 SH2611-0032，李师傅预计 ")
        assert out.text.endswith("14:30 前到。")
        assert out.cards[0]["type"] == "work_order"
        assert out.payloads == ['/cancel_work_order{"order_number": "SH2611-0032"}']
        assert backend.made() == [
            ("/work-orders/reports", {"items": [LIGHT], "answer": None, "attachments": ["p1"], "source": "wechat"})
        ]
        assert backend.headers[0]["idempotency-key"] == "m1"
        assert backend.headers[0]["authorization"] == "Bearer t0"

    async def test_two_faults_are_two_orders_in_one_reply(self, backend: FakeBackend, run: Run) -> None:
        out = await run(ReportRepair(), "灯不亮，门也关不上", "report_repair", items=[LIGHT, DOOR])
        assert [r["text"] for r in out.replies if r.get("text")] == [out.text]
        assert "SH2611-0032" in out.text
        assert "SH2611-0033" in out.text
        assert [c["number"] for c in out.cards] == ["SH2611-0032", "SH2611-0033"]

    async def test_a_word_of_the_backend_is_said_with_it(self, backend: FakeBackend, run: Run) -> None:
        said = [{**LIGHT, "answer": "时间我记在备注里了。"}]
        out = await run(ReportRepair(), "楼下灯不亮，下午三点以后在家", "report_repair", items=said)
        assert out.text.endswith("前到。时间我记在备注里了。")

    async def test_what_is_missing_is_left_to_the_form(self, backend: FakeBackend, run: Run) -> None:
        backend.asks = [QUESTION]
        out = await run(ReportRepair(), "灯坏了", "report_repair", items=[LIGHT])
        assert out.replies == []
        assert out.slots["repair_question"] == QUESTION
        assert {"event": "active_loop", "timestamp": None, "name": "repair_form"} in out.events

    async def test_refusal_of_the_backend_is_said_in_its_own_words(self, backend: FakeBackend, run: Run) -> None:
        backend.fail["/reports"] = (403, {"type": "/problems/forbidden", "detail": "您还没有绑定小区。"})
        out = await run(ReportRepair(), "x", "report_repair", items=[LIGHT])
        assert (out.text, out.slots) == ("您还没有绑定小区。", {})


class TestToldAgain:
    """A fault that has an order already."""

    def known(self, own: bool, status: str = "dispatched") -> dict[str, Any]:
        return {"order": {**order("SH2611-0040", status), "following": not own}, "own": own}

    async def test_a_neighbours_is_joined(self, backend: FakeBackend, run: Run) -> None:
        backend.known = [self.known(own=False)]
        out = await run(ReportRepair(), "楼下灯坏了", "report_repair", items=[LIGHT])
        assert out.text.startswith("这个问题已有邻居报修（SH2611-0040，李师傅预计 ")
        assert out.text.endswith("14:30 前到），我把您也加进去了，有进展同样告诉您。不是同一个问题？")
        assert out.payloads == ['/report_repair{"order_number": "SH2611-0040"}']
        assert out.cards[0]["number"] == "SH2611-0040"

    async def test_what_is_being_done_is_said(self, backend: FakeBackend, run: Run) -> None:
        backend.known = [self.known(own=False, status="on_site")]
        out = await run(ReportRepair(), "楼下灯坏了", "report_repair", items=[LIGHT])
        assert "（SH2611-0040，李师傅已到现场，正在处理）" in out.text

    async def test_ones_own_is_not_opened_twice(self, backend: FakeBackend, run: Run) -> None:
        backend.known = [self.known(own=True)]
        out = await run(ReportRepair(), "楼下灯坏了", "report_repair", items=[LIGHT])
        assert out.text.startswith("这个问题您已经报过了，不用再报。SH2611-0040 ")
        assert "邻居" not in out.text

    async def test_it_is_another_after_all(self, backend: FakeBackend, run: Run) -> None:
        tap = '/report_repair{"order_number": "SH2611-0040"}'
        entities = {"order_number": "SH2611-0040"}
        out = await run(ReportRepair(), tap, "report_repair", entities=entities)
        assert backend.made() == [("/work-orders/reports", {"separate_from": "SH2611-0040"})]
        assert out.text.startswith("收到，")

    async def test_a_number_in_words_is_no_button(self, backend: FakeBackend, run: Run) -> None:
        entities = {"order_number": "SH2611-0040"}
        await run(ReportRepair(), "40号单旁边的灯也坏了", "report_repair", items=[LIGHT], entities=entities)
        assert "separate_from" not in backend.made()[0][1]

    async def test_beside_an_open_question_the_question_stays(self, backend: FakeBackend, run: Run) -> None:
        tap = '/report_repair{"order_number": "SH2611-0040"}'
        out = await run(ValidateRepairForm(), tap, "report_repair", slots=kept(LIGHT), loop="repair_form")
        assert backend.made() == [("/work-orders/reports", {"separate_from": "SH2611-0040"})]
        assert out.slots == {"repair_answer": None}


class TestForm:
    async def test_asks_with_the_answers_to_tap(self, run: Run) -> None:
        asked = await run(AskRepairAnswer(), "灯坏了", "report_repair", slots=kept(LIGHT))
        assert asked.text == QUESTION["text"]
        assert asked.payloads == ["我家里", "楼下"]

    async def test_an_answer_is_never_followed_by_a_second_question(self, backend: FakeBackend, run: Run) -> None:
        backend.asks = [QUESTION]
        slots = kept(LIGHT, attachments=["p1"])
        out = await run(ValidateRepairForm(), "楼下", "nlu_fallback", slots=slots)
        sent = backend.made()[0][1]
        assert (sent["items"], sent["answer"], sent["attachments"]) == ([LIGHT], "楼下", ["p1"])
        assert out.slots == {**FORGOTTEN, "requested_slot": None}
        assert "SH2611-0032" in out.text

    @pytest.mark.parametrize(
        ("words", "found", "answer"),
        [
            ("楼道的灯坏了，马桶也堵了", ["lighting", "plumbing"], "楼道的灯坏了，马桶也堵了"),
            ("厨房水龙头漏水", ["plumbing"], ""),
            ("客厅的灯坏了", ["lighting"], "客厅的灯坏了"),
        ],
    )
    async def test_another_fault_in_the_answer_is_not_lost(
        self, backend: FakeBackend, run: Run, words: str, found: list[str], answer: str
    ) -> None:
        said = [{"text": words, "category": category, "fault": words} for category in found]
        form = ValidateRepairForm()
        out = await run(form, words, "report_repair", items=said, slots=kept(LIGHT))
        more = [item for item in said if item["category"] != "lighting"]
        sent = backend.made()[0][1]
        assert (sent["items"], sent["answer"]) == ([LIGHT, *more], answer)
        assert out.slots["requested_slot"] is None

    @pytest.mark.parametrize(
        ("words", "category", "first"),
        [("厨房水龙头漏水", "plumbing", LIGHT), ("门铃也不响了", "lighting", LIGHT), ("马桶也堵了", "plumbing", TAP)],
    )
    async def test_another_fault_is_no_answer(
        self, backend: FakeBackend, run: Run, words: str, category: str, first: dict[str, Any]
    ) -> None:
        backend.asks = [WHERE]
        other = {"text": words, "category": category, "fault": words}
        out = await run(ValidateRepairForm(), words, "report_repair", items=[other], slots=asked_where(first))
        [(_, sent)] = backend.made()
        assert (sent["items"], sent["answer"], backend.orders) == ([first, other], None, {})
        assert (out.slots["requested_slot"], out.slots["repair_items"]["items"]) == ("repair_answer", [first, other])
        assert out.text == f"「{words}」也记下了，说完位置一起登记。"

    async def test_another_one_after_that_has_the_home_asked_about(self, backend: FakeBackend, run: Run) -> None:
        backend.asks = [WHERE, WHERE]
        slots, meta = asked_where(LIGHT), {"home": "3号楼2单元1201"}
        for n, (words, category) in enumerate([("马桶堵了", "plumbing"), ("门关不上了", "civil")]):
            said = [{"text": words, "category": category, "fault": words}]
            given: dict[str, Any] = {"items": said, "slots": slots, "meta": {**meta, "message_id": f"m{n}"}}
            out = await run(ValidateRepairForm(), words, "report_repair", **given)
            slots = {**slots, **out.slots}
        asked = await run(AskRepairAnswer(), "门关不上了", "report_repair", slots=slots)
        assert asked.text.startswith("这几处都在您家里吗？")
        assert asked.payloads[0] == "我家里"
        done = await run(ValidateRepairForm(), "是的", "affirm", slots=slots, meta={**meta, "message_id": "m9"})
        sent = backend.made()[-1][1]
        assert (sent["answer"], len(sent["items"]), done.slots["requested_slot"]) == ("我家里", 3, None)

    @pytest.mark.parametrize(
        ("item", "home", "offered"),
        [
            (LIGHT, "3号楼2单元1201", ["我家里", "楼下", "大堂"]),
            (LIGHT, None, ["楼下", "大堂"]),
            ({"text": "电梯坏了", "category": "elevator", "fault": "电梯坏了"}, "3号楼2单元1201", ["楼下", "大堂"]),
        ],
    )
    async def test_a_place_may_be_the_home(
        self, backend: FakeBackend, run: Run, item: dict[str, Any], home: str | None, offered: list[str]
    ) -> None:
        backend.asks = [WHERE]
        asked = await run(ReportRepair(), item["text"], "report_repair", items=[item], meta={"home": home})
        out = await run(AskRepairAnswer(), item["text"], "report_repair", slots=asked.slots)
        assert out.payloads == offered

    async def test_the_answer_to_what_is_broken_is_the_report(self, backend: FakeBackend, run: Run) -> None:
        backend.asks = [QUESTION]
        given: dict[str, Any] = {"slots": kept(), "items": [LIGHT]}
        out = await run(ValidateRepairForm(), "灯不亮", "report_repair", **given)
        sent = backend.made()[0][1]
        assert (sent["items"], sent["answer"]) == ([LIGHT], None)
        assert (out.slots["requested_slot"], out.slots["repair_question"]) == ("repair_answer", QUESTION)

    @pytest.mark.parametrize(
        ("words", "intent", "confidence", "counts"),
        [
            ("我家里", "greet", 0.9, True),
            ("家里那个", "greet", 0.3, True),
            ("你好", "greet", 0.9, False),
            ("就在3号楼大堂旁边", "query_bill", 0.7, True),
            ("查一下3号楼欠费", "query_bill", 0.95, False),
            ("转人工", "handoff", 0.4, False),
            ("不要", "deny", 0.4, False),
        ],
    )
    async def test_short_answers_count_whatever_their_intent(
        self, backend: FakeBackend, run: Run, words: str, intent: str, confidence: float, counts: bool
    ) -> None:
        given: dict[str, Any] = {"slots": kept(LIGHT), "loop": "repair_form", "confidence": confidence}
        out = await run(ValidateRepairForm(), words, intent, **given)
        assert bool(out.events) is bool(backend.made()) is counts

    @pytest.mark.parametrize(("words", "answer"), [("第二个", "楼下"), ("1", "我家里"), ("楼下的", "楼下的")])
    async def test_an_option_may_be_named_by_its_place(
        self, backend: FakeBackend, run: Run, words: str, answer: str
    ) -> None:
        await run(ValidateRepairForm(), words, "amend_work_order", slots=kept(LIGHT))
        assert backend.made()[0][1]["answer"] == answer

    async def test_an_interruption_fills_nothing(self, backend: FakeBackend, run: Run) -> None:
        out = await run(ValidateRepairForm(), "我的单到哪了", "query_work_order", slots=kept(LIGHT))
        assert (out.events, out.replies, backend.calls) == ([], [], [])

    async def test_after_an_interruption_it_is_asked_again_once(self, run: Run) -> None:
        slots = kept(LIGHT)
        texts = []
        for _ in range(3):
            out = await run(AskRepairAnswer(), "我的单到哪了", "query_work_order", slots=slots)
            slots = {**slots, **out.slots}
            texts.append(out.text)
        assert texts == [QUESTION["text"], f"刚才的报修还差一点：{QUESTION['text']}", ""]

    async def test_words_that_name_no_place_become_none(self, backend: FakeBackend, run: Run) -> None:
        backend.asks = [QUESTION]
        slots = kept(LIGHT)
        slots |= (await run(AskRepairAnswer(), "灯坏了", "report_repair", slots=slots)).slots
        missed = await run(ValidateRepairForm(), "我也不晓得咋说", "chitchat", slots=slots, confidence=0.3)
        slots |= missed.slots
        assert (backend.made(), "requested_slot" in missed.slots) == ([], False)
        again = await run(AskRepairAnswer(), "我也不晓得咋说", "chitchat", slots=slots)
        slots |= again.slots
        assert again.text == f"「我也不晓得咋说」我没听出来是哪里。{QUESTION['text']}"
        out = await run(ValidateRepairForm(), "就那样吧", "chitchat", slots=slots, confidence=0.3)
        assert [(p, b.get("answer"), b.get("text")) for p, b in backend.made()] == [
            ("/work-orders/reports", "", None),
            ("/work-orders/SH2611-0032/notes", None, "报修人还说：就那样吧"),
        ]
        assert "原话已记在工单上" in out.text
        assert out.slots["requested_slot"] is None

    @pytest.mark.parametrize(
        ("words", "intent", "left"),
        [
            ("第一个不修了", "cancel_work_order", [DOOR]),
            ("门不用修了", "amend_work_order", [LIGHT]),
            ("第二个算了", "deny", [LIGHT]),
        ],
    )
    async def test_one_of_several_is_dropped(
        self, backend: FakeBackend, run: Run, words: str, intent: str, left: list[dict[str, Any]]
    ) -> None:
        backend.asks = [QUESTION]
        out = await run(ValidateRepairForm(), words, intent, slots=kept(LIGHT, DOOR))
        sent = backend.made()[0][1]
        assert (sent["items"], sent["answer"], out.slots["requested_slot"]) == (left, None, "repair_answer")
        assert "先不报" in out.text

    @pytest.mark.parametrize("words", ["算了", "都不修了", "还是算了吧"])
    async def test_all_are_dropped(self, backend: FakeBackend, run: Run, words: str) -> None:
        out = await run(ValidateRepairForm(), words, "chitchat", slots=kept(LIGHT, DOOR))
        assert (backend.calls, out.slots) == ([], {**FORGOTTEN, "requested_slot": None})
        assert "没有新开工单" in out.text

    async def test_danger_wins_where_a_rule_hears_it(self, backend: FakeBackend, run: Run) -> None:
        out = await run(ValidateRepairForm(), "楼下着火了", "report_emergency", slots=kept(LIGHT), confidence=0.35)
        assert (out.events, backend.calls) == ([], [])

    async def test_danger_wins_below_the_threshold(self, backend: FakeBackend, run: Run) -> None:
        ranking = ["nlu_fallback", "report_emergency", "report_repair"]
        out = await run(ValidateRepairForm(), "楼下着火了", "nlu_fallback", slots=kept(LIGHT), ranking=ranking)
        assert "有危险吗" in out.text
        assert out.slots["requested_slot"] is None

    async def test_a_failure_ends_the_form_and_fetches_a_person(self, backend: FakeBackend, run: Run) -> None:
        backend.fail["/reports"] = (500, {"type": "/problems/unexpected", "detail": "Traceback"})
        out = await run(ValidateRepairForm(), "楼下", "affirm", slots=kept(LIGHT))
        assert out.text == "这一步没办成，我已经转给客服，请稍等。"
        assert out.slots["requested_slot"] is None
        assert backend.made()[-1][1]["reason"] == "failed"


class TestAbandon:
    async def test_forgets_the_report(self, run: Run) -> None:
        out = await run(RepairAbandon(), "算了", "deny", slots=kept(LIGHT))
        assert "没有新开工单" in out.text
        assert out.slots["repair_items"] is None


async def test_the_report_itself_is_no_answer(backend: FakeBackend, run: Run) -> None:
    slots = kept(LIGHT, message="m1")
    out = await run(ValidateRepairForm(), "灯坏了", "report_repair", items=[LIGHT], slots=slots, loop="repair_form")
    assert (out.replies, out.slots, backend.calls) == ([], {"repair_answer": None}, [])


class TestFaultOnTheOrder:
    """What is kept as the fault is the fault alone; the text stays as it was said."""

    @pytest.mark.parametrize(
        ("fault", "kept_as"),
        [
            ("马桶一直在流水 烦死了 快叫个人来瞧瞧", "马桶一直在流水"),
            ("快派人，灯不亮", "灯不亮"),
            ("马桶流水烦死了快来个师傅看看吧", "马桶流水"),
            ("烦死了，灯又不亮了", "灯又不亮了"),
            ("灯不亮,开关也没反应", "灯不亮，开关也没反应"),
            ("灯不亮 急死人了 开关也热", "灯不亮 开关也热"),
            ("换 3,5 公斤的灭火器", "换 3,5 公斤的灭火器"),
            ("门铃响了,Wi-Fi 断", "门铃响了,Wi-Fi 断"),
            ("快派人", "快派人"),
            ("按铃后很快派人来修过还是漏", "按铃后很快派人来修过还是漏"),
        ],
    )
    async def test_is_trimmed_where_it_is_certain(
        self, backend: FakeBackend, run: Run, fault: str, kept_as: str
    ) -> None:
        item = {"text": fault, "category": "lighting", "fault": fault}
        await run(ReportRepair(), fault, "report_repair", items=[item])
        [sent] = backend.made()[0][1]["items"]
        assert (sent["fault"], sent["text"]) == (kept_as, fault)
