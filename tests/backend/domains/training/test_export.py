"""The labels leave as a zip that a review can read."""

import io
import zipfile
from collections.abc import Callable

from backend.domains.training.service import exporting
from tests.backend.conftest import sqlite_only
from tests.backend.domains.training.conftest import Trainer
from tests.backend.support import User, is_problem

Labelled = Callable[..., None]


@sqlite_only
class TestExport:
    def test_patch_files_and_labels(self, admin: User, trainer: Trainer, label: Labelled) -> None:
        label("greet", "我是张伟，哈喽哈喽呀")
        answer = admin.get("/training/export")
        assert answer.headers["content-type"] == "application/zip"
        assert ".zip" in answer.headers["content-disposition"]
        archive = zipfile.ZipFile(io.BytesIO(answer.content))
        files = {name: archive.read(name).decode() for name in archive.namelist()}
        assert set(files) == {"README.txt", "labels.patch", "labels.yml", "nlu_data/_common.yml"}
        added = [line[1:] for line in files["labels.patch"].splitlines() if line.startswith("+ ")]
        assert added == ["      - 我是李明，哈喽哈喽呀"]
        assert "张伟" not in files["labels.yml"]
        before = exporting.training_files()["_common.yml"]
        assert files["nlu_data/_common.yml"].replace(f"{added[0]}\n", "") == before

    def test_without_labels_there_is_nothing_to_export(self, admin: User, trainer: Trainer) -> None:
        is_problem(admin.get("/training/export"), 409)
