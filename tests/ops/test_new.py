"""`make new` lays every place of a capability, each a file that passes the checks, and overwrites nothing."""

import ast
from pathlib import Path

import pytest

from backend.ops import new


class TestNew:
    def test_lays_the_three_places_and_their_tests(self, tmp_path: Path) -> None:
        assert new.main(["renovation", "--title", "装修申请"], tmp_path) == 0
        for place in (
            "backend/domains/renovation/service.py",
            "actions/renovation.py",
            "nlu_data/renovation.yml",
            "tests/conversations/test_renovation.yml",
        ):
            assert (tmp_path / place).is_file()
        opening = ast.get_docstring(ast.parse((tmp_path / "backend/domains/renovation/__init__.py").read_text()))
        assert opening is not None
        assert opening.startswith("Renovation 装修申请")

    def test_every_python_file_parses(self) -> None:
        for place, text in new.files("two_words", "题").items():
            if place.endswith(".py"):
                ast.parse(text)
            assert "{" not in text

    def test_overwrites_nothing(self, tmp_path: Path) -> None:
        (tmp_path / "actions").mkdir()
        (tmp_path / "actions" / "billing.py").write_text("mine")
        assert new.main(["billing"], tmp_path) == 0
        assert (tmp_path / "actions" / "billing.py").read_text() == "mine"
        assert new.main(["billing"], tmp_path) == 2

    @pytest.mark.parametrize("name", ["", "Renovation", "1st", "a-b", "../x", "import"])
    def test_refuses_what_cannot_be_a_package(self, name: str, tmp_path: Path) -> None:
        assert new.main([name], tmp_path) == 2
