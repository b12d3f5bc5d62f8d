"""What a file really is, by its bytes, and the names people give files. Pure.

Raises UnknownKind, Unreadable.
"""

import io
import re
import unicodedata
import zipfile
from pathlib import PurePosixPath

from backend.domains.knowledge.errors import UnknownKind, Unreadable

MARKDOWN, WORD, PDF = "md", "docx", "pdf"
TEXT_NAMES = (".md", ".markdown", ".txt")
FILE_NAME_CHARS = 160

_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCODINGS = ("utf-8-sig", "gb18030")


def kind_of(name: str, data: bytes) -> str:
    """Return the kind of a file; the name decides only whether a text may be taken for Markdown."""
    if b"%PDF-" in data[:1024]:
        return PDF
    if data[:4] == b"PK\x03\x04":
        if _is_word(data):
            return WORD
        raise UnknownKind()
    if data[:8] == _OLD_OFFICE:
        raise UnknownKind("这是旧版 .doc 文件，或加了密码的 Office 文件。请在 Word 里去掉密码，另存为 .docx 再上传。")
    if name.lower().endswith(TEXT_NAMES):
        return MARKDOWN
    raise UnknownKind()


def _is_word(data: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return "word/document.xml" in archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise Unreadable("这个 Word 文件已损坏，打不开。请重新导出后再上传。") from error


def decode(data: bytes) -> str:
    """Return the text of bytes in UTF-8 or the Chinese encodings."""
    for encoding in _ENCODINGS:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise Unreadable("这个文件不是文字文件，或编码无法识别。请另存为 UTF-8 编码再上传。")


def safe_name(name: str | None) -> str:
    """Return a file name for showing: no folders, no control characters, not too long; never used as a path."""
    base = re.split(r"[\\/]", unicodedata.normalize("NFC", name or ""))[-1]
    clean = "".join(c for c in base if unicodedata.category(c)[0] != "C").strip().strip(".")
    if len(clean) > FILE_NAME_CHARS:
        suffix = PurePosixPath(clean).suffix[:10]
        clean = clean[: FILE_NAME_CHARS - len(suffix)] + suffix
    return clean or "未命名文档"


def clean_text(text: str) -> str:
    """Return text without what a database or a page cannot show, blanks made single, Chinese lines joined again."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = "".join(c if c == "\n" or unicodedata.category(c) not in _UNSHOWN else " " for c in text)
    text = re.sub(r"[ \u3000\xa0]+", " ", text)
    return "\n".join(line.strip() for line in text.split("\n")).strip()


_UNSHOWN = {"Cc", "Cf", "Cs", "Co", "Cn"}
_WIDE = "\u2e80-\u9fff\uff00-\uffef\u3000-\u303f“”‘’（）《》"
_BROKEN_LINE = re.compile(rf"(?<=[{_WIDE}])\s*\n\s*(?=[{_WIDE}])")


def joined_lines(text: str) -> str:
    """Return one paragraph: its lines joined without a blank between Chinese characters."""
    return re.sub(r"\s*\n\s*", " ", _BROKEN_LINE.sub("", text)).strip()
