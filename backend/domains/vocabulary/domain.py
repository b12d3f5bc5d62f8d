"""Mentions of known names in a text, by a spaCy phrase matcher. Pure apart from jieba's shared dictionary."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import jieba


class NameKind(StrEnum):
    """What a name is the name of."""

    BUILDING = "building"
    PLACE = "place"
    DEVICE = "device"
    TECHNICIAN = "technician"


@dataclass(frozen=True, slots=True)
class Name:
    """A name people may say, and what it stands for. ``ref`` is the id of the row, or the name itself."""

    word: str
    kind: NameKind
    ref: str


@dataclass(frozen=True, slots=True)
class Mention:
    """A name found in a text, with its characters [start, end)."""

    word: str
    kind: NameKind
    refs: tuple[str, ...]
    start: int
    end: int


_WORD_WEIGHT = 1_000_000
jieba.setLogLevel(logging.WARNING)


class Vocabulary:
    """Finds the names of one estate in a text. Building it teaches jieba the names, so that no name is cut in two."""

    def __init__(self, names: Iterable[Name]) -> None:
        self._by_word: dict[str, list[Name]] = {}
        for name in names:
            word = name.word.strip()
            if len(word) >= 2:
                self._by_word.setdefault(word, []).append(name)
        for word in self._by_word:
            jieba.add_word(word, _WORD_WEIGHT)
        import spacy  # 220 MB with the torch it brings: only a process that reads messages pays for it
        from spacy.matcher import PhraseMatcher

        self._filter_spans = spacy.util.filter_spans
        self._nlp = spacy.blank("zh", config={"nlp": {"tokenizer": {"segmenter": "jieba"}}})
        self._matcher = PhraseMatcher(self._nlp.vocab)
        for word in self._by_word:
            self._matcher.add(word, [self._nlp.make_doc(word)])

    def mentions(self, text: str) -> list[Mention]:
        """Return the names in the text, longest first where they overlap, in order of appearance."""
        doc = self._nlp.make_doc(text)
        spans = self._filter_spans([doc[s:e] for _, s, e in self._matcher(doc)])
        found: list[Mention] = []
        for span in sorted(spans, key=lambda s: s.start_char):
            names = self._by_word[span.text]
            found.append(
                Mention(
                    span.text,
                    names[0].kind,
                    tuple(dict.fromkeys(n.ref for n in names if n.kind == names[0].kind)),
                    span.start_char,
                    span.end_char,
                )
            )
        return found
