"""The decisions of set-up: which Python, which uv, what a stamp lets a second start skip."""

import sys
import threading
from pathlib import Path

import pytest

from backend.ops import environments, pages, stamps, tools
from backend.ops.steps import SetupError, Shell, Step, closure, run_steps
from tests.ops.conftest import Screen


def program(path: Path, body: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path


def python(folder: Path, version: str, name: str = "python") -> Path:
    return program(folder / "bin" / name, f"echo {version}")


class TestFindPython:
    def test_a_shim_on_path_that_fails_is_passed_over_for_pyenv(self, tmp_path: Path) -> None:
        program(tmp_path / "shims" / "python3.10", "exit 127")
        wanted = python(tmp_path / "pyenv/versions/3.10.13", "3.10")
        environ = {"PATH": f"{tmp_path / 'shims'}:/bin:/usr/bin", "PYENV_ROOT": str(tmp_path / "pyenv")}
        assert tools.find_python(["3.10"], environ, home=tmp_path) == str(wanted)

    def test_the_one_on_path_comes_first(self, tmp_path: Path) -> None:
        wanted = python(tmp_path, "3.10", "python3.10")
        python(tmp_path / ".pyenv/versions/3.10.13", "3.10")
        found = tools.find_python(["3.10"], {"PATH": f"{tmp_path / 'bin'}:/bin:/usr/bin"}, home=tmp_path)
        assert found == str(wanted)

    def test_the_newest_of_pyenv_under_home_wins(self, tmp_path: Path) -> None:
        python(tmp_path / ".pyenv/versions/3.10.9", "3.10")
        wanted = python(tmp_path / ".pyenv/versions/3.10.13", "3.10")
        assert tools.find_python(["3.10"], {"PATH": "/bin:/usr/bin"}, home=tmp_path) == str(wanted)

    def test_one_that_is_another_version_is_not_taken(self, tmp_path: Path) -> None:
        python(tmp_path / ".pyenv/versions/3.10.1", "3.9")
        python(tmp_path / ".pyenv/versions/3.1.0", "3.1")
        assert tools.find_python(["3.10"], {"PATH": "/nowhere"}, home=tmp_path) is None


class TestPipSettings:
    def test_the_environment_wins_over_the_file(self) -> None:
        listing = ":env:.find-links='/wheels'\nglobal.find-links='/old'\nglobal.index-url='https://mirror/simple'\n"
        assert tools.pip_settings(listing) == {"find-links": "/wheels", "index-url": "https://mirror/simple"}

    def test_uv_is_told_the_same(self) -> None:
        env = tools.uv_environment({"find-links": "/a /b", "cert": "/c.pem"}, {"VIRTUAL_ENV": "/x", "PATH": "/bin"})
        assert env["UV_FIND_LINKS"] == "/a,/b"
        assert env["SSL_CERT_FILE"] == "/c.pem"
        assert "VIRTUAL_ENV" not in env

    def test_what_uv_was_told_already_stays(self) -> None:
        assert tools.uv_environment({"find-links": "/a"}, {"UV_FIND_LINKS": "/mine"})["UV_FIND_LINKS"] == "/mine"

    @pytest.mark.parametrize(
        ("url", "expected"),
        [("", None), ("https://pypi.org/simple", None), ("https://mirror/simple", "https://mirror/simple")],
    )
    def test_only_another_index_is_a_mirror(self, url: str, expected: str | None) -> None:
        assert tools.mirror({"index-url": url}) == expected


class TestNode:
    @pytest.mark.parametrize(
        ("version", "new"),
        [("v20.20.2", True), ("v24.1.0", True), ("v20.18.0", False), ("v18.19.0", False), (None, False)],
    )
    def test_new_enough(self, version: str | None, new: bool) -> None:
        assert tools.node_is_new(version) is new

    def test_a_node_without_npm_is_none(self, tmp_path: Path) -> None:
        program(tmp_path / "node", "echo v24.1.0")
        assert tools.machine_node({"PATH": str(tmp_path)}) is None


class TestStamp:
    @pytest.fixture
    def project(self, tmp_path: Path) -> environments.Project:
        for name in ("uv.lock", "pyproject.toml"):
            (tmp_path / name).write_text(name)
        python(tmp_path / ".venv", "3.11")
        (tmp_path / ".venv/pyvenv.cfg").write_text("version_info = 3.11.7")
        return environments.Project(tmp_path, ("3.11",))

    def test_a_synced_environment_is_fresh_until_the_lock_changes(self, project: environments.Project) -> None:
        assert not project.fresh()
        stamps.write(project.venv, project.stamp())
        assert project.fresh()
        (project.folder / "uv.lock").write_text("another package")
        assert not project.fresh()

    def test_another_python_or_group_makes_it_stale(self, project: environments.Project) -> None:
        stamps.write(project.venv, project.stamp())
        assert not environments.Project(project.folder, project.versions, ("node",)).fresh()
        (project.venv / "pyvenv.cfg").write_text("version_info = 3.12.1")
        assert not project.fresh()

    def test_a_removed_interpreter_makes_it_stale(self, project: environments.Project) -> None:
        stamps.write(project.venv, project.stamp())
        project.python.unlink()
        assert not project.fresh()


def shell(tmp_path: Path, screen: Screen) -> Shell:
    return Shell("test", tmp_path / "test.log", screen.board, tmp_path, threading.Event())


class TestSync:
    def test_a_fresh_environment_asks_uv_nothing(self, tmp_path: Path, screen: Screen) -> None:
        project = environments.Project(tmp_path, ("3.11",))
        python(tmp_path / ".venv", "3.11")
        stamps.write(project.venv, project.stamp())
        environments.sync(project, "/no/such/uv", {}, shell(tmp_path, screen))

    def test_a_stale_one_is_synced_to_its_lock_and_stamped(self, tmp_path: Path, screen: Screen) -> None:
        project = environments.Project(tmp_path, ("3.11",))
        python(tmp_path / ".venv", "3.11")
        uv = program(tmp_path / "uv", f'echo "$@" > {tmp_path}/asked')
        environments.sync(project, str(uv), {"PATH": "/bin:/usr/bin"}, shell(tmp_path, screen))
        assert (tmp_path / "asked").read_text().startswith(f"sync --frozen --project {tmp_path} --python")
        assert project.fresh()

    def test_a_mirror_gets_the_versions_and_hashes_of_the_lock(
        self, tmp_path: Path, screen: Screen, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        project = environments.Project(tmp_path, ("3.11",))
        python(tmp_path / ".venv", "3.11")
        uv = program(tmp_path / "uv", f'echo "$@" >> {tmp_path}/asked')
        monkeypatch.setattr(tools, "pip_settings", lambda _: {"index-url": "https://mirror/simple"})
        environments.sync(project, str(uv), {"PATH": "/bin:/usr/bin"}, shell(tmp_path, screen))
        export, install = (tmp_path / "asked").read_text().splitlines()
        assert export.startswith("export --frozen")
        assert "--default-index https://mirror/simple --require-hashes" in install


class TestPages:
    def test_the_second_build_runs_nothing_and_a_changed_source_builds_again(
        self, tmp_path: Path, screen: Screen
    ) -> None:
        folder = tmp_path / "pages"
        (folder / "src").mkdir(parents=True)
        for name in ("package.json", "package-lock.json", "src/main.ts"):
            (folder / name).write_text(name)
        npm = f'echo "$1" >> {tmp_path}/asked; mkdir -p node_modules; [ "$1" = ci ] || mkdir -p dist'
        program(tmp_path / "node/npm", npm)
        for _ in range(2):
            pages.build(folder, tmp_path / "node", {"PATH": "/bin:/usr/bin"}, shell(tmp_path, screen))
        assert (tmp_path / "asked").read_text().split() == ["ci", "run"]
        assert pages.fresh(folder)
        (folder / "src/main.ts").write_text("changed")
        assert not pages.fresh(folder)
        pages.build(folder, tmp_path / "node", {"PATH": "/bin:/usr/bin"}, shell(tmp_path, screen))
        assert (tmp_path / "asked").read_text().split() == ["ci", "run", "run"]


class TestRunSteps:
    def test_a_step_starts_after_what_it_needs(self, tmp_path: Path, screen: Screen) -> None:
        order: list[str] = []
        steps = [
            Step("c", "c", lambda _: order.append("c"), ("a", "b")),
            Step("b", "b", lambda _: order.append("b"), ("a",)),
            Step("a", "a", lambda _: order.append("a")),
        ]
        run_steps(steps, screen.board, tmp_path, tmp_path)
        assert order == ["a", "b", "c"]

    def test_a_failure_ends_what_runs_beside_it_and_names_the_log(self, tmp_path: Path, screen: Screen) -> None:
        def fails(at: Shell) -> None:
            at.run([sys.executable, "-c", "print('disk full'); raise SystemExit(3)"])

        def lasts(at: Shell) -> None:
            at.run([sys.executable, "-c", "import time; time.sleep(600)"])

        with pytest.raises(SetupError) as caught:
            run_steps([Step("lasts", "长", lasts), Step("fails", "短", fails)], screen.board, tmp_path, tmp_path)
        assert caught.value.sentence.startswith("短：")
        assert caught.value.tail == ("disk full",)
        assert caught.value.log == tmp_path / "setup-fails.log"
        assert "disk full" in (tmp_path / "setup-fails.log").read_text()

    def test_closure_takes_only_what_is_needed(self) -> None:
        steps = [Step("uv", "", print), Step("env", "", print, ("uv",)), Step("bot", "", print, ("uv",))]
        assert [step.name for step in closure(steps, ["bot"])] == ["uv", "bot"]
