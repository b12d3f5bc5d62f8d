"""Word files (.docx) by their heading styles, tables included. Macros, pictures and links are never touched.

Raises Unreadable: damaged, or made to burst (``check_archive``).
"""

import io
import re
import zipfile
from collections.abc import Iterator

from docx import Document
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph

from backend.domains.knowledge.domain import Block, ReadDocument
from backend.domains.knowledge.errors import Unreadable
from backend.domains.knowledge.reading.kinds import clean_text
from backend.domains.knowledge.reading.outline import table_lines, titled

MOST_PARTS = 2_000
MOST_UNPACKED_BYTES = 80 * 1024 * 1024
MOST_RATIO = 150
"""Times that a part may be larger than it lies in the file, once it has more than ``FREE_BYTES``."""
FREE_BYTES = 1024 * 1024

_HEADING = re.compile(r"^(?:heading|标题)\s*(\d)$", re.IGNORECASE)
_TITLES = {"title", "标题", "文档标题"}
_DAMAGED = "这个 Word 文件已损坏，打不开。请用 Word 另存一份再上传。"
_HOSTILE = "这个 Word 文件的内部结构不正常，为了安全没有打开。请用 Word 另存一份再上传。"


def check_archive(data: bytes) -> None:
    """Refuse an archive that would burst, or whose XML declares entities."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            unpacked = sum(part.file_size for part in parts)
            bursts = any(p.file_size > FREE_BYTES and p.file_size > MOST_RATIO * max(p.compress_size, 1) for p in parts)
            if len(parts) > MOST_PARTS or unpacked > MOST_UNPACKED_BYTES or bursts:
                raise Unreadable(_HOSTILE)
            for part in parts:
                if part.filename.endswith((".xml", ".rels")) and _declares(archive.read(part)[:65536]):
                    raise Unreadable(_HOSTILE)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, OSError) as error:
        raise Unreadable(_DAMAGED) from error


def _declares(xml: bytes) -> bool:
    plain = xml.replace(b"\x00", b"").upper()
    return b"<!DOCTYPE" in plain or b"<!ENTITY" in plain


def read(data: bytes) -> ReadDocument:
    """Return the blocks of a Word file."""
    check_archive(data)
    try:
        document = Document(io.BytesIO(data))
        title, blocks = "", list[Block]()
        for block in _blocks(document.iter_inner_content()):
            if block.level < 0:
                title = title or block.text
            else:
                blocks.append(block)
    except Unreadable:
        raise
    except Exception as error:  # the library says so in many ways
        raise Unreadable(_DAMAGED) from error
    if not any(block.level for block in blocks):
        alone, blocks = titled([block.text for block in blocks])
        title = title or alone
    elif not title and blocks[0].level == 1 and sum(block.level == 1 for block in blocks) == 1:
        title, blocks = blocks[0].text, blocks[1:]
    return ReadDocument(title, tuple(blocks))


def _blocks(content: Iterator[Paragraph | Table]) -> Iterator[Block]:
    for item in content:
        if isinstance(item, Table):
            rows = [[clean_text(cell.text).replace("\n", " ") for cell in _distinct(row)] for row in item.rows]
            yield from (Block(line) for line in table_lines(rows))
            continue
        text = clean_text(item.text).replace("\n", " ")
        if text:
            yield Block(text, _level(item))


def _distinct(row: _Row) -> list[_Cell]:
    """Return the cells of a row; a merged cell comes once."""
    return list({id(cell._tc): cell for cell in row.cells}.values())


def _level(paragraph: Paragraph) -> int:
    """Return the level of a heading, -1 for the title of the document, 0 for text."""
    style = paragraph.style
    name = (style.name or "").strip() if style is not None else ""
    if name.lower() in _TITLES:
        return -1
    found = _HEADING.match(name)
    return int(found[1]) if found else 0
