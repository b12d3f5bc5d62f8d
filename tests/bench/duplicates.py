"""`make bench-duplicates`: is the same fault found again, is another one left alone, and how fast is the look-up?

1. Citizens' letters (GUANJIA_REAL_DIR, for measuring only): pairs of a cluster against hard negatives, by group.
2. Pairs of the demo estates (tests/understanding/duplicates.yml). Thresholds were chosen on every second pair; the
   figures are those of the others. Places are what the backend itself makes of the words.
3. A look-up among a million orders beside a brute-force search by numpy in the same run.

The last line is one JSON object.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

import numpy as np
import numpy.typing as npt
import yaml

from backend.domains.duplicates.domain import Fault, Judged, Verdict, judge
from backend.domains.duplicates.places import spot_at_home, spot_of
from backend.domains.duplicates.words import fault_words
from backend.domains.equipment import demo as equipment_demo
from backend.domains.equipment.domain import KIND_OF_CATEGORY, NewAsset
from backend.domains.estate import service as estate
from backend.domains.estate.demo import ESTATES
from backend.domains.identity.demo import PEOPLE
from backend.domains.vocabulary.domain import Name, NameKind, Vocabulary
from backend.domains.workorders import intake
from backend.kit.encoder import Encoder, get_encoder
from backend.kit.vector_index import VectorIndex
from tests.bench import letters

ROOT = Path(__file__).parents[2]
PAIRS = ROOT / "tests" / "understanding" / "duplicates.yml"
MILLION = 1_000_000
NEAREST = 200
"""As many as the backend asks for."""
QUERIES = 400
BRUTE_EVERY = 10
NOISE = 0.35
"""Length of what is added to a unit vector: two reports of one fault then have a cosine of about 0.9."""
NOW = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)
Vectors = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Pair:
    """Two reports and whether they are one fault. ``tuning`` pairs were looked at when thresholds were chosen,
    ``fresh`` ones were written after that."""

    first: Fault
    second: Fault
    same: bool
    why: str
    tuning: bool
    fresh: bool
    texts: tuple[str, str]


def _encoder() -> Encoder:
    for name in ("GUANJIA_SECRET_KEY", "GUANJIA_SERVICE_TOKEN"):  # settings are read with the encoder's name
        os.environ.setdefault(name, "unused by a benchmark")
    return get_encoder()


def _homes() -> dict[str, tuple[str, estate.Home | None]]:
    """Return username → estate and home."""
    found: dict[str, tuple[str, estate.Home | None]] = {}
    for person in PEOPLE:
        code = person.community or ESTATES[0].code
        home = None
        if person.home:
            building, unit, room = person.home
            home = estate.Home(code, building, unit, str(int(room[:-2])), room)
        found[person.username] = (code, home)
    return found


@lru_cache(maxsize=1)
def _devices() -> tuple[list[NewAsset], Vocabulary]:
    """Return the ledger of the first demo estate and what people call its devices."""
    here = ESTATES[0]
    gates = tuple(name for name, _, _ in here.places if name.endswith("门"))
    ledger = [*equipment_demo._of_buildings(here.buildings, here.units), *equipment_demo._of_estate(gates)]
    names = [Name(w, NameKind.DEVICE, str(n)) for n, a in enumerate(ledger) for w in (a.name, *a.aliases)]
    return ledger, Vocabulary(names)


def _with_device(told: dict[str, Any], at: estate.Location) -> tuple[estate.Location, int | None]:
    """Return the place and the device that is meant, as drafting does it with the ledger."""
    ledger, names = _devices()
    said = {int(ref) for m in names.mentions(told["text"]) for ref in m.refs}
    kinds = KIND_OF_CATEGORY.get(told["category"], ())

    def fits(asset: NewAsset) -> bool:
        return at.building in (None, asset.building) and at.unit in (None, asset.unit)

    if said:
        found = [n for n in said if fits(ledger[n])]
    else:
        here = at.building and at.place
        found = [n for n, a in enumerate(ledger) if here and fits(a) and a.kind in kinds and a.place == at.place]
    if len(found) != 1:
        return at, None
    asset = ledger[found[0]]
    if not at.is_known or (said and not at.unit):
        at = replace(at, building=asset.building, unit=asset.unit, floor=asset.floor, place=asset.place)
    return at, found[0]


def _fault(told: dict[str, Any], moment: datetime, ended: datetime | None) -> Fault:
    """Return a report as the backend would read it from its speaker."""
    code, home = _homes()[told["as"]]
    code = told.get("estate", code)
    here = next(e for e in ESTATES if e.code == code)
    places = tuple(estate.PlaceName(name, aliases, None, None, floor) for name, aliases, floor in here.places)
    private = told["at"].startswith("home")
    scope = "private" if private else "public"
    speaker = intake.Speaker(code, (home,) if home else (), places, here.name)
    item = intake.Item(told["text"], told["category"], "normal", scope, 1.0)
    made, _ = intake.draft(item, speaker)
    at, device = made.location, None
    if code == ESTATES[0].code and made.scope == "public":
        at, device = _with_device(told, at)
    spot = (at.building, at.unit, at.floor, at.place)
    return Fault(
        community_id=ESTATES.index(here),
        category=told["category"],
        scope=made.scope,
        words=fault_words(told["text"]),
        spot=spot_at_home(at.place) if made.scope == "private" else spot_of(told["category"], *spot, device),
        opened_at=moment,
        home=hash((code, at.building, at.unit, at.room)) if made.scope == "private" else None,
        finished=ended is not None,
        ended_at=ended,
    )


@lru_cache(maxsize=1)
def load_pairs() -> tuple[Pair, ...]:
    """Return the written pairs."""
    pairs: list[Pair] = []
    for number, row in enumerate(yaml.safe_load(PAIRS.read_text(encoding="utf-8"))):
        ended = NOW - timedelta(days=row["ended"]) if "ended" in row else None
        opened = NOW - timedelta(days=row.get("opened", row.get("ended", 0)), hours=3)
        pairs.append(
            Pair(
                _fault(row["a"], opened, ended),
                _fault(row["b"], NOW, None),
                row["same"],
                row.get("why", "same"),
                number % 2 == 1 and not row.get("fresh"),
                bool(row.get("fresh")),
                (row["a"]["text"], row["b"]["text"]),
            )
        )
    return tuple(pairs)


def judge_all(pairs: Sequence[tuple[Fault, Fault]]) -> list[Judged]:
    """Return what the backend makes of each pair."""
    words = sorted({fault.words for pair in pairs for fault in pair})
    vectors = dict(zip(words, _encoder().queries(words), strict=True)) if words else {}
    return [judge(a, b, float(vectors[a.words] @ vectors[b.words])) for a, b in pairs]


def rates(found: Sequence[bool], same: Sequence[bool]) -> tuple[float, float]:
    """Return precision and recall."""
    hit = sum(f and s for f, s in zip(found, same, strict=True))
    return hit / max(sum(found), 1), hit / max(sum(same), 1)


@lru_cache(maxsize=1)
def score_pairs() -> dict[str, float]:
    """Return how the written pairs are judged.

    ``duplicate_*`` is what is acted upon by itself, ``shown_*`` what staff see; both without the pairs on which
    thresholds were chosen, which are ``tuning_*``. ``fresh_*`` are those that were written last of all.
    """
    pairs = load_pairs()
    found = judge_all([(p.first, p.second) for p in pairs])
    scores: dict[str, float] = {}
    parts: dict[str, Callable[[Pair], bool]] = {
        "duplicate": lambda p: not p.tuning,
        "tuning": lambda p: p.tuning,
        "fresh": lambda p: p.fresh,
    }
    for name, belongs in parts.items():
        chosen = [(p, j) for p, j in zip(pairs, found, strict=True) if belongs(p)]
        same = [p.same for p, _ in chosen]
        scores[f"{name}_pairs"] = len(chosen)
        scores[f"{name}_precision"], scores[f"{name}_recall"] = rates(
            [j.verdict is Verdict.SURE for _, j in chosen], same
        )
        if name == "duplicate":
            shown = [j.verdict is not Verdict.NO for _, j in chosen]
            scores["shown_precision"], scores["shown_recall"] = rates(shown, same)
    return scores


def wrongly_joined() -> list[tuple[str, str, str]]:
    """Return (why, first, second) of every pair that is joined and should not be, tuning pairs included."""
    pairs = load_pairs()
    found = judge_all([(p.first, p.second) for p in pairs])
    return [(p.why, *p.texts) for p, j in zip(pairs, found, strict=True) if j.verdict is Verdict.SURE and not p.same]


def score_letters() -> dict[str, float] | None:
    """Return how the citizens' letters are judged by group, None when they are not on this machine."""
    real = letters.folder()
    return letters.score(real, judge_all) if real else None


def _around(base: Vectors, count: int, seed: int) -> Vectors:
    """Return unit vectors that lie around real ones, as reports of the same few hundred faults would."""
    random = np.random.default_rng(seed)
    made = np.empty((count, base.shape[1]), dtype=np.float32)
    for start in range(0, count, 50_000):
        end = min(start + 50_000, count)
        part = base[random.integers(0, len(base), end - start)]
        part = part + random.normal(scale=NOISE / base.shape[1] ** 0.5, size=part.shape).astype(np.float32)
        made[start:end] = part / np.linalg.norm(part, axis=1, keepdims=True)
    return made


@lru_cache(maxsize=2)
def lookup(orders: int = MILLION) -> dict[str, float]:
    """Time look-ups among that many orders, interleaved with a brute-force search by numpy on the same queries."""
    words = sorted({fault.words for p in load_pairs() for fault in (p.first, p.second)})
    base = _encoder().queries(words)
    vectors, queries = _around(base, orders, 1), _around(base, QUERIES, 2)
    began = time.perf_counter()
    index = VectorIndex.filled(np.arange(orders, dtype=np.int64), vectors)
    filled_s = time.perf_counter() - began
    ours, brute, kept = [], [], []
    for number, query in enumerate(queries):
        began = time.perf_counter()
        near = index.search(query, NEAREST)
        ours.append((time.perf_counter() - began) * 1000)
        if number % BRUTE_EVERY:
            continue
        began = time.perf_counter()
        scores = vectors @ query
        best = np.argpartition(-scores, NEAREST)[:NEAREST]
        brute.append((time.perf_counter() - began) * 1000)
        top = set(best[np.argsort(-scores[best])][:10].tolist())
        kept.append(len(top & {n.id for n in near}) / len(top))
    return {
        "lookup_orders": orders,
        "lookup_p50_ms": round(float(np.percentile(ours, 50)), 2),
        "lookup_p95_ms": round(float(np.percentile(ours, 95)), 2),
        "brute_force_p50_ms": round(float(np.percentile(brute, 50)), 2),
        "brute_force_p95_ms": round(float(np.percentile(brute, 95)), 2),
        "lookup_recall_of_10": round(float(np.mean(kept)), 3),
        "filled_s": round(filled_s, 1),
    }


def lookup_1m_ms() -> float:
    """Return the 95th percentile of a look-up among a million orders, in milliseconds."""
    return lookup(MILLION)["lookup_p95_ms"]


def _percent(value: float) -> str:
    return f"{100 * value:5.1f} %"


def _table(pairs: dict[str, float], real: dict[str, float] | None) -> None:
    print(f"{'':38}{'precision':>10}{'recall':>10}")
    rows = [
        (f"joined by itself ({pairs['duplicate_pairs']:.0f} pairs)", "duplicate"),
        ("shown to staff (the same pairs)", "shown"),
        (f"  of them written last ({pairs['fresh_pairs']:.0f})", "fresh"),
        (f"thresholds chosen on ({pairs['tuning_pairs']:.0f})", "tuning"),
    ]
    for title, name in rows:
        print(f"{title:38}{_percent(pairs[f'{name}_precision']):>10}{_percent(pairs[f'{name}_recall']):>10}")
    if real is None:
        print("citizens' letters: not on this machine (GUANJIA_REAL_DIR names their folder), so not measured")
        return
    for name in ("sure", "shown"):
        title = f"letters, {name}, {real['groups']:.0f} groups"
        print(f"{title:38}{_percent(real[f'{name}_precision']):>10}{_percent(real[f'{name}_recall']):>10}")


def main() -> int:
    """Print the table and the JSON line."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument(
        "--orders", type=int, default=MILLION, help="orders in the index of the look-up; 0 leaves it out"
    )
    options.add_argument("--wrong", action="store_true", help="show the pairs that are joined and should not be")
    wanted = options.parse_args()
    pairs, real = score_pairs(), score_letters()
    _table(pairs, real)
    if wanted.wrong:
        for why, first, second in wrongly_joined():
            print(f"  {why}: {first} | {second}")
    line = {name: round(value, 4) for name, value in pairs.items()}
    line |= {f"letters_{name}": round(value, 4) for name, value in (real or {}).items()}
    if wanted.orders:
        timed = lookup(wanted.orders)
        print(
            f"look-up among {wanted.orders:,}: p50 {timed['lookup_p50_ms']} ms, p95 {timed['lookup_p95_ms']} ms;"
            f" numpy: p50 {timed['brute_force_p50_ms']} ms, p95 {timed['brute_force_p95_ms']} ms;"
            f" {_percent(timed['lookup_recall_of_10'])} of the ten nearest; filled in {timed['filled_s']} s"
        )
        line |= timed
        if wanted.orders == MILLION:
            line["lookup_1m_ms"] = timed["lookup_p95_ms"]
    print(json.dumps(line))
    return 0


if __name__ == "__main__":
    sys.exit(main())
