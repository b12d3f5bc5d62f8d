"""The shape of the project: what may lie at the top, what may import what, one name in every folder."""

import ast
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from backend.kit.discovery import domain_names

ROOT = Path(__file__).parents[2]
DOMAINS = ROOT / "backend" / "domains"
TOP = {
    *("bot", "nlu_data", "actions", "backend", "connectors", "speech", "tests", "docs"),
    *("pyproject.toml", "uv.lock", "Makefile", "compose.yaml"),
    *("README.md", "README.zh-CN.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE"),
}
MADE_BY_A_RUN = {"var"}
PRIVATE = {"repository", "models", "schemas"}


# An answer may contain another domain's answer, so the files that shape answers may use its shapes.
SHOWS = {"api.py", "schemas.py"}


def sources(folder: Path) -> list[Path]:
    return [p for p in sorted(folder.rglob("*.py")) if ".venv" not in p.parts and "node_modules" not in p.parts]


def imported(path: Path) -> Iterator[str]:
    """Yield every module that a file imports, `from a import b` as both `a` and `a.b`."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


class TestTopLevel:
    def test_holds_only_what_the_layout_names(self) -> None:
        found = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
        assert found - MADE_BY_A_RUN <= TOP


class TestDomains:
    def test_discovery_finds_every_package(self) -> None:
        folders = {p.parent.name for p in DOMAINS.glob("*/__init__.py")}
        assert set(domain_names()) == folders

    @pytest.mark.parametrize("name", domain_names())
    def test_no_other_domain_reaches_behind_its_service(self, name: str) -> None:
        guilty = [
            f"{path.relative_to(ROOT)} imports {module}"
            for path in sources(DOMAINS)
            for module in imported(path)
            if re.match(rf"backend\.domains\.{name}\.({'|'.join(PRIVATE)})\b", module)
            and path.relative_to(DOMAINS).parts[0] != name
            and not (module.startswith(f"backend.domains.{name}.schemas") and path.name in SHOWS)
        ]
        assert guilty == []

    @pytest.mark.parametrize("name", domain_names())
    def test_a_docstring_says_what_it_is_with_its_chinese_name(self, name: str) -> None:
        text = ast.get_docstring(ast.parse((DOMAINS / name / "__init__.py").read_text(encoding="utf-8"))) or ""
        assert re.search(r"[\u4e00-\u9fff]", text.split("\n", 1)[0])


class TestNames:
    def test_a_capability_with_actions_of_its_own_has_its_actions_file(self) -> None:
        declared = {
            path.stem: set(yaml.safe_load(path.read_text(encoding="utf-8")).get("actions") or [])
            for path in (ROOT / "nlu_data").glob("*.yml")
        }
        owners = Counter(action for actions in declared.values() for action in actions)
        own = {
            name
            for name, actions in declared.items()
            if not name.startswith("_") and any(owners[action] == 1 for action in actions)
        }
        assert own <= {path.stem for path in (ROOT / "actions").iterdir()}

    def test_every_action_named_in_the_dialogue_exists(self) -> None:
        said = set()
        for path in [*(ROOT / "nlu_data").glob("*.yml"), ROOT / "bot" / "domain.yml"]:
            said |= set(re.findall(r"\b(?:action|validate)_\w+", path.read_text(encoding="utf-8")))
        code = "\n".join(path.read_text(encoding="utf-8") for path in sources(ROOT / "actions"))
        built_in = {
            *("action_listen", "action_restart", "action_session_start", "action_default_fallback"),
            *("action_deactivate_loop", "action_two_stage_fallback", "action_default_ask_affirmation"),
            *("action_default_ask_rephrase", "action_back", "action_extract_slots", "action_unlikely_intent"),
            *("action_revert_fallback_events",),
        }
        missing = {name for name in said - built_in if not re.search(rf'["\']{name}["\']', code)}
        assert missing == set()


class TestOps:
    def test_imports_the_standard_library_only(self) -> None:
        allowed = set(sys.stdlib_module_names) | {"backend"}
        guilty = [
            f"{path.name} imports {module}"
            for path in sources(ROOT / "backend" / "ops")
            for module in imported(path)
            if module.split(".")[0] not in allowed
            or (module.startswith("backend.") and not module.startswith("backend.ops"))
        ]
        assert guilty == []


class TestVersion:
    def test_the_changelog_and_the_project_agree(self) -> None:
        version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
        headings = re.findall(r"^## \[([^\]]+)\]", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.M)
        assert headings[0] == "Unreleased"
        assert headings[1] == version
