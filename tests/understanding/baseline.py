"""Rasa's default pipeline with jieba on the same training data, run by the bot's Python: `baseline.py IN.json OUT.json EPOCHS`.

IN is a list of texts; OUT is {"intents": [...], "train_s": seconds}. DIET's own default is 300 epochs, `rasa init` asks
for 100.
"""

import asyncio
import json
import logging
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from bot.settings import prepare_environment  # noqa: E402

prepare_environment()

import yaml  # noqa: E402
from rasa.core.agent import Agent  # noqa: E402
from rasa.model_training import train_nlu  # noqa: E402
from rasa.shared.utils.io import read_yaml_file  # noqa: E402

PIPELINE = (
    {"name": "JiebaTokenizer"},
    {"name": "RegexFeaturizer"},
    {"name": "LexicalSyntacticFeaturizer"},
    {"name": "CountVectorsFeaturizer"},
    {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
)


def train(folder: Path, epochs: int) -> str:
    """Train in a folder; return the archive's path."""
    examples = []
    for path in sorted((ROOT / "nlu_data").glob("*.yml")):
        examples += [
            {"intent": block["intent"], "examples": block["examples"]}
            for block in (read_yaml_file(str(path)) or {}).get("nlu") or []
        ]
    (folder / "nlu.yml").write_text(yaml.safe_dump({"version": "3.1", "nlu": examples}, allow_unicode=True), "utf-8")
    classifier = {"name": "DIETClassifier", "epochs": epochs, "constrain_similarities": True, "random_seed": 7}
    config = {"recipe": "default.v1", "language": "zh", "assistant_id": "baseline", "pipeline": [*PIPELINE, classifier]}
    (folder / "config.yml").write_text(yaml.safe_dump(config), "utf-8")
    made = train_nlu(str(folder / "config.yml"), str(folder / "nlu.yml"), str(folder / "model"))
    if made is None:
        raise SystemExit("the baseline could not be trained")
    return str(made)


async def intents(archive: str, texts: list[str]) -> list[str]:
    """Return the intent of each text."""
    agent = Agent.load(archive)
    return [str((await agent.parse_message(text))["intent"]["name"]) for text in texts]


def main() -> int:
    """Train, predict, write."""
    source, target, epochs = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory() as folder:
        began = time.monotonic()
        archive = train(Path(folder), epochs)
        took = time.monotonic() - began
        found = asyncio.run(intents(archive, json.loads(source.read_text("utf-8"))))
    target.write_text(json.dumps({"intents": found, "train_s": round(took, 1)}), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
