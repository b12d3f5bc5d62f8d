"""Finds the tools that set-up needs: uv, the two Pythons, Node. Installs what is missing.

What pip on this machine has been told (mirror, certificate, folders of wheels) holds for uv too.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from backend.ops.steps import SetupError, Shell

NODE_AT_LEAST = (20, 19)
PUBLIC_INDEX = "pypi.org"
PROBE_PYTHON = "import sys; print('%d.%d' % sys.version_info[:2])"


def answer(argv: Sequence[str], env: Mapping[str, str] | None = None) -> str | None:
    """Return what a short command prints, or None when it does not work here."""
    try:
        done = subprocess.run(
            list(argv),
            env=dict(env) if env is not None else None,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def pip_settings(listing: str) -> dict[str, str]:
    """Read `pip config list`: option → value; the environment wins over `install` over `global`."""
    rank = {"global": 0, "install": 1, ":env:": 2}
    best: dict[str, tuple[int, str]] = {}
    for line in listing.splitlines():
        match = re.match(r"(:env:|[\w-]+)\.([\w-]+)='(.*)'$", line.strip())
        if match is None or match.group(1) not in rank:
            continue
        weight, option = rank[match.group(1)], match.group(2)
        if option not in best or best[option][0] <= weight:
            best[option] = (weight, match.group(3))
    return {option: value for option, (_, value) in best.items()}


def uv_environment(pip: Mapping[str, str], environ: Mapping[str, str]) -> dict[str, str]:
    """Return the environment for uv: pip's settings under uv's names, no foreign environment."""
    env = {k: v for k, v in environ.items() if k not in {"VIRTUAL_ENV", "UV_PROJECT_ENVIRONMENT"}}
    wheels = [word for word in pip.get("find-links", "").split() if word]
    if wheels:
        env.setdefault("UV_FIND_LINKS", ",".join(wheels))
    if pip.get("cert"):
        env.setdefault("SSL_CERT_FILE", pip["cert"])
    if pip.get("proxy"):
        env.setdefault("HTTPS_PROXY", pip["proxy"])
    env.setdefault("UV_NO_PROGRESS", "1")
    return env


def mirror(pip: Mapping[str, str]) -> str | None:
    """Return the package index of a company's or a country's mirror when pip is set to one."""
    url = pip.get("index-url", "")
    return url if url and PUBLIC_INDEX not in url else None


def find_uv(tools: Path) -> str | None:
    """Return a uv that works: the one on PATH, else the one that set-up has installed."""
    candidates = [
        shutil.which("uv"),
        str(tools / "bin" / "uv"),
        str(Path.home() / ".local/bin/uv"),
    ]
    return next((c for c in candidates if c and answer([c, "--version"]) is not None), None)


def install_uv(tools: Path, shell: Shell) -> str:
    """Install uv with pip into a small environment of its own. Raises SetupError."""
    if answer([sys.executable, "-c", "import ensurepip"]) is None:
        raise SetupError(
            "缺少 uv，也缺少 python3-venv：请先安装其中一个（Debian/Ubuntu：apt install python3-venv）· "
            "neither uv nor python3-venv is here; install one of them",
            shell.log,
        )
    shell.run([sys.executable, "-m", "venv", "--clear", str(tools)])
    shell.run([str(tools / "bin" / "python"), "-m", "pip", "install", "uv"])
    return str(tools / "bin" / "uv")


def python_candidates(versions: Sequence[str], environ: Mapping[str, str], home: Path) -> Iterator[str]:
    """Yield interpreters that may be one of these versions: PATH first, then pyenv, newest first."""
    for version in versions:
        found = shutil.which(f"python{version}", path=environ.get("PATH"))
        if found:
            yield found
    roots = [Path(environ["PYENV_ROOT"])] if environ.get("PYENV_ROOT") else []
    roots.append(home / ".pyenv")
    for version in versions:
        for root in roots:
            folders = [f for f in (root / "versions").glob(f"{version}*") if _is(version, f.name)]
            for folder in sorted(folders, key=_numbers, reverse=True):
                yield str(folder / "bin" / "python")


def _is(version: str, folder: str) -> bool:
    return folder == version or folder.startswith(version + ".")


def _numbers(folder: Path) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", folder.name)]


def python_is(path: str, versions: Sequence[str]) -> bool:
    """Whether this interpreter starts and is one of these versions."""
    return answer([path, "-c", PROBE_PYTHON]) in versions


def find_python(versions: Sequence[str], environ: Mapping[str, str], home: Path | None = None) -> str | None:
    """Return an interpreter of one of these versions that works, best first."""
    home = Path.home() if home is None else home
    candidates = python_candidates(versions, environ, home)
    return next((path for path in candidates if python_is(path, versions)), None)


def ensure_python(versions: Sequence[str], uv: str, env: Mapping[str, str], shell: Shell) -> str:
    """Return a working interpreter, letting uv find or download one. Raises SetupError."""
    found = find_python(versions, env)
    if found is not None:
        return found
    for version in versions:
        managed = answer([uv, "python", "find", "--no-project", version], env)
        if managed and python_is(managed, versions):
            return managed
    shell.note(f"uv python install {versions[0]}")
    try:
        shell.run([uv, "python", "install", versions[0]], env=env)
    except SetupError as error:
        raise SetupError(
            f"没有 Python {versions[0]}，也下载不到：请安装它（如 pyenv install {versions[0]}）后重试 · "
            f"Python {versions[0]} is missing and cannot be downloaded; install it and try again",
            error.log,
            error.tail,
        ) from None
    managed = answer([uv, "python", "find", "--no-project", versions[0]], env)
    if not managed:
        raise SetupError(f"找不到 Python {versions[0]} · Python {versions[0]} not found", shell.log)
    return managed


def machine_node(environ: Mapping[str, str]) -> Path | None:
    """Return the folder of the machine's own Node when it is new enough and npm is beside it."""
    node = shutil.which("node", path=environ.get("PATH"))
    npm = shutil.which("npm", path=environ.get("PATH"))
    if node is None or npm is None or not node_is_new(answer([node, "--version"])):
        return None
    return Path(node).parent


def node_is_new(version: str | None) -> bool:
    """Whether `node --version` said something the page build can use."""
    numbers = tuple(int(part) for part in re.findall(r"\d+", version or "")[:2])
    return len(numbers) == 2 and numbers >= NODE_AT_LEAST


def with_path(folder: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """Return an environment in which this folder's programs come first."""
    return {**environ, "PATH": f"{folder}{os.pathsep}{environ.get('PATH', '')}"}
