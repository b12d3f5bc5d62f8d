"""Which model belongs to the project, and what a promoted one changes about that."""

import json
import tarfile
from pathlib import Path

import pytest

from bot import models as names
from bot.models import fingerprint, promoted, readable, wanted


def archive(path: Path) -> Path:
    with tarfile.open(path, "w:gz") as made:
        made.add(__file__, "model.txt")
    return path


def choose(folder: Path, model: str, base: str, labels: str | None = None) -> None:
    (folder / "promoted.json").write_text(json.dumps({"model": model, "base": base, "labels": labels}))


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    path = tmp_path / "labels-1.yml"
    path.write_text("nlu:\n- intent: greet\n  examples: |\n    - 哈喽呀\n", encoding="utf-8")
    return path


class TestFingerprint:
    def test_a_copy_of_the_data_has_the_same_name(self, tmp_path: Path) -> None:
        for path in (names.ROOT / "nlu_data").glob("*.yml"):
            (tmp_path / path.name).write_bytes(path.read_bytes())
        assert fingerprint(data=tmp_path) == fingerprint()

    def test_other_data_or_labels_give_another(self, tmp_path: Path, labels: Path) -> None:
        assert len({fingerprint(), fingerprint(data=tmp_path), fingerprint(labels=labels)}) == 3

    def test_no_labels_change_nothing(self, tmp_path: Path) -> None:
        (tmp_path / "empty.yml").touch()
        assert (
            fingerprint(labels=tmp_path / "empty.yml") == fingerprint(labels=tmp_path / "absent.yml") == fingerprint()
        )


class TestReadable:
    def test_a_whole_archive(self, tmp_path: Path) -> None:
        assert readable(archive(tmp_path / "m.tar.gz"))

    def test_a_broken_an_empty_and_an_absent_one(self, tmp_path: Path) -> None:
        whole = archive(tmp_path / "m.tar.gz").read_bytes()
        (tmp_path / "half.tar.gz").write_bytes(whole[: len(whole) // 2])
        (tmp_path / "empty.tar.gz").touch()
        assert not any(readable(tmp_path / name) for name in ("half.tar.gz", "empty.tar.gz", "absent.tar.gz"))


class TestWanted:
    def test_without_a_choice_the_projects_own(self, tmp_path: Path) -> None:
        found = wanted(tmp_path)
        assert (found.name, found.labels, found.is_promoted) == (f"{fingerprint()}.tar.gz", None, False)

    def test_a_promoted_one_stays_over_a_restart(self, tmp_path: Path, labels: Path) -> None:
        archive(tmp_path / "chosen.tar.gz")
        choose(tmp_path, "chosen.tar.gz", fingerprint(), labels.name)
        assert wanted(tmp_path).name == "chosen.tar.gz"
        assert wanted(tmp_path).is_promoted

    def test_new_training_data_lead_to_a_fresh_one_with_the_labels(self, tmp_path: Path, labels: Path) -> None:
        archive(tmp_path / "chosen.tar.gz")
        choose(tmp_path, "chosen.tar.gz", "the data of last week", labels.name)
        found = wanted(tmp_path)
        assert (found.name, found.labels) == (f"{fingerprint(labels=labels)}.tar.gz", labels)
        assert not found.is_promoted

    def test_a_promoted_one_that_broke_is_trained_again(self, tmp_path: Path, labels: Path) -> None:
        (tmp_path / "chosen.tar.gz").write_bytes(b"half of")
        choose(tmp_path, "chosen.tar.gz", fingerprint(), labels.name)
        assert wanted(tmp_path).labels == labels
        assert not wanted(tmp_path).is_promoted

    @pytest.mark.parametrize("text", ["", "{", "[]", '{"model": 3}'])
    def test_a_choice_that_cannot_be_read_is_none(self, tmp_path: Path, text: str) -> None:
        (tmp_path / "promoted.json").write_text(text)
        assert promoted(tmp_path) is None

    def test_it_never_leaves_the_folder(self, tmp_path: Path) -> None:
        choose(tmp_path, "../../etc/passwd", "x", "../labels.yml")
        found = promoted(tmp_path)
        assert found is not None
        assert (found.model, found.labels) == ("passwd", tmp_path / "labels.yml")
