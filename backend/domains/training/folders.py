"""What lies on disk: a folder for each run under var/training, and the files in var/models that name the model in use.

run folder: nlu_data/ and labels.yml (what is learned), asked/ (the locked tests, and messages.json: the latest real
messages, deleted with the run's end), train.log, score-*.json, the model. Raises OSError; ``words_for`` says it to people.
"""

import errno
import hashlib
import json
import os
import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from backend.settings import get_settings

NO_SPACE = "磁盘空间不够，没有完成。请清理 {folder} 所在的磁盘后再试；正在用的模型不受影响。"
UNWRITABLE = "文件夹 {folder} 写不进去（没有权限、只读，或者路径不对），没有完成。请检查后再试；正在用的模型不受影响。"
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
PERSONAL = ("asked/messages.json", "score-old.json", "score-new.json")


def words_for(error: OSError) -> str:
    """Return what a failed write means, for people."""
    sentence = NO_SPACE if error.errno in _FULL else UNWRITABLE
    return sentence.format(folder=get_settings().training_dir)


def of_run(run_id: int) -> Path:
    """Return the folder of a run."""
    return get_settings().training_dir / str(run_id)


def make(run_id: int) -> Path:
    """Make the empty folder of a run. Raises OSError, also when hardly any space is left."""
    settings = get_settings()
    folder = of_run(run_id)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    free = shutil.disk_usage(folder).free
    if free < settings.training_min_free_bytes:
        raise OSError(errno.ENOSPC, f"{free} bytes are left")
    return folder


def snapshot(folder: Path, labels: str, asked: Mapping[str, Sequence[Mapping[str, Any]]]) -> str:
    """Copy training data and labels, write what will be asked (file → messages); return the digest of what is learned."""
    settings = get_settings()
    digest = hashlib.sha256()
    (folder / "nlu_data").mkdir()
    for path in sorted(settings.from_root(settings.training_data).glob("*.yml")):
        content = path.read_bytes()
        (folder / "nlu_data" / path.name).write_bytes(content)
        digest.update(path.name.encode() + b"\0" + content + b"\0")
    (folder / "labels.yml").write_text(labels, encoding="utf-8")
    digest.update(labels.encode())
    (folder / "asked").mkdir()
    for name, messages in asked.items():
        text = json.dumps(list(messages), ensure_ascii=False)
        (folder / "asked" / f"{name}.json").write_text(text, encoding="utf-8")
    return digest.hexdigest()[:16]


def test_sets() -> dict[str, list[dict[str, Any]]]:
    """Return the locked test sets and the danger set, name → messages with what is right."""
    settings = get_settings()
    folder = settings.from_root(settings.understanding_tests)
    files = [*sorted((folder / "locked").glob("*.yml")), *sorted(folder.glob("danger.yml"))]
    return {path.stem: list(YAML(typ="safe").load(path) or []) for path in files}


def read_json(path: Path) -> dict[str, Any]:
    """Return a JSON object. Raises ValueError for anything else."""
    said = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(said, dict):
        raise ValueError(f"{path.name} holds no object")
    return said


def write_whole(path: Path, content: bytes) -> None:
    """Write a file in one step: whoever reads it sees the old or the new one, never half of it."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with draft.open("wb") as opened:
            opened.write(content)
            opened.flush()
            os.fsync(opened.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def last_line(log: Path) -> str:
    """Return the last line of a log that says something, without what libraries print around it."""
    try:
        with log.open("rb") as opened:
            opened.seek(max(0, opened.seek(0, os.SEEK_END) - 4000))
            text = opened.read().decode("utf-8", "replace")
    except OSError:
        return ""
    lines = [line.strip() for line in text.replace("\r", "\n").splitlines() if line.strip()]
    return lines[-1][:300] if lines else ""


def forget_personal(run_id: int) -> None:
    """Delete what people said from the folder of a run."""
    for name in PERSONAL:
        with suppress(OSError):
            (of_run(run_id) / name).unlink()


def remove(run_id: int) -> None:
    """Delete the folder of a run."""
    shutil.rmtree(of_run(run_id), ignore_errors=True)
