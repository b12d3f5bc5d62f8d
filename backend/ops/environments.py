"""The two Python environments, each synced to its lock file when the lock or the Python changed.

`Project.stamp()` is what an environment was made from; a matching stamp skips the sync.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from backend.ops import stamps, tools
from backend.ops.steps import SetupError, Shell

EXPORT = "requirements.lock.txt"
TORCH = "2.13.0"
"""PyPI's torch for Linux brings 3 GB of CUDA, so the CPU build is installed beside the lock (ADR 0013)."""


@dataclass(frozen=True)
class Project:
    """A folder with pyproject.toml and uv.lock, and the Pythons it may run on."""

    folder: Path
    versions: tuple[str, ...]
    groups: tuple[str, ...] = ()
    torch: bool = False

    @property
    def venv(self) -> Path:
        """Folder of the environment."""
        return self.folder / ".venv"

    @property
    def python(self) -> Path:
        """The environment's interpreter."""
        return self.venv / "bin" / "python"

    def stamp(self) -> str:
        """Return what the environment has to be made from."""
        files = [self.folder / "uv.lock", self.folder / "pyproject.toml", self.venv / "pyvenv.cfg"]
        return stamps.digest(files, *self.groups, *([TORCH] if self.torch else []))

    def fresh(self) -> bool:
        """Whether the environment is there and belongs to this lock file."""
        return self.python.exists() and stamps.matches(self.venv, self.stamp())


def sync(project: Project, uv: str, environ: Mapping[str, str], shell: Shell) -> None:
    """Bring the environment to its lock file; nothing to do when its stamp says so."""
    if project.fresh():
        return
    pip = tools.pip_settings(tools.answer([sys.executable, "-m", "pip", "config", "list"]) or "")
    env = {**tools.uv_environment(pip, environ), "UV_COMPILE_BYTECODE": "1"}  # once here, not at every start
    python = str(project.python)
    if not tools.python_is(python, project.versions):
        python = tools.ensure_python(project.versions, uv, env, shell)
    index = tools.mirror(pip)
    if index is None:
        shell.run(_sync_command(project, uv, python), env=env)
    else:
        _sync_from_mirror(project, uv, python, index, env, shell)
    if project.torch:
        _install_torch(project, uv, env, shell)
    if not project.python.exists():
        raise SetupError(f"环境没有建成 · no environment at {project.venv}", shell.log)
    stamps.write(project.venv, project.stamp())


def _sync_command(project: Project, uv: str, python: str) -> list[str]:
    command = [uv, "sync", "--frozen", "--project", str(project.folder), "--python", python]
    for group in project.groups:
        command += ["--group", group]
    return command


def _sync_from_mirror(project: Project, uv: str, python: str, index: str, env: Mapping[str, str], shell: Shell) -> None:
    """Install the lock's versions and hashes from a mirror: the lock itself names PyPI's files."""
    export = [uv, "export", "--frozen", "--project", str(project.folder), "--no-emit-project"]
    for group in project.groups:
        export += ["--group", group]
    if not tools.python_is(str(project.python), project.versions):
        shell.run([uv, "venv", "--clear", "--python", python, str(project.venv)], env=env)
    listing = project.venv / EXPORT
    shell.run([*export, "--quiet", "--output-file", str(listing)], env=env)
    install = [uv, "pip", "sync", "--python", str(project.python), "--default-index", index]
    shell.run([*install, "--require-hashes", str(listing)], env=env)


def _install_torch(project: Project, uv: str, env: Mapping[str, str], shell: Shell) -> None:
    """Install the CPU build: from the machine's own wheels where pip knows some, else from PyTorch's index."""
    # The project's own settings say that the lock does without torch; they do not hold here.
    install = [uv, "pip", "install", "--no-config", "--python", str(project.python), "--no-deps"]
    if env.get("UV_FIND_LINKS"):
        with contextlib.suppress(SetupError):
            shell.run([*install, "--no-index", f"torch=={TORCH}"], env=env)
            return
    shell.run([*install, "--torch-backend", "cpu", f"torch=={TORCH}"], env=env)
