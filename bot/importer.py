"""Reads one YAML file per capability: intents, slots, forms, responses, examples and rules together.

Every `nlu_data/*.yml` may hold domain keys beside `nlu:`, `rules:` and `stories:`. The importer joins
the domain keys with `bot/domain.yml`; a name defined twice with two meanings is an error.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.shared.core.domain import Domain
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import read_yaml_file

LIST_KEYS = ("intents", "entities", "actions")
MAP_KEYS = ("slots", "forms", "responses")
OTHER_KEYS = ("version", "session_config", "nlu", "rules", "stories")


class DuplicateName(ValueError):
    """Two files define the same slot, form or response."""


def join_domain(files: list[Path]) -> dict[str, Any]:
    """Return one domain dictionary from the domain keys of `files`."""
    joined: dict[str, Any] = {"version": "3.1"}
    joined.update({key: [] for key in LIST_KEYS})
    joined.update({key: {} for key in MAP_KEYS})
    for path in files:
        content = read_yaml_file(str(path)) or {}
        unknown = set(content) - set(LIST_KEYS) - set(MAP_KEYS) - set(OTHER_KEYS)
        if unknown:
            raise ValueError(f"{path}: unknown keys {sorted(unknown)}")
        for key in LIST_KEYS:
            joined[key] += [item for item in content.get(key) or [] if item not in joined[key]]
        for key in MAP_KEYS:
            _join_mapping(joined[key], content.get(key) or {}, path)
        if "session_config" in content:
            joined["session_config"] = content["session_config"]
    return joined


def _join_mapping(into: dict[str, Any], more: dict[str, Any], path: Path) -> None:
    twice = sorted(name for name in more if name in into)
    if twice:
        raise DuplicateName(f"{path}: {', '.join(twice)} is defined in another file, too")
    into.update(more)


class CapabilityImporter(RasaFileImporter):
    """RasaFileImporter whose domain is spread over the training files."""

    def get_domain(self) -> Domain:
        """Return `domain.yml` joined with the domain keys of every training file."""
        files = [Path(self._domain_path)] if self._domain_path else []
        files += sorted(Path(name) for name in {*self._nlu_files, *self._story_files})
        return Domain.from_dict(join_domain(files))

    def get_nlu_data(self, language: str | None = "zh") -> TrainingData:
        """Return the examples; responses stay in the domain only."""
        data = super().get_nlu_data(language)
        data.responses = {}
        return data
