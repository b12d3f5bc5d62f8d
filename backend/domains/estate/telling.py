"""Which words of a report tell where the fault is: not what is denied or taken back, where somebody has been, where
everything is fine, or where the speaker lives. Pure: words with their numbers in digits in, the words that count out.

Nothing is left out when no place would be left.
"""

import re

from backend.domains.estate import place_words

_BUILDING, _UNIT, _FLOOR, _ROOM, _PLACE, _ZONE = range(6)
_LEVELS = tuple(
    (re.compile(pattern), level)
    for pattern, level in (
        (rf"{place_words.BUILDING.pattern}|(?<![\d-])\d{{1,2}}(?=-\d{{3,4}})", _BUILDING),
        (place_words.UNIT.pattern, _UNIT),
        (rf"{place_words.FLOOR.pattern}|{place_words.CELLAR.pattern}", _FLOOR),
        (r"(?<!\d)\d{3,4}(?!\d)", _ROOM),
        (place_words.PLACE.pattern, _PLACE),
        (place_words.ZONE.pattern, _ZONE),
    )
)
Said = list[tuple[int, int, int]]
"""Start, end and level of each part of an address and each place, in order."""

_STOP = r",，。；;！!？?…\s"
_REST = rf"[^{_STOP}]*"
_SEEN = re.compile(r"(?:结果)?(?:发现|看到|看见|闻到|闻见|听到|听见|一看|一开门)")
_CLAUSES = re.compile(rf"(?:{_SEEN.pattern})?(?:(?!{_SEEN.pattern})[^{_STOP}])*")

_WRONG = re.compile(
    r"(?:不好意思|抱歉|对不起|[我呃哦啊嗯噢诶])*"
    rf"(?:[说讲写打搞弄][错反]了?|等(?:一下|下|等)(?=[{_STOP}])|更正(?:一下)?|不对(?![劲头称])|(?<=[呃哦啊嗯噢诶])不(?=[{_STOP}是]))"
)
_DENIED = re.compile(rf"(?<![是这可要])不是[^{_STOP}]*?(?=[{_STOP}]|而?是|$)|(?<!特)别[再又]?[去跑]{_REST}")
_SPREAD = re.compile(rf"(?<=[漏渗流滴淌溅水])[到进]了?{_REST}")
_LIVING = re.compile(rf"[我咱俺](?:们|家|自己|就|是|本人)*(?:住|在(?=\d{{1,2}}(?:[楼层栋幢]|号楼))){_REST}")

_FINE = re.compile(
    r"(?:没事|没问题|没坏|好好的|都好|好着|亮着|[是还]好的|(?<!不)正常|(?<![没不未])[修换弄]好)(?:了|的|呢|啊|吧|嘛)*$"
)
_MOVED = "(?<![漏渗流滴淌冒喷掉落溢飘传窜钻返伸露塌])(?:[出回过下上进][来去])"  # somebody, not the water
_GONE = re.compile(
    rf"(?:从|去).*(?:{_MOVED}|出门|去过|走到)|{_MOVED}的?$|"
    r"到.*去过|停好?了?车|[提说讲报]过|反[映应]过|[碰遇]见|送(?:小孩|孩子|娃|老人)|买了?菜|[拿取]了"
)
_PASSING = re.compile(r"刚才?在|路过|经过|爬[了到上]*\d+[楼层]")
_SUPPOSED = re.compile(r"(?:可能是|以为是|不知道是)(?!.*(?:楼上|隔壁|对门|\d))")


def where_told(text: str) -> str:
    """Return the words of the text that tell where the fault is."""
    text = _without_taken_back(text)
    text = _without(_DENIED, text, _ZONE)
    text = _without_living(text)
    text = _without_stories(text)
    return _without(_SPREAD, text, _PLACE, _ROOM)


def address(text: str) -> str:
    """Return the address the text begins with, empty when it names no building, unit or room."""
    begin = _kept(text, _PLACE)
    return begin if names_address(begin) else ""


def names_address(text: str) -> bool:
    """Tell whether the text names a building, unit or room."""
    return any(level in (_BUILDING, _UNIT, _ROOM) for _, _, level in _said(text))


def clauses(text: str) -> list[str]:
    """Return the clauses of the text; what somebody saw begins one."""
    return [m[0] for m in _CLAUSES.finditer(text) if m[0]]


def _said(text: str) -> Said:
    found = ((m.start(), m.end(), level) for pattern, level in _LEVELS for m in pattern.finditer(text))
    return sorted(found, key=lambda one: one[0])


def _kept(before: str, level: int) -> str:
    """Return the address before a correction as far as the correction does not say it again."""
    cut = next((start for start, _, said in _said(before) if said >= level), len(before))
    return before[:cut]


def _without_taken_back(text: str) -> str:
    """「6栋2单元1104，等下，1401」 is 6栋2单元1401."""
    for mark in reversed(list(_WRONG.finditer(text))):
        before, after = text[: mark.start()], text[mark.end() :]
        earlier = _said(before)
        right = next((levels for clause in clauses(after) if (levels := [one[2] for one in _said(clause)])), None)
        follows = not before or re.search(rf"[{_STOP}]$", before) or (earlier and earlier[-1][1] == len(before))
        if earlier and right and follows:
            return f"{_kept(before, min(right))}{after.lstrip(',，。… ')}"
    return text


def _without(pattern: re.Pattern[str], text: str, highest: int, lowest: int = _BUILDING) -> str:
    """Return the text without the matches that name a place, where the rest names one of these levels too."""
    for match in reversed(list(pattern.finditer(text))):
        rest = f"{text[: match.start()]}，{text[match.end() :]}"
        if _said(match[0]) and any(lowest <= level <= highest for _, _, level in _said(rest)):
            text = rest
    return text


def _without_living(text: str) -> str:
    """Where the speaker lives only adds what is not said of the fault; a floor alone adds nothing."""
    match = _LIVING.search(text)
    if match is None:
        return text
    home = [level for _, _, level in _said(match[0])]
    rest = f"{text[: match.start()]}，{text[match.end() :]}"
    told = [level for _, _, level in _said(rest)]
    if not home or not told:
        return text
    return rest if min(home) >= _FLOOR else f"{_kept(match[0], min(told))}，{rest}"


def _without_stories(text: str) -> str:
    """Leave out the clauses about other places than that of the fault, as long as one is left that names a place."""
    kept = clauses(text)
    for is_story in (_is_fine, _is_movement, _is_supposed):
        for number in reversed(range(len(kept))):
            others = kept[:number] + kept[number + 1 :]
            if is_story(kept, number) and _said(kept[number]) and any(map(_said, others)):
                kept = others
    return text if len(kept) == len(clauses(text)) else "，".join(kept)


def _is_fine(kept: list[str], number: int) -> bool:
    return bool(_FINE.search(kept[number]))


def _is_movement(kept: list[str], number: int) -> bool:
    """Somebody who passes and sees something is at the place."""
    if _GONE.search(kept[number]):
        return True
    seen = number + 1 < len(kept) and bool(_SEEN.match(kept[number + 1]))
    return not seen and bool(_PASSING.search(kept[number]))


def _is_supposed(kept: list[str], number: int) -> bool:
    return bool(_SUPPOSED.search(kept[number]))
