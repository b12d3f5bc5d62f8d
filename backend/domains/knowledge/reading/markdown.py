"""Markdown by its headings. Only the block structure is parsed; HTML is shown as nothing, links keep their words.

Raises Unreadable: no text.
"""

from markdown_it import MarkdownIt
from markdown_it.token import Token

from backend.domains.knowledge.domain import Block, ReadDocument
from backend.domains.knowledge.reading.kinds import clean_text, decode, joined_lines
from backend.domains.knowledge.reading.outline import table_lines, titled

_parser = MarkdownIt("commonmark", {"maxNesting": 20}).enable("table")


def read(data: bytes) -> ReadDocument:
    """Return the blocks of a Markdown or plain text file."""
    text = _clean_lines(decode(data))
    blocks = _blocks(_parser.parse(text))
    title = ""
    if blocks and blocks[0].level == 1 and sum(block.level == 1 for block in blocks) == 1:
        title, blocks = blocks[0].text, blocks[1:]
    if not title and not any(block.level for block in blocks):
        title, blocks = titled([line.strip() for line in text.split("\n") if line.strip()])
    return ReadDocument(title, tuple(blocks))


def _clean_lines(text: str) -> str:
    """Return the text without unshowable characters; blanks at the beginning of lines mean something here."""
    return "\n".join(_indent(line) + clean_text(line) for line in text.replace("\r\n", "\n").split("\n"))


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip(" \t"))]


def _blocks(tokens: list[Token]) -> list[Block]:
    blocks: list[Block] = []
    rows: list[list[str]] = []
    opened = ""
    for token in tokens:
        if token.type in {"heading_open", "paragraph_open"}:
            opened = token.tag
        elif token.type == "tr_open":
            rows.append([])
        elif token.type == "table_close":
            blocks += [Block(line) for line in table_lines(rows)]
            rows = []
        elif token.type in {"fence", "code_block"} and token.content.strip():
            blocks.append(Block(token.content.strip()))
        elif token.type == "inline":
            text = _words(token)
            if rows and token.level > 2 and opened == "":
                rows[-1].append(text.replace("\n", " "))
            elif text:
                level = int(opened[1]) if opened.startswith("h") else 0
                blocks.append(Block(joined_lines(text), level))
            opened = ""
    return blocks


def _words(inline: Token) -> str:
    parts = []
    for child in inline.children or []:
        if child.type in {"text", "code_inline"}:
            parts.append(child.content)
        elif child.type in {"softbreak", "hardbreak"}:
            parts.append("\n")
        elif child.type == "image":
            parts.append(child.content)
    return "".join(parts).strip()
