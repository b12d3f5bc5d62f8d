"""Labels on paper: A4 sheets of 3 × 8, or one a page for label printers. Points inside, millimetres in the names. Pure.

The QR code is drawn as rectangles with its quiet zone of four modules; correction level M or better, so that a scratch
does no harm. Chinese comes from ReportLab's own CID font and needs no file.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import segno
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from backend.domains.labels.domain import Kind, Printed

FONT = "STSong-Light"
COLUMNS, ROWS = 3, 8
SINGLE = (70 * mm, 40 * mm)
QR_WITH_QUIET_MM = 34.0
QUIET_MODULES = 4
MARGIN = 1.5 * mm
HINTS = {Kind.ORDER: "师傅扫码接单", Kind.ASSET: "坏了请扫码报修", Kind.PLACE: "有问题请扫码告诉我们"}


@dataclass(frozen=True, slots=True)
class Line:
    """A text on a label: the largest and smallest size, and how many lines it may take."""

    text: str
    size: float
    least: float
    lines: int


def matrix(url: str) -> tuple[bytearray, ...]:
    """Return the modules of the QR code of an address, without the quiet zone."""
    return tuple(segno.make(url, error="m", boost_error=True, micro=False).matrix)


def sheet(labels: Sequence[Printed]) -> bytes:
    """Return A4 pages of 24 labels each."""
    width, height = A4[0] / COLUMNS, A4[1] / ROWS

    def at(n: int) -> tuple[float, float]:
        row, column = divmod(n % (COLUMNS * ROWS), COLUMNS)
        return column * width, A4[1] - (row + 1) * height

    return _document(labels, A4, (width, height), COLUMNS * ROWS, [at(n) for n in range(COLUMNS * ROWS)])


def single(labels: Sequence[Printed]) -> bytes:
    """Return one label a page."""
    return _document(labels, SINGLE, SINGLE, 1, [(0.0, 0.0)])


def _document(
    labels: Sequence[Printed],
    page: tuple[float, float],
    size: tuple[float, float],
    a_page: int,
    places: Sequence[tuple[float, float]],
) -> bytes:
    if FONT not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=page, invariant=1)
    canvas.setTitle("管家 标签")
    for n, label in enumerate(labels):
        if n and n % a_page == 0:
            canvas.showPage()
        _draw(canvas, label, places[n % a_page], size)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def _draw(canvas: Canvas, label: Printed, at: tuple[float, float], size: tuple[float, float]) -> None:
    side = QR_WITH_QUIET_MM * mm
    x, y = at[0] + MARGIN, at[1] + (size[1] - side) / 2
    _qr(canvas, label.url, x, y, side)
    left = x + side
    room = at[0] + size[0] - MARGIN - left
    top = at[1] + size[1] - 3 * mm
    for line in _lines(label):
        point, cut = fit(line, room)
        canvas.setFont(FONT, point)
        for text in cut:
            top -= point * 1.2
            canvas.drawString(left, top, text)
        top -= 1.2 * mm


def _qr(canvas: Canvas, url: str, x: float, y: float, side: float) -> None:
    modules = matrix(url)
    unit = side / (len(modules) + 2 * QUIET_MODULES)
    for row, cells in enumerate(modules):
        for start, length in runs(cells):
            down = y + side - (row + 1 + QUIET_MODULES) * unit
            canvas.rect(x + (start + QUIET_MODULES) * unit, down, length * unit, unit, stroke=0, fill=1)


def runs(cells: bytearray) -> Iterator[tuple[int, int]]:
    """Yield (start, length) of each run of dark modules: one rectangle each leaves no hairlines."""
    start: int | None = None
    for n, dark in enumerate([*cells, 0]):
        if dark and start is None:
            start = n
        elif not dark and start is not None:
            yield start, n - start
            start = None


def _lines(label: Printed) -> list[Line]:
    target = label.target
    said = [
        Line(target.name, 11, 7, 3),
        Line(target.place_text, 8, 6.5, 2),
        Line(target.code if target.kind is Kind.ASSET else "", 8, 6, 1),
        Line(label.estate, 7, 6, 1),
        Line(HINTS[target.kind], 7, 6, 1),
    ]
    return [line for line in said if line.text]


def fit(line: Line, room: float) -> tuple[float, list[str]]:
    """Return the size and the lines of a text: it shrinks first, then wraps, and ends in … only when nothing helps."""
    text = "".join(c if c.isprintable() and ord(c) <= 0xFFFF else " " for c in line.text).strip()
    size = line.size
    while True:
        cut = wrap(text, size, room)
        if len(cut) <= line.lines:
            return size, cut
        if size - 0.5 < line.least:
            break
        size -= 0.5
    kept = cut[: line.lines]
    while len(kept[-1]) > 1 and _width(kept[-1] + "…", size) > room:
        kept[-1] = kept[-1][:-1]
    return size, [*kept[:-1], kept[-1] + "…"]


def wrap(text: str, size: float, room: float) -> list[str]:
    """Return the text in lines that fit; Chinese may break anywhere."""
    lines = [""]
    for char in text:
        if lines[-1] and _width(lines[-1] + char, size) > room:
            lines.append("")
        lines[-1] += char
    return lines


def _width(text: str, size: float) -> float:
    return float(pdfmetrics.stringWidth(text, FONT, size))
