"""The domain is joined from the capability files; a name defined twice is refused."""

from pathlib import Path

import pytest
from conftest import ROOT

from bot.importer import CapabilityImporter, DuplicateName, join_domain


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


class TestJoinDomain:
    def test_joins_lists_and_mappings(self, tmp_path: Path) -> None:
        one = write(tmp_path / "a.yml", "intents: [greet]\nresponses:\n  utter_a: [{text: 好}]\n")
        two = write(tmp_path / "b.yml", "intents: [greet, thank]\nresponses:\n  utter_b: [{text: 行}]\nnlu: []\n")
        joined = join_domain([one, two])
        assert joined["intents"] == ["greet", "thank"]
        assert set(joined["responses"]) == {"utter_a", "utter_b"}

    def test_name_defined_twice_is_refused(self, tmp_path: Path) -> None:
        one = write(tmp_path / "a.yml", "responses:\n  utter_a: [{text: 好}]\n")
        two = write(tmp_path / "b.yml", "responses:\n  utter_a: [{text: 行}]\n")
        with pytest.raises(DuplicateName):
            join_domain([one, two])

    def test_unknown_key_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(ValueError, match="unknown keys"):
            join_domain([write(tmp_path / "a.yml", "intent: [greet]\n")])


def test_importer_reads_examples_rules_and_domain() -> None:
    importer = CapabilityImporter(
        str(ROOT / "bot" / "config.yml"), str(ROOT / "bot" / "domain.yml"), [str(ROOT / "nlu_data")]
    )
    domain = importer.get_domain()
    assert "repair_form" in domain.form_names
    assert "report_repair" in domain.intents
    assert importer.get_nlu_data().responses == {}
    assert importer.get_stories().story_steps
