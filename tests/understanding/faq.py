"""Asks the questions of ``faq.yml`` and counts: ``python -m tests.understanding.faq [--wrong] [--words]``.

The demo estates are seeded into a fresh database and indexed as the worker does it; each question is asked as an owner.
A question with an answer counts as right when its section is the first passage quoted; one without when nothing is.
``--words`` measures the first seconds, before any vector. The last line is JSON.
"""

import argparse
import json
import logging
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

QUESTIONS = Path(__file__).with_name("faq.yml")
AS_THEY_ARE = ("others", "fresh")
ASKERS = {"sunshine": "zhangwei", "lakeside": "chenjing", "others": "zhangwei", "fresh": "zhangwei"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, what should answer it, and what did: (section, score), best first; ``quoted`` how many were quoted."""

    group: str
    question: str
    wanted: tuple[str, ...]
    given: tuple[tuple[str, float], ...]
    quoted: int

    @property
    def first(self) -> bool:
        return bool(self.quoted) and self.given[0][0] in self.wanted

    @property
    def among(self) -> bool:
        return any(section in self.wanted for section, _ in self.given[: self.quoted])

    @property
    def best(self) -> bool:
        """Whether the right section came first, quoted or not."""
        return bool(self.given) and self.given[0][0] in self.wanted


def wanted(section: Any) -> tuple[str, ...]:
    return () if section is None else (section,) if isinstance(section, str) else tuple(section)


def groups() -> dict[str, list[tuple[str, dict[str, Any]]]]:
    """Return (asker, line) by group; the two estates are cut into lines that chose the weights and lines that check."""
    read = yaml.safe_load(QUESTIONS.read_text(encoding="utf-8"))
    made: dict[str, list[tuple[str, dict[str, Any]]]] = {}
    for name, lines in read.items():
        for at, line in enumerate(lines):
            group = name if name in AS_THEY_ARE else ("chose", "check")[at % 2]
            made.setdefault(group, []).append((ASKERS[name], line))
    return made


@contextmanager
def estates(by_meaning: bool) -> Iterator[None]:
    """Give the demo estates in a fresh database, indexed."""
    from backend import migrate, seed
    from backend.domains.knowledge import service
    from backend.kit import encoder
    from tests.backend.support import environment

    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        with environment(f"sqlite:///{place}/faq.db", "http://127.0.0.1:9", place):
            migrate.upgrade()
            assert seed.main([]) == 0
            if by_meaning:
                encoder.get_encoder()
                while service.embed_some(60):
                    pass
            yield


def ask_all() -> list[Asked]:
    """Ask every question."""
    from sqlalchemy import select

    from backend.domains.identity import service as identity
    from backend.domains.identity.models import Person
    from backend.domains.knowledge import service
    from backend.kit import db, scope
    from backend.kit.auth import Claims

    answers = []
    for group, lines in groups().items():
        for asker, line in lines:
            with db.transaction(read_only=True) as session:
                with scope.system_scope(session):
                    person = session.scalars(select(Person.id).where(Person.username == asker)).one()
                    who = identity.load_principal(session, Claims(person))
                scope.bind(session, who)
                answer = service.answer(session, who, line["q"])
                given = tuple((p.section, p.score) for p in [*answer.passages, *answer.nearest])
                answers.append(Asked(group, line["q"], wanted(line["section"]), given, len(answer.passages)))
    return answers


def share(found: Sequence[bool]) -> float:
    return round(sum(found) / len(found), 3) if found else 0.0


def figures(asked: Sequence[Asked]) -> dict[str, Any]:
    """Count one group."""
    with_answer = [a for a in asked if a.wanted]
    without = [a for a in asked if not a.wanted]
    return {
        "answerable": len(with_answer),
        "top1": share([a.best for a in with_answer]),
        "answered_right": share([a.first for a in with_answer]),
        "right_among_quoted": share([a.among for a in with_answer]),
        "refused_wrongly": share([not a.quoted for a in with_answer]),
        "unanswerable": len(without),
        "refused_rightly": share([not a.quoted for a in without]),
        "passages": round(sum(a.quoted for a in with_answer) / max(1, sum(a.quoted > 0 for a in with_answer)), 2),
    }


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="tests.understanding.faq", description=__doc__)
    parser.add_argument("--wrong", action="store_true", help="print the questions that went wrong")
    parser.add_argument("--words", action="store_true", help="without vectors: by the words alone")
    chosen = parser.parse_args(argv)
    warnings.simplefilter("ignore")
    with estates(not chosen.words):
        logging.disable(logging.WARNING)
        asked = ask_all()
    names = ("chose", "check", *AS_THEY_ARE)
    counted = {name: figures([a for a in asked if a.group == name]) for name in names}
    if chosen.wrong:
        for a in asked:
            if not (a.first if a.wanted else not a.quoted):
                print(f"{a.group}  {a.question}  → {'/'.join(a.wanted) or '—'}  ≠ {a.quoted} {a.given[:3]}")
    print(f"{'':20}" + "".join(f"{name:>10}" for name in names))
    for key in counted["chose"]:
        print(f"{key:20}" + "".join(f"{counted[name][key]:>10}" for name in names))
    print(json.dumps({"by": "words" if chosen.words else "meaning and words", **counted}))


if __name__ == "__main__":
    main()
