"""Danger: the card comes in any case."""

from actions.emergency import ReportEmergency
from tests.actions.conftest import FakeBackend, Run

TRAPPED = {"text": "电梯困人了", "category": "elevator", "urgency": "high", "fault": "电梯困人"}

YES, NO = "/report_emergency", "/deny"
ASKED = [
    {
        "event": "user",
        "text": "电梯困人了",
        "parse_data": {"text": "电梯困人了", "intent": {"name": "report_emergency"}, "items": [TRAPPED]},
    },
    {"event": "bot", "text": "有危险吗？", "data": {"buttons": [{"title": "有危险", "payload": YES}]}},
]


class TestReportEmergency:
    async def test_the_model_alone_asks_and_tells_staff(self, backend: FakeBackend, run: Run) -> None:
        out = await run(ReportEmergency(), "我快被你们气炸了", "report_emergency", confidence=0.99)
        assert [p for p, _ in backend.made()] == ["/chat/hand-over"]
        assert (out.payloads, out.cards) == ([YES, NO], [])
        assert "119" in out.text

    async def test_a_yes_opens_an_emergency_and_says_what_to_do(self, backend: FakeBackend, run: Run) -> None:
        out = await run(ReportEmergency(), YES, "report_emergency", events=ASKED)
        sent = backend.made()[0][1]
        assert (sent["items"][0]["text"], sent["items"][0]["urgency"], sent["answer"]) == (
            "电梯困人了",
            "emergency",
            "",
        )
        assert "SH2611-0032" in out.text
        assert (out.cards[0]["type"], len(out.cards[0]["lines"])) == ("danger", 3)

    async def test_danger_said_again_is_believed(self, backend: FakeBackend, run: Run) -> None:
        out = await run(ReportEmergency(), "快点啊真的困住了", "report_emergency", events=ASKED, items=[TRAPPED])
        assert out.cards[0]["type"] == "danger"

    async def test_the_card_comes_even_when_the_backend_is_down(self, backend: FakeBackend, run: Run) -> None:
        backend.fail = {"": (500, {})}
        out = await run(ReportEmergency(), YES, "report_emergency", events=ASKED)
        assert out.cards[0]["phones"]
        assert "请直接打下面的电话" in out.text
