"""Chinese words by jieba, with the words of property management (`bot/data/dictionary.txt`)."""

from __future__ import annotations

import logging
from functools import lru_cache
from pathlib import Path

import jieba

DICTIONARY = Path(__file__).resolve().parent.parent / "data" / "dictionary.txt"


@lru_cache(maxsize=1)
def _tokenizer() -> jieba.Tokenizer:
    jieba.setLogLevel(logging.WARNING)
    tokenizer = jieba.Tokenizer()
    tokenizer.initialize()
    with DICTIONARY.open(encoding="utf-8") as words:
        for line in words:
            word = line.split("#")[0].strip()
            if word:
                tokenizer.add_word(word)
    return tokenizer


def cut(text: str) -> list[str]:
    """Return the words of `text`; blanks and punctuation are left out."""
    return [word for word in _tokenizer().cut(text) if word.strip() and any(c.isalnum() for c in word)]


def spans(text: str) -> list[tuple[str, int, int]]:
    """Return all words of `text` with start and end, blanks and punctuation among them."""
    return list(_tokenizer().tokenize(text))


def is_word_end(text: str, position: int) -> bool:
    """Say whether a word of `text` ends at `position`."""
    return any(end == position for _, _, end in spans(text))
