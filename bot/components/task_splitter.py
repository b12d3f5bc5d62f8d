"""Split a message into its tasks: 「灯坏了，水龙头也漏水」 is two, 「厨房水管漏水漏了一地」 is one.

In: clean text. Out: `Task`s with the words and the place of each. A new task begins where another
kind of thing is broken; what a fault leads to, when it began and how the speaker feels stays with the
fault. When in doubt it is one task: splitting wrongly makes two orders of one fault.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

from bot.components.lexicon import ALSO, CONNECTIVES, CONSEQUENCES, FAULTS, THINGS
from bot.components.places import HOME, PLACE_WORDS, where, where_span

_BREAK = re.compile(rf"[,，。;；!！?？、…]+|\s+|(?:{CONNECTIVES.pattern})")
_THING = re.compile(
    "|".join(
        re.escape(t) + ("(?!间)" if t == "卫生" else "") for t in sorted(THINGS, key=len, reverse=True) if THINGS[t]
    )
)
_TELLING = {"pest", "noise"}  # naming the thing is reporting it: 「厨房有蟑螂」
_EVEN = re.compile("^[^也还]{1,5}都")  # 「地板都翘了」: how far it has gone
_POWER = re.compile("停电|没电|跳闸|断电|没有电")
_POWERED = {"lighting", "hvac", "appliance", "low_voltage", "electrical"}
_ADDRESS = re.compile(
    rf"^(?:{HOME}|[\d零一二三四五六七八九十]+(?:号楼|栋|幢|座|号|单元|门洞)|[a-h](?:座|栋)|[\d-]+|[\s的,])+"
)
_AND = re.compile("的?[ ,]*(?:和|跟|与|、|以及|还有|加上|连同|同)[ ,]*")
_BOTH = re.compile(f"[^,，。;；!！?？]{{0,6}}?(?:{FAULTS.pattern})了?")
_WHOLE_PLACES = {word for word in PLACE_WORDS if THINGS.get(word)}  # 电梯 is a place and a thing


@dataclass
class Task:
    """One fault: where its words stand, what they name, where it is."""

    start: int
    end: int
    text: str
    place_words: str | None = None
    kinds: set[str] = field(default_factory=set)
    joined: bool = False  # its words are put together from two places of the text


@dataclass
class Clause:
    """A run of words between breaks, and what it names."""

    start: int
    end: int
    text: str
    connected: bool  # by 另外, 顺便, 还有 …
    linked: bool  # so, or by 也, 还
    kinds: set[str]
    fault: bool
    place: str | None


Begins = Callable[[str, list[Clause]], list[bool]]


def split(text: str, begins: Begins | None = None) -> list[Task]:
    """Return the tasks of the clean text; always at least one.

    ``begins`` says for each clause whether a task begins with it; by default the rules below do.
    """
    clauses = clauses_of(text)
    tasks: list[Task] = []
    lead: list[Clause] = []
    beginning = begins(text, clauses) if begins else None
    for number, clause in enumerate(clauses):
        if beginning[number] if beginning else _begins(clause, tasks):
            tasks.append(Task(clause.start, clause.end, clause.text, clause.place, set(clause.kinds)))
        elif tasks:
            _attach(tasks[-1], clause, text)
        else:
            lead.append(clause)
    if len(tasks) <= 1:
        whole = text.strip(" ,，。;；")
        return _coordinated(text) or [Task(0, len(text), whole, where(text), tasks[0].kinds if tasks else set())]
    _share_places(tasks, lead)
    return tasks


def _coordinated(text: str) -> list[Task]:
    """Return a task for each thing of 「客厅的灯和厨房的水龙头都坏了」, nothing when the text is not of this shape."""
    things = things_in(text)
    for (kind, _, stop), (other, begin, end) in pairwise(things):
        between, after = text[stop:begin], text[end:]
        if kind == other or FAULTS.search(between) or not _AND.match(between):
            continue
        fault = _BOTH.match(after)
        if fault is None:
            continue
        first, second = text[:stop], text[stop:end]
        second = _AND.sub("", second, count=1)
        tail = after[: fault.end()]
        tasks = [
            Task(0, len(text), f"{words}{tail}", where(words), {what}, joined=True)
            for words, what in ((first, kind), (second, other))
        ]
        _share_places(tasks, [])
        return tasks
    return []


def _begins(clause: Clause, tasks: list[Task]) -> bool:
    return _begins_task(clause, tasks[-1]) if tasks else clause.fault


def _begins_task(clause: Clause, task: Task) -> bool:
    if not clause.fault or not clause.kinds:
        return False
    if clause.connected and not task.kinds:
        return True
    if _POWER.search(task.text) and clause.kinds <= _POWERED:
        return False
    if clause.kinds & task.kinds or not task.kinds:
        return bool(clause.linked and clause.place and task.place_words and not _same_place(clause.place, task))
    return clause.linked or not (CONSEQUENCES.match(clause.text) or _EVEN.match(clause.text))


def _same_place(place: str, task: Task) -> bool:
    mine = task.place_words or ""
    return place in mine or mine in place


def _attach(task: Task, clause: Clause, text: str) -> None:
    task.end = clause.end
    task.text = text[task.start : task.end]
    task.kinds |= clause.kinds if not task.kinds else set()
    task.place_words = task.place_words or clause.place


def _share_places(tasks: list[Task], lead: list[Clause]) -> None:
    """Give a task without an address the address said before it."""
    before = next((clause.place for clause in lead if clause.place), None)
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


def clauses_of(text: str) -> list[Clause]:
    """Return the clauses of the clean text, in order."""
    clauses: list[Clause] = []
    position, linked = 0, False
    for match in [*_BREAK.finditer(text), None]:
        end = match.start() if match else len(text)
        if text[position:end].strip():
            for start, stop in _inner(text, position, end):
                clauses.append(_clause(text, start, stop, linked))
                linked = True
            linked = False
        if match:
            linked = linked or bool(CONNECTIVES.search(match.group()))
            position = match.end()
    return clauses


def _clause(text: str, start: int, end: int, connected: bool) -> Clause:
    words = text[start:end]
    things = things_in(words)
    kinds = {kind for kind, _, _ in things}
    linked = connected or bool(ALSO.search(words[:12]))
    told = bool(FAULTS.search(words)) or bool(kinds & _TELLING) or (connected and bool(kinds))
    return Clause(start, end, words, connected, linked, kinds, told, where(words))


def things_in(words: str) -> list[tuple[str, int, int]]:
    """Return (kind, start, end) of the things named; a lift that only says where is left out."""
    found = [(THINGS[m.group()] or "", m.start(), m.end()) for m in _THING.finditer(words)]
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


def _inner(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Cut a clause without punctuation where a second kind of thing breaks."""
    words = text[start:end]
    things = things_in(words)
    cuts = [0]
    for i in range(1, len(things)):
        kind, begin, stop = things[i]
        next_begin = things[i + 1][1] if i + 1 < len(things) else len(words)
        before = words[things[i - 1][1] : begin]
        if kind == things[i - 1][0] or not FAULTS.search(before) or not FAULTS.search(words[stop:next_begin]):
            continue
        if re.search("把|被|导致|害|搞得|弄得|漏到|流到|溅到|影响", before):
            continue
        cuts.append(max(cuts[-1] + 1, _cut_before(words, things[i - 1][2], begin)))
    return [(start + a, start + b) for a, b in zip(cuts, [*cuts[1:], len(words)], strict=True)]


def _cut_before(words: str, after: int, begin: int) -> int:
    """Return where the place words that lead to the thing begin."""
    span = where_span(words[after:begin])
    if span and after + span[1] >= begin - 2:
        return after + span[0]
    return begin
