"""What the linear classifiers see of a text: n-grams, words, signs, and the sentence vector.

`TextFeatures.fit(texts)` learns the vocabularies and the centre of the vectors; `transform(texts)`
gives one row a text. Numbers lose their value ("1201" and "302" look alike) so that a
classifier learns the sentence and not the address.
"""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.components.lexicon import FAULTS, SIGNS, THINGS
from bot.components.network import Rows
from bot.components.sentence_encoder import encode
from bot.components.zh_tokenizer import cut

_SHAPES = (
    (re.compile(r"[a-z]{2}\d{4}-\d{3,5}"), "单号"),
    (re.compile(r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][a-z]·?[a-z0-9]{5,6}"), "车牌"),
    (re.compile(r"\d+(?:\.\d+)?"), "0"),
    (re.compile(r"[\s]+"), " "),
    (re.compile(r"([!?。,.~哈啊呀嗯呜])\1+"), r"\1"),
)


def shape(text: str) -> str:
    """Return the clean text with numbers, order numbers and plates made alike."""
    for pattern, replacement in _SHAPES:
        text = pattern.sub(replacement, text)
    return text.strip()


def words_of(text: str) -> list[str]:
    """Words and pairs of neighbouring words."""
    words = cut(text)
    return words + [f"{a}_{b}" for a, b in pairwise(words)]


_KINDS = sorted({kind for kind in THINGS.values() if kind})
_NAMES = sorted((word for word in THINGS if THINGS[word]), key=len, reverse=True)
_THING = re.compile("|".join(re.escape(word) for word in _NAMES))


def signs(text: str) -> list[float]:
    """Return one 0/1 number a sign of the lexicon, a kind of thing, and length class."""
    kinds = {THINGS[match.group()] for match in _THING.finditer(text)}
    found = [float(bool(pattern.search(text))) for pattern in SIGNS.values()]
    found.append(float(bool(FAULTS.search(text))))
    found += [float(kind in kinds) for kind in _KINDS]
    found += [float(len(text) <= 3), float(len(text) <= 6), float(len(text) > 25)]
    return found


class TextFeatures:
    """Vocabulary of n-grams and words, and the centre of the sentence vectors."""

    def __init__(self, dense_scale: float = 0.6, sign_scale: float = 0.8) -> None:
        """`dense_scale` and `sign_scale` balance unit vectors and signs against the n-grams."""
        self.dense_scale, self.sign_scale = dense_scale, sign_scale
        self.chars = TfidfVectorizer(analyzer="char", ngram_range=(1, 4), min_df=3, sublinear_tf=True, dtype=np.float32)
        self.words = TfidfVectorizer(analyzer=words_of, min_df=3, sublinear_tf=True, dtype=np.float32)
        self.centre: np.ndarray = np.zeros(0, dtype=np.float32)

    def fit(self, texts: list[str]) -> Rows:
        """Learn from `texts` (clean form); return their features."""
        shaped = [shape(text) for text in texts]
        self.chars.fit(shaped)
        self.words.fit(shaped)
        for vectorizer in (self.chars, self.words):
            del vectorizer.stop_words_  # every n-gram that was too rare: only for a person to look at, and 200 MB
        self.centre = encode(shaped).mean(axis=0)
        return self.transform(texts)

    def transform(self, texts: list[str], with_meaning: bool = True) -> Rows:
        """Return one row of features a text; without meaning the vectors are zero, which is cheap."""
        shaped = [shape(text) for text in texts]
        marks = csr_matrix(np.array([signs(text) for text in shaped], dtype=np.float32) * np.float32(self.sign_scale))
        sparse = hstack([self.chars.transform(shaped), self.words.transform(shaped), marks]).tocsr()
        if not with_meaning:
            return Rows(sparse, np.zeros((len(texts), self.centre.shape[0]), dtype=np.float32))
        return Rows(sparse, (encode(shaped) - self.centre) * np.float32(self.dense_scale))
