"""The supervisor with tiny process tables: order, readiness, restarts, failures, and a clean end."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from backend.ops.config import Config
from backend.ops.descendants import end_leftovers
from backend.ops.supervisor import Outcome, Policy
from tests.ops.conftest import STAYS, Run, Screen, eventually, free_port, script

Start = Callable[..., Run]


def pids(config: Config) -> dict[str, int]:
    loaded: dict[str, int] = json.loads((config.run_dir / "pids.json").read_text())
    return loaded


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not stat.is_file() or stat.read_text().rsplit(")", 1)[1].split()[0] != "Z"


class TestStart:
    def test_a_job_ends_before_what_waits_for_it_starts(self, start: Start, config: Config, tmp_path: Path) -> None:
        job = script("job", f"open({str(tmp_path / 'made')!r}, 'w').close()", ready="exit")
        code = f"import os; assert os.path.exists({str(tmp_path / 'made')!r}); {STAYS}"
        start(job, script("service", code, after=("job",))).wait_ready()
        assert set(pids(config)) == {"supervisor", "service"}
        assert json.loads((config.run_dir / "ready.json").read_text())["url"] == config.public_url

    def test_a_server_is_ready_when_its_address_answers(self, start: Start) -> None:
        port = free_port()
        where = f"('127.0.0.1', {port})"
        code = f"import http.server as h; h.HTTPServer({where}, h.SimpleHTTPRequestHandler).serve_forever()"
        start(script("web", code, ready=f"http://127.0.0.1:{port}/")).wait_ready()

    def test_logs_of_the_run_before_are_kept_aside(self, start: Start, config: Config) -> None:
        start(script("a", STAYS)).wait_ready()
        start(script("a", "print('second'); " + STAYS)).wait_ready()
        assert (config.log_dir / "a.log").read_text() == "second\nup\n"
        assert (config.log_dir / "a.log.1").read_text() == "up\n"


class TestFailure:
    def test_a_failed_job_stops_the_run_and_shows_its_last_words(
        self, start: Start, config: Config, screen: Screen
    ) -> None:
        run = start(script("job", "raise SystemExit('no such database')", ready="exit"), script("b", STAYS))
        run.wait_end()
        assert run.outcome is Outcome.FAILED
        assert "no such database" in screen.text
        assert "var/log/job.log" in screen.text

    def test_a_service_that_never_comes_up_is_a_failure(self, start: Start, screen: Screen) -> None:
        run = start(script("broken", "raise SystemExit(7)"))
        run.wait_end()
        assert run.outcome is Outcome.FAILED
        assert "一启动就退出（7）" in screen.text

    def test_a_missing_program_is_a_failure(self, start: Start, screen: Screen) -> None:
        row = script("gone", STAYS)
        run = start(type(row)("gone", "gone", ("/no/such/python",), "log:up"))
        run.wait_end()
        assert run.outcome is Outcome.FAILED
        assert "无法启动 /no/such/python" in screen.text


class TestRestart:
    def test_a_killed_process_comes_back(self, start: Start, config: Config, screen: Screen) -> None:
        start(script("a", STAYS)).wait_ready()
        first = pids(config)["a"]
        os.kill(first, signal.SIGKILL)
        eventually(lambda: pids(config)["a"] != first and alive(pids(config)["a"]))
        assert "重启" in screen.text

    def test_one_that_keeps_dying_is_named_plainly_while_the_others_stay(
        self, start: Start, config: Config, screen: Screen
    ) -> None:
        start(script("a", "print('up', flush=True); import time; time.sleep(0.3)"), script("b", STAYS)).wait_ready()
        eventually(lambda: "反复退出" in screen.text)
        assert "var/log/a.log" in screen.text
        assert alive(pids(config)["b"])


class TestStop:
    def test_children_and_grandchildren_are_gone(self, start: Start, config: Config, tmp_path: Path) -> None:
        code = (
            "import subprocess, sys, time\n"
            "sleep = [sys.executable, '-c', 'import time; time.sleep(600)']\n"
            "inside = subprocess.Popen(sleep)\n"
            "outside = subprocess.Popen(sleep, start_new_session=True)\n"
            f"open({str(tmp_path / 'family')!r}, 'w').write('%d %d' % (inside.pid, outside.pid))\n"
            "print('up', flush=True)\n"
            "time.sleep(600)\n"
        )
        run = start(script("parent", code))
        run.wait_ready()
        everyone = [pids(config)["parent"], *map(int, (tmp_path / "family").read_text().split())]
        assert all(map(alive, everyone))
        run.stop()
        assert run.outcome is Outcome.STOPPED
        eventually(lambda: not any(map(alive, everyone)), within_s=2)
        assert not (config.run_dir / "pids.json").exists()

    def test_one_that_ignores_the_polite_signal_is_killed(self, start: Start, config: Config) -> None:
        run = start(script("deaf", "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + STAYS))
        run.wait_ready()
        deaf = pids(config)["deaf"]
        run.stop()
        assert not alive(deaf)

    def test_the_longest_stop_takes_less_than_ten_seconds(self) -> None:
        assert Policy().stop_grace_s + Policy().kill_grace_s < 10


PROGRAM = """
import sys
from pathlib import Path
from backend.ops import run
from backend.ops.processes import Process
row = Process("a", "a", (sys.executable, "-u", "-c", "import time; print('up'); time.sleep(600)"), "log:up")
run.rows = lambda config: (row,)
sys.exit(run.main(["--skip-setup"]))
"""


class TestProgram:
    """The whole program in a process of its own, as a terminal starts it."""

    def begin(self, config: Config) -> subprocess.Popen[str]:
        keep = {"PATH": os.environ["PATH"], "PYTHONPATH": str(Path(__file__).parents[2])}
        env = {**keep, "GUANJIA_VAR_DIR": str(config.var)}
        return subprocess.Popen(
            [sys.executable, "-c", PROGRAM], env=env, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )

    def test_ctrl_c_ends_it_and_a_second_run_says_that_one_runs(self, config: Config) -> None:
        first = self.begin(config)
        eventually((config.run_dir / "ready.json").exists)
        child = pids(config)["a"]
        second = self.begin(config)
        said, _ = second.communicate(timeout=20)
        assert second.returncode == 1
        assert "already running" in said
        first.send_signal(signal.SIGINT)
        said, _ = first.communicate(timeout=10)
        assert first.returncode == 0
        assert "zhangwei" in said
        assert not alive(child)

    def test_what_a_killed_supervisor_left_is_ended_by_the_next(self, config: Config) -> None:
        first = self.begin(config)
        eventually((config.run_dir / "ready.json").exists)
        orphan = pids(config)["a"]
        first.kill()
        first.communicate()
        assert alive(orphan)
        assert end_leftovers(config.run_dir / "pids.json", ["/another/python"]) == []
        assert alive(orphan)
        (config.run_dir / "pids.json").write_text(json.dumps({"supervisor": first.pid, "a": orphan}))
        assert end_leftovers(config.run_dir / "pids.json", [sys.executable]) == ["a"]
        eventually(lambda: not alive(orphan), within_s=2)
