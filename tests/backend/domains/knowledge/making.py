"""Makes the files that staff upload, and an encoder that needs no model."""

import io
import zlib
from collections.abc import Iterable, Sequence

import numpy as np
from docx import Document
from pypdf import PdfReader, PdfWriter

from backend.kit.encoder import Encoder, Vectors

WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class FakeEncoder(Encoder):
    """Vectors of the pairs of characters. ``fails_on`` makes texts with these words fail; ``seen`` is what was embedded."""

    def __init__(self, name: str = "fake", dimensions: int = 48) -> None:
        self.name, self.dimensions = name, dimensions
        self.fails_on: str | None = None
        self.seen: list[str] = []

    def queries(self, texts: list[str]) -> Vectors:
        return np.stack([self._vector(text) for text in texts])

    def documents(self, texts: list[str]) -> Vectors:
        if self.fails_on and any(self.fails_on in text for text in texts):
            raise RuntimeError("out of memory")
        self.seen += texts
        return self.queries(texts)

    def _vector(self, text: str) -> Vectors:
        made = np.full(self.dimensions, 1e-3, dtype=np.float32)
        for at in range(len(text) - 1):
            made[zlib.crc32(text[at : at + 2].encode()) % self.dimensions] += 1
        return made / np.linalg.norm(made)


def markdown(title: str, **sections: str) -> bytes:
    """Return a Markdown file."""
    return "\n\n".join([f"# {title}", *(f"## {name}\n\n{text}" for name, text in sections.items())]).encode()


def word(parts: Sequence[tuple[str, str]], table: Sequence[Sequence[str]] = ()) -> bytes:
    """Return a Word file of (style, text) and a table at its end."""
    document = Document()
    for style, text in parts:
        document.add_paragraph(text, style=style)
    if table:
        grid = document.add_table(rows=len(table), cols=len(table[0]))
        for row, cells in zip(grid.rows, table, strict=True):
            for cell, text in zip(row.cells, cells, strict=True):
                cell.text = text
    packed = io.BytesIO()
    document.save(packed)
    return packed.getvalue()


def pdf(pages: Sequence[Sequence[str]], info: str = "") -> bytes:
    """Return a PDF with the lines of each page as text."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [" + b" ".join(b"%d 0 R" % n for n in _numbers(pages)) + b"] /Count %d >>" % len(pages),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong /Encoding /UniGB-UTF16-H /DescendantFonts [4 0 R] >>",
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong /DW 1000 "
        b"/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> >>",
        b"<< /Title <feff" + info.encode("utf-16-be").hex().encode() + b"> >>",
    ]
    for number, lines in zip(_numbers(pages), pages, strict=True):
        shown = b"\n".join(b"<%s> Tj 0 -20 Td" % line.encode("utf-16-be").hex().encode() for line in lines)
        content = b"BT /F1 12 Tf 60 780 Td\n" + shown + b"\nET" if lines else b""
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] "
            b"/Resources << /Font << /F1 3 0 R >> >> /Contents %d 0 R >>" % (number + 1)
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
    return _file(objects)


def _numbers(pages: Sequence[object]) -> Iterable[int]:
    return range(6, 6 + 2 * len(pages), 2)


def _file(objects: Sequence[bytes]) -> bytes:
    made, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer << /Size %d /Root 1 0 R /Info 5 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(made))
    return made + b"xref\n0 %d\n0000000000 65535 f \n%s%s" % (len(objects) + 1, table, end)


def encrypted(data: bytes, password: str) -> bytes:
    """Return a PDF behind a password."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    writer.encrypt(password, algorithm="RC4-128")
    packed = io.BytesIO()
    writer.write(packed)
    return packed.getvalue()
