"""Train the model: `python -m bot.train [--if-needed]`, or into a folder of its own:
`python -m bot.train --data FOLDER [--labels FILE] --out FOLDER`.

Without `--out` the model belongs to the project (`bot.models` says which one that is) and `current` in var/models
names it afterwards. With `--out` nothing outside that folder changes: it gets `<name>.tar.gz` and `result.json`
{"model", "base"}. The archive is moved into place in one step, so a broken training never hurts a
running bot. Exit codes: 0 trained · 13 a folder cannot be written · 28 no space left · 75 whoever started it is gone
(`--until-stdin-closes`) · 1 anything else.
"""

from __future__ import annotations

import argparse
import errno
import json
import logging
import os
import shutil
import sys
import tempfile
import threading
import time
import warnings
from pathlib import Path

from bot.models import fingerprint, readable, set_current, wanted
from bot.settings import ROOT, load_settings, prepare_environment

os.environ.setdefault("OMP_NUM_THREADS", str(min(4, os.cpu_count() or 1)))
prepare_environment()
warnings.filterwarnings("ignore")

__all__ = ["fingerprint", "main", "train"]

UNWRITABLE, NO_SPACE, ALONE = 13, 28, 75
EXIT_CODES = {
    errno.ENOSPC: NO_SPACE,
    errno.EDQUOT: NO_SPACE,
    errno.EFBIG: NO_SPACE,
    errno.EACCES: UNWRITABLE,
    errno.EPERM: UNWRITABLE,
    errno.EROFS: UNWRITABLE,
    errno.ENOTDIR: UNWRITABLE,
}


def say(words: str) -> None:
    """Print progress at once."""
    print(words, flush=True)


def train(models: Path, name: str, data: Path = Path("nlu_data"), labels: Path | None = None) -> None:
    """Train in a folder of its own and move the archive into `models`."""
    say("Training the understanding model (some minutes) ...")
    os.environ["RASA_MAX_CACHE_SIZE"] = "0"
    from rasa.model_training import train as rasa_train
    from rasa.utils.common import configure_logging_and_warnings
    from rasa.utils.log_utils import configure_structlog

    from bot.labels import join

    configure_logging_and_warnings(log_level=logging.WARNING)
    configure_structlog(logging.WARNING)
    started = time.monotonic()
    os.chdir(ROOT)
    work = Path(tempfile.mkdtemp(prefix=".training-", dir=models))
    try:
        if labels is not None:
            added = join(data, labels, work / "data")
            data = work / "data"
            say(f"{added} new labels join the training data.")
        result = rasa_train(
            domain="bot/domain.yml",
            config="bot/config.yml",
            training_files=[str(data)],
            output=str(work),
            fixed_model_name=name.removesuffix(".tar.gz"),
            force_training=True,
        )
        if result.code != 0 or not result.model:
            raise RuntimeError("training failed")
        Path(result.model).replace(models / name)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    say(f"Trained {name} in {time.monotonic() - started:.0f} s.")


def train_for_project(if_needed: bool) -> None:
    """Train the model that belongs to the project when wanted, and name it in var/models/current."""
    models = load_settings().models_dir
    models.mkdir(parents=True, exist_ok=True)
    model = wanted(models)
    if model.is_promoted and if_needed:
        say(f"Model {model.name} was promoted and stays.")
    elif if_needed and readable(models / model.name):
        say(f"Model {model.name} is up to date.")
    else:
        train(models, model.name, labels=model.labels)
        note = {"base": fingerprint(), "labels": model.labels.name if model.labels else None}
        (models / f"{model.name.removesuffix('.tar.gz')}.json").write_text(json.dumps(note), encoding="utf-8")
    set_current(models, model.name)


def train_into(out: Path, data: Path, labels: Path | None) -> None:
    """Train from the given data into the given folder and say in `result.json` what came of it."""
    os.nice(10)  # people are being answered on the same machine
    out, data = out.resolve(), data.resolve()
    labels = labels.resolve() if labels is not None and labels.is_file() else None
    name = f"{fingerprint(data=data, labels=labels)}.tar.gz"
    train(out, name, data, labels)
    result = {"model": name, "base": fingerprint()}
    draft = out / ".result.json"
    draft.write_text(json.dumps(result), encoding="utf-8")
    draft.replace(out / "result.json")


def end_with_parent() -> None:
    """End this process when its standard input closes: whoever started it has died."""

    def wait() -> None:
        while os.read(0, 1):  # not sys.stdin: its lock, held by a thread that waits, ends the interpreter with an abort
            pass
        os._exit(ALONE)

    threading.Thread(target=wait, daemon=True).start()


def exit_code(error: OSError) -> int:
    """Return the exit code that tells why files could not be written; 1 when it is none of these."""
    return EXIT_CODES.get(error.errno or 0, 1)


def main(arguments: list[str] | None = None) -> int:
    """Train as the arguments say; the exit code tells whether and why not."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--if-needed", action="store_true", help="do nothing when the model is there")
    parser.add_argument("--data", type=Path, default=ROOT / "nlu_data", help="folder of training data")
    parser.add_argument("--labels", type=Path, help="labels of the training page (Rasa YAML)")
    parser.add_argument("--out", type=Path, help="train into this folder; nothing else changes")
    parser.add_argument("--until-stdin-closes", action="store_true", help="end when the caller dies")
    options = parser.parse_args(arguments)
    if options.until_stdin_closes:
        end_with_parent()
    try:
        if options.out is None:
            train_for_project(options.if_needed)
        else:
            train_into(options.out, options.data, options.labels)
    except OSError as error:
        say(f"{type(error).__name__}: {error}")
        return exit_code(error)
    return 0


if __name__ == "__main__":
    sys.exit(main())
