"""Headings in text that has no styles: 第三章 …, 第十二条 …, 一、…, （二）…, 1.2 …. Pure."""

import re

from backend.domains.knowledge.domain import Block

HEADING_CHARS = 30
_NUMERAL = "[〇零一二三四五六七八九十百0-9]"
_LEVELS: tuple[tuple[int, re.Pattern[str]], ...] = (
    (1, re.compile(rf"^第{_NUMERAL}{{1,4}}[章编部篇](?=[\s、：:]|[^的])")),
    (2, re.compile(rf"^第{_NUMERAL}{{1,4}}节")),
    (2, re.compile(r"^[一二三四五六七八九十]{1,3}、")),
    (3, re.compile(r"^[（(][一二三四五六七八九十]{1,3}[）)]")),
    (3, re.compile(r"^\d{1,2}\.\d{1,2}(?:\.\d{1,2})?\s+\D")),
)
_ARTICLE = re.compile(rf"^第{_NUMERAL}{{1,4}}条[\s：:、]*")
_SENTENCE = re.compile(r"[。！？；，;,!?]")


def heading_level(line: str) -> int:
    """Return the level of a line that reads like a heading, 0 for any other."""
    if not line or len(line) > HEADING_CHARS or _SENTENCE.search(line):
        return 0
    return next((level for level, pattern in _LEVELS if pattern.match(line)), 0)


def article(paragraph: str) -> tuple[str, str] | None:
    """Return (第十二条, the rest) of a paragraph that is an article of rules."""
    found = _ARTICLE.match(paragraph)
    if found is None:
        return None
    return found[0].strip(" \u3000：:、"), paragraph[found.end() :]


def titled(paragraphs: list[str]) -> tuple[str, list[Block]]:
    """Return the title that stands alone in the first line, if there is one, and the rest as blocks."""
    first = paragraphs[0] if paragraphs else ""
    alone = 0 < len(first) <= HEADING_CHARS and not _SENTENCE.search(first) and not heading_level(first)
    return (first, blocks_of(paragraphs[1:])) if alone and len(paragraphs) > 1 else ("", blocks_of(paragraphs))


def blocks_of(paragraphs: list[str]) -> list[Block]:
    """Return paragraphs as blocks, those that read like headings as headings."""
    blocks: list[Block] = []
    for paragraph in paragraphs:
        level = heading_level(paragraph)
        if level:
            blocks.append(Block(paragraph, level))
            continue
        numbered = article(paragraph)
        if numbered and numbered[1]:
            blocks += [Block(numbered[0], 4), Block(numbered[1])]
        else:
            blocks.append(Block(paragraph))
    return blocks


def table_lines(rows: list[list[str]]) -> list[str]:
    """Return a table as lines that can be read alone: 「更换水龙头：30 元/个」, with column names when there are many."""
    rows = [row for row in rows if any(row)]
    if not rows:
        return []
    head, body = (rows[0], rows[1:]) if len(rows) > 1 else ([""] * len(rows[0]), rows)
    return [_row_line(head, row) for row in body]


def _row_line(head: list[str], row: list[str]) -> str:
    if len(row) <= 2:
        return "：".join(cell for cell in row if cell)
    named = [f"{name} {cell}".strip() for name, cell in zip(head[1:], row[1:], strict=False) if cell]
    return f"{row[0]}：{'，'.join(named)}" if row[0] else "，".join(named)
