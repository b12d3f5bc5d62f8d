"""How much of a question's words a section has: BM25 over words and pairs of characters, as a share of the best possible.

Everyday words count as the formal ones (``words``); a kind of question (how much, what time) counts like a word. Pure,
but for the dictionary that jieba loads at the first use (about a second).
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import jieba

from backend.domains.knowledge import words

jieba.setLogLevel("WARNING")

K1, B = 1.2, 0.75
TITLE_COUNTS = 3
"""A word of the heading counts as often as this many in the text."""
KIND_WEIGHT = 1.0
LEAST_WEIGHT = 0.5
_PLAIN = re.compile(
    r"[^\u4e00-\u9fffA-Za-z0-9]+|多少钱|多少|怎么办|怎么样|怎么|如何|什么时候|什么|几点|几号|多久|多长时间|可不可以|可以|能不能|行不行|要不要|是不是"
    r"|有没有|哪里|哪儿|请问|我们|你们|他们"
)
"""What stands between words that mean something."""
_EMPTY = frozenset(
    "的 了 吗 呢 吧 啊 嘛 不 我 你 您 我们 你们 他 她 它 是 在 有 要 能 可以 怎么 什么 多少 几 哪 哪儿 哪里 谁 么 这 那 个 一 给 和 与 及 就 也 都 "
    "还 会 想 请问 多 钱 时候 得 着 把 被 让 到 去 来 上 下 里 啥 咋 行 好 没 没有 怎么办 如何 多久 几点 小区 家里 家".split()
)
_ANY_HOME = frozenset(
    "孩子 小孩 老人 朋友 亲戚 家人 邻居 师傅 房子 屋子 新房 客厅 厨房 厕所 楼上 楼下 东西 事情 问题 地方 步骤 手续 流程 办法 程序 "
    "时间 多长时间 电话 号码 钱包 手机 月份 今天 明天 周末 早上 晚上 下午 中午 公司 人家 女儿 儿子 爸妈 老公 老婆".split()
)
"""Things that every question may mention; that no document does says nothing."""
_EDGES = frozenset("的了吗呢吧我你是在")
_NOUNS = ("n", "vn")


def terms(text: str) -> list[str]:
    """Return the words and pairs of characters of a text."""
    found: list[str] = []
    for run in _PLAIN.split(text.lower()):
        found += [word for word in jieba.cut_for_search(run) if word.strip() and word not in _EMPTY]
        pairs = (run[at : at + 2] for at in range(len(run) - 1))
        found += [pair for pair in pairs if not _EDGES & set(pair)]
    return found


def things(question: str) -> list[str]:
    """Return what a question is about: its nouns of two characters and more, in formal words."""
    from jieba import posseg

    found = posseg.cut(_PLAIN.sub(" ", words.formal(question)))
    return [p.word for p in found if len(p.word) > 1 and p.flag.startswith(_NOUNS) and p.word not in _EMPTY | _ANY_HOME]


def most_alike(question: str, units: Sequence[str]) -> int:
    """Return the number of the unit that shares the most words with a question, the first when none does."""
    asked = set(terms(words.formal(question)))
    shared = [len(asked & set(terms(unit))) for unit in units]
    return shared.index(max(shared)) if shared else 0


@dataclass(frozen=True, slots=True)
class _Section:
    counts: Counter[str]
    length: int
    kinds: frozenset[str]
    text: str


class Lexicon:
    """The words of the sections of one estate. Not safe for several threads at once."""

    def __init__(self) -> None:
        self._sections: dict[int, _Section] = {}
        self._holders: dict[str, set[int]] = {}
        self._length = 0
        self._everything = ""

    def add(self, section_id: int, title: str, text: str) -> None:
        """Add a section; a known id is replaced."""
        self.remove([section_id])
        counts = Counter(terms(text))
        for term in terms(title):
            counts[term] += TITLE_COUNTS
        made = _Section(counts, sum(counts.values()), frozenset(words.kinds_answered(text)), f"{title}\n{text}")
        self._sections[section_id] = made
        self._length += made.length
        for term in counts:
            self._holders.setdefault(term, set()).add(section_id)
        self._everything = ""

    def remove(self, section_ids: Iterable[int]) -> None:
        """Forget sections; unknown ids are ignored."""
        for section_id in section_ids:
            gone = self._sections.pop(section_id, None)
            if gone is None:
                continue
            self._length -= gone.length
            for term in gone.counts:
                holders = self._holders[term]
                holders.discard(section_id)
                if not holders:
                    del self._holders[term]
            self._everything = ""

    def scores(self, question: str) -> dict[int, float]:
        """Return, for each section with a word of the question, how much of it the section has: 0 to about 1."""
        asked = list(dict.fromkeys(terms(words.formal(question))))
        kinds = words.kinds_asked(question)
        possible = sum(map(self._weight, asked)) + KIND_WEIGHT * len(kinds)
        if not possible:
            return {}
        average = self._length / max(len(self._sections), 1)
        found: dict[int, float] = {}
        for term in asked:
            weight = self._weight(term)
            for section_id in self._holders.get(term, ()):
                section = self._sections[section_id]
                count = section.counts[term]
                share = count / (count + K1 * (1 - B + B * section.length / average))
                found[section_id] = found.get(section_id, 0.0) + weight * share
        for section_id in found:
            answered = sum(kind in self._sections[section_id].kinds for kind in kinds)
            found[section_id] = (found[section_id] + KIND_WEIGHT * answered) / possible
        return found

    def unknown(self, question: str) -> bool:
        """Tell whether the question is about a thing that no section names."""
        if not self._everything:
            self._everything = "\n".join(section.text for section in self._sections.values())
        return any(thing not in self._everything for thing in things(question))

    def _weight(self, term: str) -> float:
        """Return how much a word tells: the more, the fewer sections have it."""
        holders, total = len(self._holders.get(term, ())), len(self._sections)
        return max(LEAST_WEIGHT, math.log(1 + (total - holders + 0.5) / (holders + 0.5)))
