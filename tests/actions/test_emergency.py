"""Danger: the card comes in any case."""

from actions.emergency import ReportEmergency
from tests.actions.conftest import FakeBackend, Run
from tests.actions.test_repair import draft

TRAPPED = {"text": "电梯困人了", "category": "elevator", "urgency": "high", "fault": "电梯困人"}


class TestReportEmergency:
    async def test_opens_an_emergency_and_says_what_to_do(self, backend: FakeBackend, run: Run) -> None:
        backend.drafted = [{"drafts": [draft("电梯困人")], "question": None}]
        out = await run(ReportEmergency(), "电梯困人了", "report_emergency", items=[TRAPPED])
        assert backend.made()[0][1]["items"][0]["urgency"] == "emergency"
        assert "SH2611-0032" in out.text
        assert (out.cards[0]["type"], len(out.cards[0]["lines"])) == ("danger", 3)

    async def test_the_card_comes_even_when_the_backend_is_down(self, backend: FakeBackend, run: Run) -> None:
        backend.fail = {"": (500, {})}
        out = await run(ReportEmergency(), "着火了", "report_emergency")
        assert out.cards[0]["phones"]
        assert "请直接打下面的电话" in out.text
