"""The client: errors, retries, and honesty when nothing works."""

import httpx
import pytest

from actions import _client
from actions._client import UNREACHABLE, Backend, BackendError
from actions.common import HandOver, PassToStaff
from tests.actions.conftest import FakeBackend, Run


class Flaky:
    """Breaks the connection a number of times."""

    def __init__(self, times: int, error: type[httpx.TransportError]) -> None:
        self.times, self.error, self.calls = times, error, 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.calls += 1
        if self.calls <= self.times:
            raise self.error("broken", request=request)
        return httpx.Response(200, json={"items": []})


@pytest.mark.parametrize(
    ("times", "error", "calls", "works"),
    [
        (1, httpx.ConnectError, 2, True),
        (2, httpx.ConnectError, 2, False),
        (1, httpx.ReadTimeout, 1, False),
    ],
)
async def test_one_retry_of_a_broken_connection(
    times: int, error: type[httpx.TransportError], calls: int, works: bool
) -> None:
    flaky = Flaky(times, error)
    async with httpx.AsyncClient(base_url="http://b", transport=httpx.MockTransport(flaky)) as client:
        _client.use_client(client)
        if works:
            assert await Backend("t").mine_open() == []
        else:
            with pytest.raises(BackendError) as raised:
                await Backend("t").mine_open()
            assert raised.value.type == UNREACHABLE
    _client.use_client(None)
    assert flaky.calls == calls


async def test_a_note_whose_answer_was_lost_is_not_written_twice() -> None:
    flaky = Flaky(1, httpx.ReadError)
    async with httpx.AsyncClient(base_url="http://b", transport=httpx.MockTransport(flaky)) as client:
        _client.use_client(client)
        with pytest.raises(BackendError):
            await Backend("t").note("SH2611-0001", "带梯子")
    _client.use_client(None)
    assert flaky.calls == 1


async def test_a_note_that_names_its_message_is_sent_again() -> None:
    flaky = Flaky(1, httpx.ReadError)
    async with httpx.AsyncClient(base_url="http://b", transport=httpx.MockTransport(flaky)) as client:
        _client.use_client(client)
        assert await Backend("t", "message-1").note("SH2611-0001", "带梯子") == {"items": []}
    _client.use_client(None)
    assert flaky.calls == 2


@pytest.mark.parametrize(("kind", "key"), [("note", "m1:note"), ("urge", "m1:urge"), ("rating", "m1:rating")])
async def test_what_a_message_adds_carries_its_id(backend: FakeBackend, kind: str, key: str) -> None:
    speaker = Backend("t", "m1")
    with pytest.raises(BackendError):  # the order does not exist, the call was made
        await (speaker.rate("SH1", 5) if kind == "rating" else speaker.note("SH1", "带梯子", kind))
    assert backend.headers[-1]["idempotency-key"] == key


class TestReplies:
    async def test_a_late_token_is_not_called_an_expired_login(self, backend: FakeBackend, run: Run) -> None:
        backend.fail["/hand-over"] = (401, {"type": "/problems/not-logged-in", "detail": "登录已过期。"})
        out = await run(PassToStaff(), "提个建议", "feedback")
        assert "请您再说一次" in out.text

    async def test_when_nobody_can_be_told_the_channel_hears_of_it(self, backend: FakeBackend, run: Run) -> None:
        backend.fail["/hand-over"] = (503, {"type": "/problems/unavailable", "detail": "暂时连不上"})
        with pytest.raises(BackendError):
            await run(HandOver(), "转人工", "handoff")
