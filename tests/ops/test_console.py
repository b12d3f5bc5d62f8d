"""What a person sees while steps run: nothing for a quick check, progress and the last line for a long step."""

import io

import pytest

from backend.ops import console
from backend.ops.console import Board, shorten
from tests.ops.conftest import eventually


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console, "WORTH_TELLING_S", 0.05)
    monkeypatch.setattr(console, "REFRESH_S", 0.01)


class TestBoard:
    def test_a_quick_step_leaves_no_line(self) -> None:
        stream = io.StringIO()
        with Board(stream) as board:
            board.begin("a", "环境")
            board.end("a")
        assert stream.getvalue() == ""

    def test_a_quick_failure_does(self) -> None:
        stream = io.StringIO()
        with Board(stream) as board:
            board.begin("a", "环境")
            board.end("a", ok=False)
        assert stream.getvalue() == "✗ 环境  0.0 s\n"

    def test_a_log_gets_a_heartbeat_with_the_last_line(self) -> None:
        stream = io.StringIO()
        with Board(stream, heartbeat_s=0.05) as board:
            board.begin("a", "环境")
            board.note("a", "Downloading torch\n")
            eventually(lambda: "Downloading torch" in stream.getvalue())
            board.end("a")
        assert stream.getvalue().startswith("… 环境\n  环境  0 s  Downloading torch\n")
        assert "✓ 环境" in stream.getvalue()

    def test_warnings_of_python_are_no_progress(self) -> None:
        stream = io.StringIO()
        with Board(stream, heartbeat_s=0.05) as board:
            board.begin("a", "环境")
            board.note("a", "Epoch 3\n")
            board.note("a", "/lib/pattern.py:134: PyparsingDeprecationWarning: 'resetCache' deprecated\n")
            board.note("a", "  self._parser.resetCache()\n")
            eventually(lambda: "s  " in stream.getvalue())
            board.end("a")
        assert "Epoch 3" in stream.getvalue()
        assert "resetCache" not in stream.getvalue()

    def test_a_terminal_is_redrawn_and_left_clean(self) -> None:
        stream = Terminal()
        with Board(stream) as board:
            board.begin("a", "环境")
            board.note("a", "half")
            eventually(lambda: "half" in stream.getvalue())
            board.say("还在")
        assert stream.getvalue().count("\x1b[1A\x1b[J") >= 2
        assert stream.getvalue().endswith("\x1b[1A\x1b[J")


class TestShorten:
    def test_a_chinese_character_takes_two_columns(self) -> None:
        assert shorten("环境ab", 5) == "环境a"
        assert shorten("环境", 3) == "环"
