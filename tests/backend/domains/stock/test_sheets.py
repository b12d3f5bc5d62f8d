"""Items as an Excel file: what goes out comes in again, hostile files are refused, nothing is half imported."""

import io
import uuid
import zipfile
from collections.abc import Sequence
from typing import Any

import httpx
import pytest
from openpyxl import Workbook, load_workbook

from backend.domains.stock import sheet
from tests.backend.conftest import sqlite_only
from tests.backend.domains.stock.support import item
from tests.backend.support import User, World, is_problem

pytestmark = sqlite_only
HEAD = ["编码", "名称", "别名", "单位", "单价（元）", "最低库存"]


def book(*rows: Sequence[Any], head: Sequence[str] = HEAD) -> bytes:
    made, out = Workbook(), io.BytesIO()
    for row in (head, *rows):
        made.active.append(list(row))
    made.save(out)
    return out.getvalue()


def send(who: User, data: bytes) -> httpx.Response:
    return who.call("POST", "/stock/items/import", files={"file": ("物料.xlsx", data)}, data={"community": "sunshine"})


def code() -> str:
    return f"X{uuid.uuid4().hex[:8]}".upper()


def by_code(world: World, wanted: str) -> dict[str, Any] | None:
    return next(iter(world.kefu.get("/stock/items", q=wanted).json()["items"]), None)


class TestImport:
    def test_rows_are_entered_and_corrected(self, world: World) -> None:
        one, two = code(), code()
        rows = [(one, "试验件", "甲、乙", "个", 12.5, 3), (two, "试验线", None, "米", "¥1,234.05", None)]
        assert send(world.kefu, book(*rows)).json() == {"added": 2, "changed": 0, "unchanged": 0}
        found = by_code(world, one)
        assert found is not None
        assert (found["aliases"], found["price_fen"], found["minimum"]) == (["甲", "乙"], 1250, "3")
        again = [(one, "试验件", "甲、乙", "个", 12.6, 3), rows[1]]
        assert send(world.kefu, book(*again)).json() == {"added": 0, "changed": 1, "unchanged": 1}

    @pytest.mark.parametrize("written", ["1_0", "٣", "1e1", "+1"])
    def test_quirks_of_numbers_are_refused(self, world: World, written: str) -> None:
        problem = is_problem(send(world.kefu, book((code(), "怪数", None, "个", written, written))), 422)
        assert {e["message"] for e in problem["errors"]} == {"要写数字"}
        assert len(problem["errors"]) == 2

    def test_every_bad_row_is_named_and_nothing_is_taken(self, world: World) -> None:
        good = code()
        rows = [
            (good, "好的", None, "个", 1, 0),
            ("有空格 1", "坏编码", None, "个", 1, 0),
            (code(), None, None, "个", 1, 0),
            (code(), "坏价", None, "个", "十块", 0),
            (code(), "坏价", None, "个", 1.005, 0),
            (code(), "坏价", None, "个", -1, 0),
            (code(), "公式", None, "个", "=1+1", 0),
            (good, "重复", None, "个", 1, 0),
        ]
        errors = is_problem(send(world.kefu, book(*rows)), 422)["errors"]
        assert [e["field"] for e in errors] == [
            *(
                "第3行 编码",
                "第4行 名称",
                "第5行 单价（元）",
                "第6行 单价（元）",
                "第7行 单价（元）",
                "第8行 单价（元）",
            ),
            "第9行 编码",
        ]
        assert by_code(world, good) is None

    def test_a_unit_in_use_undoes_all(self, world: World) -> None:
        kept, new = item(world.kefu, "1"), code()
        rows = [(new, "新的", None, "个", 1, 0), (kept["code"], kept["name"], None, "米", 1, 0)]
        is_problem(send(world.kefu, book(*rows)), 409)
        assert by_code(world, new) is None

    def test_technicians_import_nothing(self, world: World) -> None:
        is_problem(send(world.lishifu, book((code(), "件", None, "个", 1, 0))), 403)


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<x/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (sheet.MOST_BYTES + 1))
    return out.getvalue()


def entities() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book())) as source, zipfile.ZipFile(out, "w") as archive:
        for name in source.namelist():
            data = source.read(name)
            if name == "xl/workbook.xml":
                data = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + data
            archive.writestr(name, data)
    return out.getvalue()


class TestHostile:
    @pytest.mark.parametrize(
        ("data", "status"),
        [
            (b"", 415),
            (b"\xd0\xcf\x11\xe0" + b"0" * 600, 415),
            (b"PK\x03\x04" + b"0" * 100, 415),
            (bomb(), 413),
            (entities(), 415),
            (book(head=["a", "b"]), 422),
            (book(), 422),
            (book(*[(f"N{n}", "件", None, "个", 1, 0) for n in range(sheet.MOST_ROWS + 1)]), 413),
        ],
        ids=["empty", "old office", "damaged", "bomb", "entities", "other columns", "no rows", "too many rows"],
    )
    def test_refused_in_words(self, world: World, data: bytes, status: int) -> None:
        is_problem(send(world.kefu, data), status)


class TestExport:
    def test_names_that_are_formulas_are_texts(self, world: World) -> None:
        name = f"=HYPERLINK({uuid.uuid4().hex[:6]})"
        made = item(world.kefu, name=name, aliases=["@SUM(A1)", "+86"], minimum="0.5")
        data = world.kefu.get("/stock/items/export", community="sunshine").content
        rows = list(load_workbook(io.BytesIO(data)).active.iter_rows())
        row = next(r for r in rows if r[0].value == made["code"])
        assert (row[1].value, row[1].data_type) == (f"'{name}", "s")
        assert row[2].value.startswith("'@")
        assert all(not str(c.value).startswith(("=", "+", "@", "-")) for r in rows for c in r[:4])
        assert send(world.kefu, data).json()["changed"] == 0  # and comes in as it was
