"""The answer to a complaint, accepted or refused by a tap or in words."""

import pytest

from actions.complaint_answer import AcceptAnswer, RefuseAnswer
from tests.actions.conftest import FakeBackend, Run, complaint, line

A, B = "TS-SH2611-0001", "TS-SH2611-0002"


def tap(intent: str, number: str) -> str:
    return f'/{intent}{{"complaint_number": "{number}"}}'


@pytest.fixture
def answered(backend: FakeBackend) -> FakeBackend:
    backend.complaints = {A: complaint(A), B: complaint(B, words="楼上太吵")}
    return backend


class TestAccept:
    async def test_a_tap_accepts_it(self, answered: FakeBackend, run: Run) -> None:
        out = await run(AcceptAnswer(), tap("accept_answer", B), "accept_answer", entities={"complaint_number": B})
        assert answered.made() == [(f"/complaints/{B}/transitions", {"to": "accepted"})]
        assert B in out.text

    async def test_the_only_one_is_meant(self, answered: FakeBackend, run: Run) -> None:
        answered.complaints[B]["status"] = "investigating"
        await run(AcceptAnswer(), "你们的答复我认可", "accept_answer")
        assert answered.made() == [(f"/complaints/{A}/transitions", {"to": "accepted"})]

    async def test_of_several_it_is_asked_which(self, answered: FakeBackend, run: Run) -> None:
        out = await run(AcceptAnswer(), "你们的答复我认可", "accept_answer")
        assert out.payloads == [tap("accept_answer", A), tap("accept_answer", B)]
        assert answered.made() == []

    async def test_a_number_in_the_words_is_enough(self, answered: FakeBackend, run: Run) -> None:
        await run(AcceptAnswer(), f"{B.lower()} 的答复我认可", "accept_answer")
        assert answered.made()[0][0] == f"/complaints/{B}/transitions"

    async def test_a_second_answer_is_closed_with_it(self, answered: FakeBackend, run: Run) -> None:
        answered.complaints[A] = complaint(A, to=("closed",))
        await run(AcceptAnswer(), tap("accept_answer", A), "accept_answer", entities={"complaint_number": A})
        assert answered.made()[0][1] == {"to": "closed"}

    async def test_where_nothing_is_to_be_accepted_it_says_so(self, answered: FakeBackend, run: Run) -> None:
        answered.complaints[A] = complaint(A, "investigating", to=(), status_title="处理中")
        out = await run(AcceptAnswer(), tap("accept_answer", A), "accept_answer", entities={"complaint_number": A})
        assert "处理中" in out.text
        assert answered.made() == []

    @pytest.mark.parametrize("action", [AcceptAnswer, RefuseAnswer])
    async def test_without_any_answer_it_says_so(self, backend: FakeBackend, run: Run, action: type) -> None:
        out = await run(action(), "答复我看过了", action.intents[0])
        assert "没有等您表态的投诉答复" in out.text
        assert backend.made() == []


class TestRefuse:
    async def test_it_goes_up_with_the_words(self, answered: FakeBackend, run: Run) -> None:
        out = await run(RefuseAnswer(), f"{A} 的答复全是套话，不认可", "refuse_answer")
        assert answered.made() == [
            (f"/complaints/{A}/transitions", {"to": "refused", "note": f"{A} 的答复全是套话，不认可"})
        ]
        assert "项目经理复查" in out.text
        assert "明天" in out.text

    async def test_the_second_time_the_hotline_is_named(self, answered: FakeBackend, run: Run) -> None:
        answered.complaints[A] = complaint(A, to=("closed",))
        out = await run(RefuseAnswer(), tap("refuse_answer", A), "refuse_answer", entities={"complaint_number": A})
        assert "12345" in out.text

    async def test_a_bare_no_after_the_answer_is_a_refusal(self, answered: FakeBackend, run: Run) -> None:
        said = line("答复了。您认可吗？", ("认可", tap("accept_answer", A)), ("不认可", tap("refuse_answer", A)))
        await run(AcceptAnswer(), "不行", "deny", lately=[said])
        assert answered.made() == [(f"/complaints/{A}/transitions", {"to": "refused"})]
