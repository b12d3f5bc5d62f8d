"""PDF by its pages and by lines that read like headings. Scripts, forms and attachments are never touched.

Raises Unreadable: encrypted, scanned, damaged; DocumentTooLarge: too many pages.
"""

import io
import re
from collections import Counter

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from backend.domains.knowledge.domain import Block, ReadDocument
from backend.domains.knowledge.errors import DocumentTooLarge, Unreadable
from backend.domains.knowledge.reading.kinds import clean_text
from backend.domains.knowledge.reading.outline import article, heading_level, titled

MOST_PAGES = 300
SCANNED_BELOW = 15
"""Fewer characters a page than this on average: the pages are pictures."""
RUNNING_FROM = 3
"""A line that stands at the edge of as many pages is a running head or foot."""

_ENCRYPTED = "这个 PDF 加了密码，读不了。请去掉密码后再上传。"
_SCANNED = "这个 PDF 像是扫描件，里面只有图片、没有文字。请上传原来的 Word 文件，或先做文字识别。"
_DAMAGED = "这个 PDF 已损坏，打不开。请重新导出后再上传。"
_PAGE_NUMBER = re.compile(r"^[-—·\s]*(?:第\s*)?\d{1,4}(?:\s*页)?(?:\s*[/／共]\s*\d{1,4}\s*页?)?[-—·\s]*$")
_ENDS = re.compile(r"[。！？；：:;!?]$")
_BULLET = re.compile(r"^(?:[•●◆■▪·\-–]|[（(]?\d{1,2}[)）.、])\s*")


def read(data: bytes) -> ReadDocument:
    """Return the blocks of a PDF."""
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unreadable(_ENCRYPTED)
        if len(reader.pages) > MOST_PAGES:
            raise DocumentTooLarge(f"这个 PDF 有 {len(reader.pages)} 页，最多 {MOST_PAGES} 页。请拆成几个文件上传。")
        pages = [clean_text(page.extract_text() or "").split("\n") for page in reader.pages]
        title = clean_text((reader.metadata.title if reader.metadata else "") or "")
    except (Unreadable, DocumentTooLarge):
        raise
    except PyPdfError as error:
        raise Unreadable(_ENCRYPTED if "decrypt" in str(error).lower() else _DAMAGED) from error
    except Exception as error:  # the library says so in many ways
        raise Unreadable(_DAMAGED) from error
    if sum(len(line) for lines in pages for line in lines) < SCANNED_BELOW * max(len(pages), 1):
        raise Unreadable(_SCANNED)
    alone, blocks = _blocks(_without_running(pages))
    return ReadDocument(_real_title(title) or alone, tuple(blocks), len(pages))


def _real_title(title: str) -> str:
    """Many programs write a file name or their own name there."""
    return "" if re.search(r"\.(?:docx?|pdf|tmp)$|microsoft|untitled|未命名", title, re.IGNORECASE) else title


def _without_running(pages: list[list[str]]) -> list[list[str]]:
    """Take page numbers, running heads and feet away."""
    edges = Counter(line for lines in pages for line in {*lines[:2], *lines[-2:]} if line)
    running = {line for line, times in edges.items() if times >= RUNNING_FROM and times > len(pages) / 2}
    return [
        [line for line in lines if line and line not in running and not _PAGE_NUMBER.match(line)] for lines in pages
    ]


def _blocks(pages: list[list[str]]) -> tuple[str, list[Block]]:
    paragraphs = [_paragraphs(lines) for lines in pages]
    title, blocks = titled([text for page in paragraphs for text in page])
    if any(block.level for block in blocks):
        return title, blocks
    numbered = enumerate(paragraphs, start=1)
    return title, [b for n, page in numbered if page for b in (Block(f"第 {n} 页", 1), *map(Block, page))]


def _paragraphs(lines: list[str]) -> list[str]:
    """Join the lines of a page to paragraphs: a line that is full and has no end goes on in the next."""
    full = max((len(line) for line in lines), default=0) * 0.75
    paragraphs: list[str] = []
    open_ended = False
    for line in lines:
        begins = heading_level(line) or article(line) or _BULLET.match(line)
        if open_ended and not begins:
            paragraphs[-1] += line if re.search(r"[^\x00-\x7f]$", paragraphs[-1]) else f" {line}"
        else:
            paragraphs.append(line)
        open_ended = len(line) >= full and not _ENDS.search(line) and not heading_level(line)
    return paragraphs
