"""Score a model: `python -m bot.score --model X.tar.gz --messages FILE … --out OUT.json`.

FILE is a list (JSON or YAML) of {text, role} or {text, as}; more keys say what is right: `intent` with `alt`,
`items` (category, urgency, each with `_alt`), `danger`. OUT is {"model", "base", "predictions", "figures"}:

- predictions, in the order of the files: {file, text, intent, confidence, ranking, items}; `intent` is what the bot acts
  on, so `nlu_fallback` when it is not sure; `ranking` holds the first five.
- figures, each [right, tests]: `intent`, `intents` (by intent), `category`, `urgency`, `items` (as many faults as meant),
  `danger` (dangers found), `calm` (near misses left alone); and `ms_p50`, `ms_p95` a message.

`base` is the hash of the project's training data and code (see `bot.models`). Exit codes as in `bot.train`;
65: the archive cannot be loaded.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import sys
import time
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from bot.models import fingerprint
from bot.settings import prepare_environment

prepare_environment()
warnings.filterwarnings("ignore")

UNLOADABLE = 65
RANKED = 5
EVERY = 50
SPEAKERS = {"liuyang": "tenant", "lishifu": "technician", "zhaoshifu": "technician", "jingli": "manager"}
"""Roles of the demo people that the test sets name; everybody else is an owner."""

Tally = list[int]


def read_messages(path: Path) -> list[dict[str, Any]]:
    """Return the messages of a JSON or YAML file."""
    if path.suffix == ".json":
        return list(json.loads(path.read_text(encoding="utf-8")))
    from rasa.shared.utils.io import read_yaml_file

    return [dict(entry) for entry in read_yaml_file(str(path)) or []]


def role_of(message: dict[str, Any]) -> str:
    """Return the speaker's role."""
    return str(message.get("role") or SPEAKERS.get(str(message.get("as")), "owner"))


def _count(tally: Tally, right: bool) -> None:
    tally[0] += bool(right)
    tally[1] += 1


def figures(messages: Iterable[dict[str, Any]], predictions: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Return [right, tests] of everything that the messages know the answer to."""
    made: dict[str, Any] = {name: [0, 0] for name in ("intent", "category", "urgency", "items", "danger", "calm")}
    intents: dict[str, Tally] = {}
    for message, found in zip(messages, predictions, strict=True):
        if message.get("intent"):
            right = found["intent"] in [message["intent"], *(message.get("alt") or [])]
            _count(made["intent"], right)
            _count(intents.setdefault(message["intent"], [0, 0]), right)
        if message.get("items"):
            _count_items(made, message["items"], found["items"])
        if "danger" in message:
            seen = found["intent"] == "report_emergency"
            _count(made["danger" if message["danger"] else "calm"], seen == bool(message["danger"]))
    return {**made, "intents": dict(sorted(intents.items()))}


def _count_items(made: dict[str, Tally], meant: list[dict[str, Any]], found: list[dict[str, Any]]) -> None:
    _count(made["items"], len(found) == len(meant))
    for at, item in enumerate(meant):
        guess = found[at] if at < len(found) else {}
        for name in ("category", "urgency"):
            if item.get(name):
                _count(made[name], guess.get(name) in [item[name], *(item.get(f"{name}_alt") or [])])


def predict(archive: Path, messages: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[float]]:
    """Return what the model makes of each message, and the seconds each took. Raises ValueError for no model."""
    from rasa.core.agent import Agent
    from rasa.core.channels.channel import UserMessage
    from rasa.utils.common import configure_logging_and_warnings
    from rasa.utils.log_utils import configure_structlog

    configure_logging_and_warnings(log_level=logging.WARNING)
    configure_structlog(logging.WARNING)
    try:
        agent = Agent.load(str(archive))
    except Exception as error:
        raise ValueError(f"{archive.name} cannot be loaded: {error}") from error
    processor = agent.processor
    if processor is None:
        raise ValueError(f"{archive.name} holds no model")

    async def parse_all() -> tuple[list[dict[str, Any]], list[float]]:
        made, took = [], []
        for number, message in enumerate(messages, 1):
            metadata = {"roles": [role_of(message)], **(message.get("speaker") or {})}
            began = time.perf_counter()
            parsed = await processor.parse_message(UserMessage(message["text"], metadata=metadata))
            took.append(time.perf_counter() - began)
            made.append(_shown(message, parsed))
            if number % EVERY == 0 or number == len(messages):
                sys.stdout.write(f"progress {number}/{len(messages)}\n")
                sys.stdout.flush()
        return made, took

    return asyncio.run(parse_all())


def _shown(message: dict[str, Any], parsed: dict[str, Any]) -> dict[str, Any]:
    ranking = [entry for entry in parsed.get("intent_ranking") or [] if entry["name"] != "nlu_fallback"]
    intent = parsed.get("intent") or {}
    return {
        "text": message["text"],
        "intent": intent.get("name"),
        "confidence": round(float(intent.get("confidence") or 0.0), 4),
        "ranking": [{"name": e["name"], "confidence": round(float(e["confidence"]), 4)} for e in ranking[:RANKED]],
        "items": parsed.get("items") or [],
    }


def _share(took: list[float], share: float) -> float:
    ordered = sorted(took)
    return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000, 1) if ordered else 0.0


def score(archive: Path, files: list[Path]) -> dict[str, Any]:
    """Return predictions and figures of a model over message files. Raises ValueError for a file that is no model."""
    messages = [{**message, "file": path.stem} for path in files for message in read_messages(path)]
    predictions, took = predict(archive, messages)
    for message, found in zip(messages, predictions, strict=True):
        found["file"] = message["file"]
    return {
        "model": archive.name,
        "base": fingerprint(),
        "predictions": predictions,
        "figures": {**figures(messages, predictions), "ms_p50": _share(took, 0.5), "ms_p95": _share(took, 0.95)},
    }


def main(arguments: list[str] | None = None) -> int:
    """Score and write the result in one step."""
    from bot.train import end_with_parent, exit_code

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--messages", type=Path, nargs="+", required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--until-stdin-closes", action="store_true", help="end when the caller dies")
    options = parser.parse_args(arguments)
    if options.until_stdin_closes:
        end_with_parent()
        os.nice(10)  # people are being answered on the same machine
    try:
        result = score(options.model, options.messages)
        draft = options.out.with_name(f".{options.out.name}")
        draft.write_text(json.dumps(result, ensure_ascii=False), encoding="utf-8")
        draft.replace(options.out)
    except ValueError as error:
        sys.stdout.write(f"{error}\n")
        return UNLOADABLE
    except OSError as error:
        sys.stdout.write(f"{type(error).__name__}: {error}\n")
        return exit_code(error)
    return 0


if __name__ == "__main__":
    sys.exit(main())
