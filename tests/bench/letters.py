"""Citizens' letters for measuring (GUANJIA_REAL_DIR): which headings are about one problem?

They are no chat and belong to no estate of ours, so the named place of a heading (by pattern) stands for the estate.
Lines are read and counted, never shown. Scored per group: three giant groups would decide everything by their pairs.
"""

import csv
import itertools
import os
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from backend.domains.duplicates.domain import Fault, Judged, Verdict
from backend.domains.duplicates.places import Spot

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 25, tzinfo=UTC)
_CODE = re.compile(r"[A-Z]\d*(?:市|区|县)|高新区|\w{1,4}(?:街道|大道|路|社区村?)")
_TALK = re.compile(r"(?:请求?|反映|关于|举报|投诉|建议|希望|再次|第\w次|有效|整治|督促|政府|解决|取缔|把|腾开)+")
_GENERIC = re.compile(
    r"小区|公寓|楼盘|物业|公共|门面|商铺|临街|附近|旁|楼下|[一二三四\d]+期|\d+[栋号]|房|存|有|长期|经常|最近|夜间|空地"
)
_KEPT = 2
"""Characters that two names must share in a row."""
Judge = Callable[[list[tuple[Fault, Fault]]], list[Judged]]


@dataclass(frozen=True)
class Letter:
    """A heading, its group, and the place it names."""

    id: str
    group: str
    fault: Fault
    name: str


def folder() -> Path | None:
    """Return where the letters are, None when they are not on this machine."""
    found = Path(os.environ.get("GUANJIA_REAL_DIR", ROOT.parent / "shared" / "real"))
    return found if (found / "clusters.tsv").exists() else None


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)


def _name(heading: str) -> str:
    plain = _TALK.sub("", _CODE.sub("", heading))
    cut = _GENERIC.search(plain, 1) if plain else None
    return plain[: cut.start()] if cut else plain[:6]


def _letter(id_: str, group: str, heading: str) -> Letter:
    name = _name(heading)
    words = _CODE.sub("", heading).replace(name, "") or heading
    return Letter(id_, group, Fault(0, "other", "public", words, Spot(), NOW), name)


def _named_alike(a: str, b: str) -> bool:
    return any(a[i : i + _KEPT] in b for i in range(len(a) - _KEPT + 1))


def _pair(a: Letter, b: Letter) -> tuple[Fault, Fault]:
    """Return the two as faults; what they share of a name is their place."""
    alike = _named_alike(a.name, b.name)
    first, second = (
        Fault(0, "other", "public", x.fault.words, Spot(place=p), NOW)
        for x, p in zip((a, b), ("x", "x" if alike else "y"), strict=True)
    )
    return first, second


def score(real: Path, judge: Judge) -> dict[str, float]:
    """Return precision and recall by group, and how often a hard negative or a stranger is taken for the same."""
    groups: dict[str, list[Letter]] = defaultdict(list)
    for row in _rows(real / "clusters.tsv"):
        if row["maybe_augmented"] == "0":
            groups[row["cluster_id"]].append(_letter(row["message_id"], row["cluster_id"], row["主题"]))
    hard = [
        (_letter(row["id_a"], "a", row["主题a"]), _letter(row["id_b"], "b", row["主题b"]))
        for row in _rows(real / "hard_negatives.tsv")
    ]
    strangers = [(a[0], b[0]) for a, b in itertools.combinations(groups.values(), 2)]
    result: dict[str, float] = {"groups": sum(len(g) > 1 for g in groups.values()), "hard_negatives": len(hard)}
    for title, enough in (("sure", Verdict.SURE), ("shown", Verdict.LIKELY)):

        def rate(pairs: list[tuple[Letter, Letter]], least: Verdict = enough) -> float:
            return sum(j.verdict >= least for j in judge([_pair(a, b) for a, b in pairs])) / max(len(pairs), 1)

        recalls = [rate(list(itertools.combinations(g, 2))) for g in groups.values() if len(g) > 1]
        wrong = rate(hard) * len(hard)
        result[f"{title}_recall"] = sum(recalls) / len(recalls)
        result[f"{title}_precision"] = sum(recalls) / max(sum(recalls) + wrong, 1e-9)
        result[f"{title}_strangers"] = rate(strangers)
    return result
