"""`make nlu-report`: how well messages are understood, through the door that staff and pages use (`POST /nlu/parse`).

Starts a whole system, asks it for every message of the locked sets, and writes docs/nlu-report.md with pictures beside
it. The sets: `locked/` (written apart from the training data), `danger.yml`, `duplicates.yml`, and citizens' real letters
where GUANJIA_REAL_DIR (default ../shared/real) has them. In the same run Rasa's default pipeline with jieba is trained on
the same data (`--baseline-epochs`, 0 leaves it out), our own training is timed, and a fault is looked up among a million
orders (`--quick` leaves both out). The last line is JSON. Nothing is tuned here.
"""

import argparse
import csv
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import yaml

sys.path.insert(0, str(Path(__file__).parents[2]))

import itertools

from tests.bench import duplicates
from tests.bench.system import ROOT, System
from tests.understanding.pictures import confusion, reliability

HERE = Path(__file__).parent
REPORT = ROOT / "docs" / "nlu-report.md"
PICTURES = ROOT / "docs" / "img"
BOT = ROOT / "bot" / ".venv" / "bin" / "python"
REPORTS = frozenset({"report_repair", "report_emergency", "complain"})
PLACE_FIELDS = ("building", "unit", "floor", "room")
STEPS = (0.0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.01)
CATEGORIES = {
    "电梯": "elevator", "给排水": "plumbing", "强电": "electrical", "弱电": "low_voltage", "照明": "lighting",
    "门禁安防": "access_security", "空调暖通": "hvac", "燃气": "gas", "消防": "fire_safety", "土建": "civil",
    "停车": "parking", "噪音": "noise", "其他": "other",
}  # fmt: skip
"""Names in the real letters → ours; 绿化保洁 counts as either of the two."""


@dataclass
class Tally:
    """Right ones of all."""

    right: int = 0
    tests: int = 0

    def add(self, right: bool) -> None:
        """Count one."""
        self.right += bool(right)
        self.tests += 1

    @property
    def share(self) -> float:
        """From 0 to 1; 0 when nothing was tested."""
        return self.right / self.tests if self.tests else 0.0


@dataclass
class Figures:
    """What is counted."""

    tallies: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    confused: Counter[tuple[str, str]] = field(default_factory=Counter)
    pairs: list[tuple[str, str]] = field(default_factory=list)
    sure: list[tuple[float, bool]] = field(default_factory=list)
    took_ms: list[float] = field(default_factory=list)
    entities: Counter[str] = field(default_factory=Counter)

    @property
    def entity_f1(self) -> float:
        """F1 of the parts of addresses (building, unit, floor, room) over all faults."""
        hit, named, meant = (self.entities[key] for key in ("hit", "named", "meant"))
        return 2 * hit / (named + meant) if named + meant else 0.0


class Parser:
    """The parse route of a running system, as a regional manager."""

    def __init__(self, url: str, figures: Figures) -> None:
        self._client = httpx.Client(base_url=f"{url}/api/v1", timeout=30, trust_env=False)
        self._figures = figures
        form = {"username": "quyu", "password": "demo1234"}
        token = self._client.post("/auth/token", data=form).raise_for_status().json()["access_token"]
        self._client.headers["Authorization"] = f"Bearer {token}"

    def __call__(self, text: str, speaker: str = "zhangwei") -> dict[str, Any]:
        """Return what is understood; a busy moment is waited out."""
        for _ in range(5):
            began = time.perf_counter()
            answer = self._client.post("/nlu/parse", json={"text": text, "as": speaker})
            if answer.status_code != 429:
                break
            time.sleep(float(answer.headers.get("Retry-After", "1")))
        self._figures.took_ms.append((time.perf_counter() - began) * 1000)
        return dict(answer.raise_for_status().json())


def _any_of(wanted: dict[str, Any], got: Any, name: str) -> bool:
    return got == wanted[name] or got in (wanted.get(f"{name}_alt") or [])


def _same_place(wanted: dict[str, Any], got: dict[str, Any]) -> bool:
    return all(str(wanted.get(name) or "") == str(got.get(name) or "") for name in PLACE_FIELDS)


def score_locked(parse: Parser, figures: Figures) -> None:
    """Count the locked sets."""
    for wanted in locked_sets():
        got = parse(wanted["text"], wanted["as"])
        right = _any_of({"intent": wanted["intent"], "intent_alt": wanted.get("alt")}, got["intent"], "intent")
        figures.tallies["intent"].add(right)
        figures.tallies[f"intent {wanted['intent']}"].add(right)
        figures.pairs.append((wanted["intent"], wanted["intent"] if right else got["intent"]))
        figures.sure.append((float(got["confidence"]), right))
        if not right:
            figures.confused[wanted["intent"], got["intent"]] += 1
        if wanted["intent"] in REPORTS:
            _score_items(wanted.get("items") or [], got["items"], figures)


def _score_items(wanted: list[dict[str, Any]], got: list[dict[str, Any]], figures: Figures) -> None:
    figures.tallies["items"].add(len(wanted) == len(got))
    for i, one in enumerate(wanted):
        draft = got[i] if i < len(got) else {}
        figures.tallies["category"].add(_any_of(one, draft.get("category"), "category"))
        figures.tallies["urgency"].add(_any_of(one, draft.get("urgency"), "urgency"))
        there = draft.get("location") or {}
        figures.tallies["place"].add(_same_place(one, there))
        for name in PLACE_FIELDS:
            wanted_part, part = str(one.get(name) or ""), str(there.get(name) or "")
            figures.entities.update(hit=bool(part) and part == wanted_part, named=bool(part), meant=bool(wanted_part))


def score_danger(parse: Parser, figures: Figures) -> None:
    """Count dangers that are met (asked about at least) and near misses that are left alone."""
    for wanted in yaml.safe_load((HERE / "danger.yml").read_text(encoding="utf-8")):
        met = parse(wanted["text"])["intent"] == "report_emergency"
        if wanted["danger"]:
            figures.tallies["danger_recall"].add(met)
        if met:
            figures.tallies["danger_precision"].add(wanted["danger"])


def score_real(parse: Parser, figures: Figures) -> None:
    """Count the titles of real letters, where they are at hand."""
    path = Path(os.environ.get("GUANJIA_REAL_DIR", ROOT.parent / "shared" / "real")) / "labelled.tsv"
    if not path.exists():
        return
    with path.open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            got = parse(row["主题"])
            others = (row["intent_alt"] or "").replace("，", ",").split(",")
            figures.tallies["real_intent_alt"].add(got["intent"] in {row["intent"], *(o.strip() for o in others)})
            if row["intent"] in REPORTS:
                category = got["items"][0]["category"] if got["items"] else None
                wanted = (
                    {"greening", "cleaning"} if row["category"] == "绿化保洁" else {CATEGORIES.get(row["category"])}
                )
                figures.tallies["real_category"].add(category in wanted)


def locked_sets() -> list[dict[str, Any]]:
    """Return all messages of the locked sets, in the order they are scored."""
    paths = sorted((HERE / "locked").glob("*.yml"))
    return [wanted for path in paths for wanted in yaml.safe_load(path.read_text(encoding="utf-8"))]


def baseline(epochs: int) -> dict[str, float]:
    """Return how often Rasa's default pipeline is right on the locked sets, and how long it trained."""
    wanted = locked_sets()
    with tempfile.TemporaryDirectory() as folder:
        texts, found = Path(folder) / "texts.json", Path(folder) / "found.json"
        texts.write_text(json.dumps([one["text"] for one in wanted], ensure_ascii=False), encoding="utf-8")
        command = [str(BOT), "-W", "ignore", str(HERE / "baseline.py"), str(texts), str(found), str(epochs)]
        subprocess.run(command, cwd=ROOT, check=True)
        answer = json.loads(found.read_text(encoding="utf-8"))
    pairs = zip(wanted, answer["intents"], strict=True)
    right = [(one["intent"], intent, intent in [one["intent"], *(one.get("alt") or [])]) for one, intent in pairs]
    counted = [(meant, meant if hit else named) for meant, named, hit in right]
    return {
        "baseline_intent": round(statistics.fmean(hit for _, _, hit in right), 4),
        "baseline_macro_f1": round(macro_f1(counted), 4),
        "baseline_train_s": answer["train_s"],
    }


def train_s() -> float:
    """Return how long our own training takes, into a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        began = time.monotonic()
        command = [str(BOT), "-W", "ignore", "-m", "bot.train", "--out", folder]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        return round(time.monotonic() - began, 1)


def macro_f1(pairs: Iterable[tuple[str, str]]) -> float:
    """Return the mean F1 over the intents that are tested."""
    seen = list(pairs)
    values = []
    for name in {wanted for wanted, _ in seen}:
        hit = sum(w == g == name for w, g in seen)
        named, meant = sum(g == name for _, g in seen), sum(w == name for w, _ in seen)
        values.append(2 * hit / (named + meant) if named + meant else 0.0)
    return statistics.fmean(values)


def _lines(figures: Figures, result: dict[str, Any]) -> list[str]:
    made = ["# How well messages are understood", "", "| figure | value |", "|---|---|"]
    made += [f"| {name} | {value} |" for name, value in result.items()]
    made += [
        "",
        "## How sure, and how right",
        "",
        "![](img/nlu-reliability.svg)",
        "",
        "| confidence | messages | right |",
        "|---|---|---|",
    ]
    for low, high in itertools.pairwise(STEPS):
        inside = [right for sure, right in figures.sure if low <= sure < high]
        if inside:
            made.append(f"| {low:.1f}–{min(high, 1):.1f} | {len(inside)} | {statistics.fmean(inside):.2f} |")
    made += [
        "",
        "## Most confused",
        "",
        "![](img/nlu-confusion.svg)",
        "",
        "| meant | taken for | times |",
        "|---|---|---|",
    ]
    made += [f"| {wanted} | {got} | {n} |" for (wanted, got), n in figures.confused.most_common(20)]
    made += ["", "## By intent", "", "| intent | right | tests |", "|---|---|---|"]
    by_intent = {k.split(" ")[1]: t for k, t in figures.tallies.items() if k.startswith("intent ")}
    made += [f"| {name} | {tally.share:.2f} | {tally.tests} |" for name, tally in sorted(by_intent.items())]
    return made


def main() -> int:
    """Measure, write the report, print the JSON line."""
    options = argparse.ArgumentParser(description="How well messages are understood.")
    options.add_argument("--baseline-epochs", type=int, default=100, help="of Rasa's DIET; 0 leaves the baseline out")
    options.add_argument("--quick", action="store_true", help="neither time our training nor a million orders")
    chosen = options.parse_args()
    figures = Figures()
    system = System(None)
    try:
        system.start()
        parse = Parser(system.public_url, figures)
        for text in ("你好", "我家楼下的灯坏了"):
            parse(text)
        score_danger(parse, figures)
        figures.took_ms.clear()
        score_locked(parse, figures)
        parse_p95 = statistics.quantiles(figures.took_ms, n=100)[94]
        score_real(parse, figures)
    finally:
        system.remove()
    pairs = duplicates.score_pairs()
    tallies = figures.tallies
    shares = ("category", "place", "urgency", "items", "danger_recall", "danger_precision")
    result: dict[str, Any] = {
        "n": tallies["intent"].tests,
        "intent": round(tallies["intent"].share, 4),
        "macro_f1": round(macro_f1(figures.pairs), 4),
        "entity_f1": round(figures.entity_f1, 4),
        **{name: round(tallies[name].share, 4) for name in shares},
        "duplicate_precision": round(pairs["duplicate_precision"], 4),
        "duplicate_recall": round(pairs["duplicate_recall"], 4),
        "real_intent_alt": round(tallies["real_intent_alt"].share, 4),
        "real_category": round(tallies["real_category"].share, 4),
        "parse_p95_ms": round(parse_p95, 1),
    }
    if not chosen.quick:
        result |= {"train_s": train_s(), "lookup_1m_ms": duplicates.lookup_1m_ms()}
    if chosen.baseline_epochs:
        result |= {**baseline(chosen.baseline_epochs), "baseline_epochs": chosen.baseline_epochs}
    (PICTURES / "nlu-reliability.svg").write_text(reliability(figures.sure), encoding="utf-8")
    (PICTURES / "nlu-confusion.svg").write_text(confusion(figures.pairs), encoding="utf-8")
    REPORT.write_text("\n".join(_lines(figures, result)) + "\n", encoding="utf-8")
    for name, value in result.items():
        sys.stdout.write(f"{name:22} {value}\n")
    sys.stdout.write(json.dumps(result) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
