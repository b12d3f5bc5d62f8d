"""Work that nobody waits for goes on after a failure and ends when it is told to."""

import threading
from threading import Event

from backend.kit.background import AgainAndAgain

SOON_S = 10.0


class TestAgainAndAgain:
    def test_a_call_that_fails_is_made_again(self) -> None:
        calls, third = [0], Event()

        def work() -> None:
            calls[0] += 1
            if calls[0] == 3:
                third.set()
            raise OSError("not now")

        clock = AgainAndAgain("test", work, 0.0)
        clock.start()
        assert third.wait(SOON_S)
        clock.stop()

    def test_stopped_it_begins_nothing_more(self) -> None:
        began, go_on, calls = Event(), Event(), [0]

        def work() -> None:
            calls[0] += 1
            began.set()
            go_on.wait(SOON_S)

        clock = AgainAndAgain("stopped clock", work, 0.0)
        clock.start()
        assert began.wait(SOON_S)
        (thread,) = [one for one in threading.enumerate() if one.name == "stopped clock"]
        clock.stop()
        go_on.set()
        thread.join(SOON_S)
        assert not thread.is_alive()
        assert calls == [1]
