"""Pictures of the report, as SVG: how confidence and being right go together, and which intents are taken for which."""

from collections import Counter
from collections.abc import Sequence
from html import escape

CELL, LEFT, TOP = 15, 130, 130
STEPS = 10


def _svg(width: int, height: int, parts: Sequence[str]) -> str:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="10">'
    return "\n".join([head, f'<rect width="{width}" height="{height}" fill="#fff"/>', *parts, "</svg>"]) + "\n"


def reliability(sure: Sequence[tuple[float, bool]]) -> str:
    """Draw the share that is right for each tenth of confidence; on the diagonal confidence is what it says."""
    size, edge = 300, 40
    parts = [
        f'<path d="M{edge} {edge}V{edge + size}H{edge + size}" fill="none" stroke="#333"/>',
        f'<path d="M{edge} {edge + size}L{edge + size} {edge}" stroke="#bbb" stroke-dasharray="4"/>',
        f'<text x="{edge + size / 2}" y="{edge + size + 28}" text-anchor="middle">confidence</text>',
        f'<text x="14" y="{edge + size / 2}" transform="rotate(-90 14 {edge + size / 2})" text-anchor="middle">right</text>',
    ]
    for step in range(STEPS):
        inside = [right for value, right in sure if step == min(int(value * STEPS), STEPS - 1)]
        if not inside:
            continue
        share = sum(inside) / len(inside)
        x, y = edge + (step + 0.5) * size / STEPS, edge + size * (1 - share)
        radius = 3 + 9 * (len(inside) / len(sure)) ** 0.5
        parts.append(f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{radius:.1f}" fill="#2f6fde" fill-opacity=".7"/>')
        parts.append(f'<text x="{x:.0f}" y="{y - radius - 2:.0f}" text-anchor="middle">{len(inside)}</text>')
    return _svg(size + 2 * edge, size + 2 * edge, parts)


def confusion(pairs: Sequence[tuple[str, str]]) -> str:
    """Draw meant intents as rows and understood ones as columns; the darker, the larger the share of the row."""
    names = sorted({name for pair in pairs for name in pair})
    counts, totals = Counter(pairs), Counter(meant for meant, _ in pairs)
    parts = []
    for at, name in enumerate(names):
        middle = at * CELL + CELL * 0.7
        parts.append(f'<text x="{LEFT - 4}" y="{TOP + middle:.0f}" text-anchor="end">{escape(name)}</text>')
        turn = f"rotate(-90 {LEFT + middle:.0f} {TOP - 4})"
        parts.append(f'<text x="{LEFT + middle:.0f}" y="{TOP - 4}" transform="{turn}">{escape(name)}</text>')
    for (meant, found), count in counts.items():
        x, y = LEFT + names.index(found) * CELL, TOP + names.index(meant) * CELL
        colour = "#2f6fde" if meant == found else "#d1453b"
        share = max(0.15, count / totals[meant])
        parts.append(
            f'<rect x="{x}" y="{y}" width="{CELL - 1}" height="{CELL - 1}" fill="{colour}" fill-opacity="{share:.2f}">'
            f"<title>{escape(meant)} → {escape(found)}: {count}</title></rect>"
        )
    side = len(names) * CELL
    return _svg(LEFT + side + 10, TOP + side + 10, parts)
