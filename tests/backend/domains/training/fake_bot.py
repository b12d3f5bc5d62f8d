"""Stands in for bot.train and bot.score: the same arguments and files, done at once, and bad on demand.

`fake_bot.py HOW train|score …`; HOW is a JSON file: {"train": "ok" | "crash" | "full" | "unwritable" | "hang" | "nothing",
"score": "ok" | "crash"}. A model is a JSON file of its labels; it knows every answer, unless most of its labels are one
intent: then it takes everything for that. The standard library only, so that it starts in no time; test sets are JSON.
"""

import argparse
import errno
import hashlib
import json
import re
import resource
import sys
import threading
from collections import Counter
from pathlib import Path
from typing import Any

EXITS = {errno.EFBIG: 28, errno.ENOSPC: 28, errno.EACCES: 13}


def labels_in(path: Path) -> dict[str, str]:
    found, intent = {}, ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if match := re.match(r"  - intent: (\w+)", line):
            intent = match.group(1)
        elif line.startswith("      - "):
            found[line[8:]] = intent
    return found


def train(options: argparse.Namespace, how: str) -> int:
    print("Training ...", flush=True)
    if how == "hang":
        threading.Event().wait(60)
    if how == "crash":
        print("ValueError: something is wrong with the data", flush=True)
        return 1
    if how == "nothing":
        return 0
    if how == "full":
        resource.setrlimit(resource.RLIMIT_FSIZE, (64, 64))
    if how == "unwritable":
        return EXITS[errno.EACCES]
    labels = labels_in(options.labels)
    data = sorted(p.name for p in options.data.glob("*.yml"))
    text = json.dumps({"labels": labels, "data": data}, ensure_ascii=False)
    name = f"{hashlib.sha256(text.encode()).hexdigest()[:16]}.tar.gz"
    try:
        (options.out / name).write_text(text, encoding="utf-8")
        (options.out / "result.json").write_text(json.dumps({"model": name, "base": "base-1"}), encoding="utf-8")
    except OSError as error:
        return EXITS.get(error.errno or 0, 1)
    return 0


def understand(model: dict[str, Any], message: dict[str, Any]) -> str:
    counts = Counter(model["labels"].values()).most_common(1)
    if counts and counts[0][1] >= 5 and counts[0][1] > len(model["labels"]) / 2:
        return str(counts[0][0])
    if "danger" in message:
        return "report_emergency" if message["danger"] else "chitchat"
    return str(message.get("intent") or model["labels"].get(message["text"]) or "report_repair")


def score(options: argparse.Namespace, how: str) -> int:
    if how == "crash":
        return 1
    try:
        model = json.loads(options.model.read_text(encoding="utf-8"))
    except ValueError:
        print("no model", flush=True)
        return 65
    figures: dict[str, Any] = {n: [0, 0] for n in ("intent", "category", "urgency", "items", "danger", "calm")}
    figures["intents"], predictions = {}, []
    for path in options.messages:
        for message in json.loads(path.read_text(encoding="utf-8")):
            intent = understand(model, message)
            predictions.append(
                {
                    "file": path.stem,
                    "text": message["text"],
                    "intent": intent,
                    "confidence": 0.9,
                    "ranking": [],
                    "items": [],
                }
            )
            tallies = [figures["intent"], figures["intents"].setdefault(message.get("intent"), [0, 0])]
            if "danger" in message:
                tallies = [figures["danger" if message["danger"] else "calm"]]
                right = (intent == "report_emergency") == message["danger"]
            elif "intent" in message:
                right = intent == message["intent"]
            else:
                continue
            for tally in tallies:
                tally[0] += right
                tally[1] += 1
    figures["intents"].pop(None, None)
    result = {"model": options.model.name, "base": "base-1", "predictions": predictions, "figures": figures}
    options.out.write_text(json.dumps(result, ensure_ascii=False), encoding="utf-8")
    return 0


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("how", type=Path)
    parser.add_argument("what", choices=["train", "score"])
    for name in ("--data", "--labels", "--out", "--model"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--messages", type=Path, nargs="+")
    parser.add_argument("--until-stdin-closes", action="store_true")
    options = parser.parse_args()
    how = json.loads(options.how.read_text(encoding="utf-8"))
    threading.Thread(target=sys.stdin.read, daemon=True).start()
    return {"train": train, "score": score}[options.what](options, how.get(options.what, "ok"))


if __name__ == "__main__":
    sys.exit(main())
