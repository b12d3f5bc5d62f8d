"""Chinese numerals as people say house numbers: 三 → 3, 十二 → 12, 一二零一 / 幺二〇一 → 1201."""

from __future__ import annotations

DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "幺": 1, "两": 2, "俩": 2, "o": 0}
UNITS = {"十": 10, "百": 100, "千": 1000}

NUMERAL = "[0-9零一二三四五六七八九十百千两俩幺]"


def to_digits(words: str) -> str | None:
    """Return the number as a string of digits; None when it is not a number."""
    if words.isdigit():
        return str(int(words)) if len(words) < 3 else words.lstrip("0") or "0"
    if any(c in UNITS for c in words):
        return _by_value(words)
    digits = ["" if c not in DIGITS and not c.isdigit() else str(DIGITS.get(c, c)) for c in words]
    return "".join(digits) if words and all(digits) else None


def _by_value(words: str) -> str | None:
    total, current = 0, 0
    for char in words:
        if char in UNITS:
            total += (current or 1) * UNITS[char]
            current = 0
        elif char in DIGITS:
            current = DIGITS[char]
        elif char.isdigit():
            current = current * 10 + int(char)
        else:
            return None
    return str(total + current)
