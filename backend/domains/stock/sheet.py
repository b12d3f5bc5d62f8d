"""Items as an Excel file, out and in. A file that wants to do harm is refused before it is unpacked. Pure.

Raises NotASheet, SheetTooLarge, BadRows (every bad row is named; nothing is taken).
"""

import io
import re
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from openpyxl import Workbook, load_workbook

from backend.domains.stock.domain import LARGEST_FEN, LARGEST_MILLI, ItemView, NewItem, quantity_text
from backend.domains.stock.errors import BadRows, NotASheet, SheetTooLarge
from backend.kit.fields import CODE_PATTERN, PLAIN_NUMBER, clean, is_visible
from backend.kit.xml_text import xml_safe

HEADINGS = ("编码", "名称", "别名", "单位", "单价（元）", "最低库存", "现有库存")
WIDTHS = (12, 24, 32, 8, 12, 12, 12)
MOST_ROWS = 2000
MOST_BYTES = 30 * 1024 * 1024
MOST_PARTS = 200
MOST_ERRORS = 100
CODE = re.compile(CODE_PATTERN)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_ENTITIES = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_SAYS_FORMULA = "f"


def safe(text: str) -> str:
    """Return a text that a spreadsheet shows instead of reckoning with it."""
    text = xml_safe(text)
    return f"'{text}" if text.startswith((*_FORMULA, "'")) else text


def unsafe(text: str) -> str:
    """Return what ``safe`` was given."""
    return text[1:] if text.startswith("'") and text[1:].startswith((*_FORMULA, "'")) else text


def write(items: Iterable[ItemView]) -> bytes:
    """Return a workbook of the items."""
    book = Workbook()
    page = book.active
    page.title = "物料"
    page.append(HEADINGS)
    for letter, width in zip("ABCDEFG", WIDTHS, strict=True):
        page.column_dimensions[letter].width = width
    page.freeze_panes = "A2"
    for at, item in enumerate(items, start=2):
        texts = (item.code, item.name, "、".join(item.aliases), item.unit)
        for column, text in enumerate(texts, start=1):
            cell = page.cell(at, column, safe(text))
            cell.data_type = "s"
        page.cell(at, 5, Decimal(item.price_fen) / 100).number_format = "0.00"
        page.cell(at, 6, Decimal(quantity_text(item.minimum_milli)))
        page.cell(at, 7, Decimal(quantity_text(item.on_hand_milli)))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _require_harmless(data: bytes) -> None:
    """Refuse what is no workbook, unpacks to too much, or defines entities."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_BYTES:
                raise SheetTooLarge("这个文件展开后太大了。请只保留物料表，另存后再导入。")
            if "xl/workbook.xml" not in archive.namelist() or any(part.flag_bits & 1 for part in parts):
                raise NotASheet()
            for part in parts:
                if part.filename.endswith((".xml", ".rels")) and _ENTITIES.search(_unpacked(archive, part)):
                    raise NotASheet("这个文件里有不该有的内容，没有导入。请新建一个 Excel 文件，把内容粘贴进去再试。")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError) as error:
        raise NotASheet() from error


def _unpacked(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    with archive.open(part) as stream:  # no more than it claims: what it claims has been counted
        return stream.read(part.file_size + 1)


def read(data: bytes) -> list[NewItem]:
    """Return the items of a workbook's first sheet."""
    _require_harmless(data)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        rows = list(_rows(book.worksheets[0]))
        book.close()
    except (BadRows, SheetTooLarge):
        raise
    except Exception as error:  # a damaged file may break the reader anywhere
        raise NotASheet("这个 Excel 文件读不出来，可能已损坏。请重新另存为 .xlsx 再导入。") from error
    return _items(rows)


Row = tuple[int, dict[str, Any]]


def _rows(page: Any) -> Iterator[Row]:
    """Yield (row number, cells by heading) of the rows that have something in them."""
    wanted: dict[int, str] | None = None
    found = 0
    for number, cells in enumerate(page.iter_rows(max_row=MOST_ROWS * 5, max_col=40), start=1):
        values = {at: cell for at, cell in enumerate(cells) if cell.value not in (None, "")}
        if not values:
            continue
        if wanted is None:
            wanted = {at: str(c.value).strip() for at, c in values.items() if str(c.value).strip() in HEADINGS}
            missing = [h for h in HEADINGS[:6] if h not in wanted.values()]
            if missing:
                raise BadRows(
                    f"第一行要有这些列：{'、'.join(HEADINGS[:6])}。缺少：{'、'.join(missing)}。",
                    errors=[{"field": f"第{number}行", "message": f"缺少列：{'、'.join(missing)}"}],
                )
            continue
        found += 1
        if found > MOST_ROWS:
            raise SheetTooLarge(f"一次最多导入 {MOST_ROWS} 行，请分几次导入。")
        yield number, {heading: cells[at] for at, heading in wanted.items()}
    if wanted is None:
        raise BadRows("表里没有内容。", errors=[{"field": "file", "message": "表里没有内容"}])


class _Bad(ValueError):
    """A cell that cannot be taken; its text says why."""


def _items(rows: Sequence[Row]) -> list[NewItem]:
    errors: list[dict[str, str]] = []
    items: list[NewItem] = []
    codes: dict[str, int] = {}
    for number, cells in rows:
        bad: list[dict[str, str]] = []
        read: dict[str, Any] = {}
        for heading, take in _TAKE.items():
            try:
                read[heading] = take(_value(cells[heading]))
            except _Bad as error:
                bad.append({"field": f"第{number}行 {heading}", "message": str(error)})
        code = read.get("编码")
        if code and (first := codes.setdefault(code, number)) != number:
            bad.append({"field": f"第{number}行 编码", "message": f"和第{first}行重复"})
        errors += bad
        if not bad:
            items.append(NewItem(*(read[h] for h in ("名称", "单位", "单价（元）", "编码", "别名", "最低库存"))))
    if errors:
        more = f"（共 {len(errors)} 处，先列出 {MOST_ERRORS} 处）" if len(errors) > MOST_ERRORS else ""
        raise BadRows(f"有内容不对，一行都没有导入，改好后再试{more}。", errors=errors[:MOST_ERRORS])
    if not items:
        raise BadRows("表里没有物料。", errors=[{"field": "file", "message": "表里没有物料"}])
    return items


def _value(cell: Any) -> Any:
    if getattr(cell, "data_type", None) == _SAYS_FORMULA:
        raise _Bad("是公式，请改成数值或文字")
    return cell.value


def _text(value: Any, longest: int) -> str:
    if value is None or value == "":
        raise _Bad("不能为空")
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = clean(unsafe(str(value).strip()))
    if isinstance(value, bool) or not is_visible(text):
        raise _Bad("要写文字")
    if len(text) > longest:
        raise _Bad(f"最多 {longest} 个字")
    return text


def _code(value: Any) -> str:
    text = _text(value, 32).upper()
    if not CODE.fullmatch(text):
        raise _Bad("只能用字母、数字、点和横线")
    return text


def _aliases(value: Any) -> tuple[str, ...]:
    if value is None or value == "":
        return ()
    words = [word.strip() for word in re.split(r"[、，,;；\n]", _text(value, 1000)) if word.strip()]
    if len(words) > 20 or any(len(word) > 64 for word in words):
        raise _Bad("最多 20 个，每个最多 64 个字")
    return tuple(dict.fromkeys(words))


def _number(value: Any, places: int, largest: int, empty: int | None = None) -> int:
    """Return a number in its smallest parts, exactly; what has more decimal places is refused, not rounded."""
    if (value is None or value == "") and empty is not None:
        return empty
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        raise _Bad("要写数字")
    text = unicodedata.normalize("NFKC", str(value)).strip().lstrip("¥￥").removesuffix("元").replace(",", "").strip()
    if isinstance(value, str) and not PLAIN_NUMBER.fullmatch(text):
        raise _Bad("要写数字")
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise _Bad("要写数字") from None
    if not number.is_finite() or number < 0 or number * 10**places > largest:
        raise _Bad("不能小于零" if number < 0 else "太大了")
    parts = (number * 10**places).to_integral_value()
    slack = Decimal("1e-6") if isinstance(value, float) else Decimal(0)  # 0.1 + 0.2 in a cell is still 0.3
    if abs(number * 10**places - parts) > slack:
        raise _Bad(f"最多 {places} 位小数")
    return int(parts)


_TAKE: dict[str, Callable[[Any], Any]] = {
    "编码": _code,
    "名称": lambda value: _text(value, 64),
    "别名": _aliases,
    "单位": lambda value: _text(value, 8),
    "单价（元）": lambda value: _number(value, 2, LARGEST_FEN),
    "最低库存": lambda value: _number(value, 3, LARGEST_MILLI, 0),
}
