"""Train the model: `python -m bot.train [--if-needed]`.

The name of a model is the hash of everything that shapes it (training data, configuration,
components, dictionary, domain). `--if-needed` does nothing when that model exists. The archive is
moved into var/models in one step and `current` names it, so a broken training never hurts a
running bot.
"""

from __future__ import annotations

import argparse
import hashlib
import logging
import os
import shutil
import sys
import tempfile
import time
import warnings
from pathlib import Path

from bot.settings import ROOT, load_settings, prepare_environment

prepare_environment()
warnings.filterwarnings("ignore")

SHAPING = (
    "nlu_data/*.yml",
    "bot/config.yml",
    "bot/domain.yml",
    "bot/importer.py",
    "bot/components/*.py",
    "bot/data/*",
    "bot/uv.lock",
)


def fingerprint(root: Path = ROOT) -> str:
    """Return the hash of all files that shape the model."""
    digest = hashlib.sha256()
    for pattern in SHAPING:
        for path in sorted(root.glob(pattern)):
            if path.is_file():
                digest.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def say(words: str) -> None:
    """Print progress at once."""
    print(words, flush=True)


def set_current(models: Path, name: str) -> None:
    """Name the model that the server loads, in one step."""
    draft = models / f".current.{os.getpid()}"
    draft.write_text(name + "\n")
    draft.replace(models / "current")


def train(models: Path, name: str) -> None:
    """Train in a folder of its own and move the archive into `models`."""
    say("Training the understanding model (about a minute) ...")
    os.environ["RASA_MAX_CACHE_SIZE"] = "0"
    from rasa.model_training import train as rasa_train
    from rasa.utils.common import configure_logging_and_warnings
    from rasa.utils.log_utils import configure_structlog

    configure_logging_and_warnings(log_level=logging.WARNING)
    configure_structlog(logging.WARNING)
    started = time.monotonic()
    os.chdir(ROOT)
    work = Path(tempfile.mkdtemp(prefix=".training-", dir=models))
    try:
        result = rasa_train(
            domain="bot/domain.yml",
            config="bot/config.yml",
            training_files=["nlu_data"],
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


def main(arguments: list[str] | None = None) -> int:
    """Train when wanted; name the model in var/models/current."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--if-needed", action="store_true", help="do nothing when the model is there")
    options = parser.parse_args(arguments)
    models = load_settings().models_dir
    models.mkdir(parents=True, exist_ok=True)
    name = f"{fingerprint()}.tar.gz"
    if options.if_needed and (models / name).exists():
        say(f"Model {name} is up to date.")
    else:
        train(models, name)
    set_current(models, name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
