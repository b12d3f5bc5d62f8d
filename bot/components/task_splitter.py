"""A report cut into its tasks: 「灯坏了，水龙头也漏水」 is two, 「厨房水管漏水漏了一地」 is one.

In: clean text and where another fault begins (`borders`). Out: `Task`s with the words and the place of each. A cut that
leaves nothing to report on one side is taken back; words that two tasks share (「厨房和卫生间的灯都坏了」) are given
to both.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from bot.components.lexicon import FAULTS, THINGS
from bot.components.places import HOME, PLACE_WORDS, where, where_span

THING = re.compile(
    "|".join(
        re.escape(t) + ("(?!间)" if t == "卫生" else "") for t in sorted(THINGS, key=len, reverse=True) if THINGS[t]
    )
)
_TELLING = {"pest", "noise"}  # naming the thing is reporting it: 「厨房有蟑螂」
_POWER = re.compile("停电|没电|跳闸|断电|没有电")
_POWERED = {"lighting", "hvac", "appliance", "low_voltage", "electrical"}
_ADDRESS = re.compile(
    rf"^(?:{HOME}|[\d零一二三四五六七八九十]+(?:号楼|栋|幢|座|号|单元|门洞)|[a-h](?:座|栋)|[\d-]+|[\s的,])+"
)
_AND = re.compile("^的?[ ,]*(?:和|跟|与|、|以及|还有|加上|连同|同)?[ ,]*")
_BARE = 6  # characters
_WHOLE_PLACES = {word for word in PLACE_WORDS if THINGS.get(word)}  # 电梯 is a place and a thing
_EDGES = " ,，。;；、"

Tells = Callable[[str], bool]


@dataclass
class Task:
    """One fault: where its words stand, what they name, where it is."""

    start: int
    end: int
    text: str
    place_words: str | None = None
    kinds: set[str] = field(default_factory=set)
    joined: bool = False  # its words are put together from two places of the text


def split(text: str, beginnings: Sequence[int] = (), tells: Tells = lambda words: bool(words)) -> list[Task]:
    """Return the tasks of the clean text, cut where another fault begins; always at least one.

    ``tells`` says whether words are a report by themselves.
    """
    cuts = [0, *(at for at in beginnings if text[:at].strip(_EDGES) and text[at:].strip(_EDGES)), len(text)]
    tasks: list[Task] = []
    waits = 0
    for start, end in pairwise(cuts):
        task = _task(text, start - waits, end)
        waits = 0
        if (_names_only(task) or tells(task.text)) and not (tasks and _for_lack_of_power(tasks[-1], task)):
            tasks.append(task)
        elif tasks:
            tasks[-1] = _task(text, tasks[-1].start, end)
        else:
            waits = end - task.start
    if len(tasks) <= 1:
        return [replace(_task(text, 0, len(text)), text=text.strip(" ,，。;；"))]
    tasks = _complete(tasks)
    _share_places(tasks)
    return tasks


def _task(text: str, start: int, end: int) -> Task:
    words = text[start:end]
    return Task(start, end, words, where(words), {kind for kind, _, _ in things_in(words)})


def _for_lack_of_power(before: Task, task: Task) -> bool:
    """「跳闸了，空调开不了，灯也不亮」 is one fault."""
    return bool(_POWER.search(before.text) and task.kinds and task.kinds <= _POWERED)


def _names_only(task: Task) -> bool:
    """Tell whether a task is a thing or a place whose fault is told with the next: 「厨房」 of 「厨房和卫生间的灯都坏了」."""
    words = task.text.strip(_EDGES)
    named = task.kinds or task.place_words
    return bool(named) and len(words) <= _BARE and not words[-1].isdigit() and not FAULTS.search(words)


def _complete(tasks: list[Task]) -> list[Task]:
    """Give a task that only names a thing or a place what is said of the one after it."""
    done = tasks[-1:]
    for task in reversed(tasks[:-1]):
        if _names_only(task) and not task.kinds & _TELLING and not done[0].kinds & _TELLING:
            words = task.text.strip(_EDGES) + _said_of(done[0].text, bool(task.kinds))
            task = replace(task, text=words, joined=True)
            task.kinds |= done[0].kinds if not task.kinds else set()
        done.insert(0, task)
    return done


def _said_of(words: str, thing_known: bool) -> str:
    """Return what a task says after its thing, or after its place when another place has the same thing."""
    words = words[_AND.match(words).end() :]  # type: ignore[union-attr]
    things = things_in(words)
    if thing_known and things:
        return words[things[0][2] :]
    place = where_span(words)
    return words[place[1] :] if place and place[0] == 0 else words


def _share_places(tasks: list[Task]) -> None:
    """Give a task without an address the address said before it."""
    before = None
    for task in tasks:
        address = _address(before)
        if task.place_words is None:
            task.place_words = before
        elif address and not _address(task.place_words) and not task.place_words.startswith(address):
            task.place_words = address + task.place_words
        before = task.place_words or before


def _address(place: str | None) -> str:
    match = _ADDRESS.match(place or "")
    return match.group().strip(" ,的") if match else ""


def kind_of(match: re.Match[str]) -> str:
    """Return the category of the thing that `THING` has found."""
    return THINGS[match.group()] or ""


def things_in(words: str) -> list[tuple[str, int, int]]:
    """Return (kind, start, end) of the things named; a lift that only says where is left out."""
    found = [(kind_of(m), m.start(), m.end()) for m in THING.finditer(words)]
    if len(found) > 1:
        found = [
            thing
            for i, thing in enumerate(found)
            if not (
                words[thing[1] : thing[2]] in _WHOLE_PLACES
                and i + 1 < len(found)
                and _only_where(words, thing, found[i + 1])
            )
        ]
    return found


def _only_where(words: str, thing: tuple[str, int, int], following: tuple[str, int, int]) -> bool:
    between = words[thing[2] : following[1]]
    return len(between) <= 4 and not FAULTS.search(between)
