"""Labels on paper: pages, words, and codes that say the address."""

import io
import re

import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader
from reportlab.lib.units import mm
from sqlalchemy import select

from backend.domains.equipment.models import Asset
from backend.domains.labels import sheets
from backend.domains.labels.domain import Kind, Printed, Target
from tests.backend.conftest import sqlite_only
from tests.backend.support import World, is_problem

URL = "http://localhost:8000/s/AbCdEfGhIjKlMnOpQrStUv"


def printed(name: str = "3号楼2号梯", place: str = "3号楼2单元 电梯", code: str = "DT-03-2", url: str = URL) -> Printed:
    return Printed(Target(Kind.ASSET, 1, 1, name, code, place), "阳光花园", url, url.rpartition("/")[2])


def text_of(pdf: bytes, page: int = 0) -> str:
    return PdfReader(io.BytesIO(pdf)).pages[page].extract_text()


def drawn(pdf: bytes) -> list[tuple[float, float, float, float]]:
    content = PdfReader(io.BytesIO(pdf)).pages[0].get_contents().get_data().decode("latin-1")
    found = re.findall(r"n ([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+) re f", content)
    return [(float(x), float(y), float(w), float(h)) for x, y, w, h in found]


class TestSheet:
    @pytest.mark.parametrize(("labels", "pages"), [(1, 1), (24, 1), (25, 2), (49, 3)])
    def test_twenty_four_a_page(self, labels: int, pages: int) -> None:
        reader = PdfReader(io.BytesIO(sheets.sheet([printed()] * labels)))
        assert len(reader.pages) == pages
        assert [round(float(side) / mm) for side in reader.pages[0].mediabox[2:]] == [210, 297]

    def test_one_a_page_for_label_printers(self) -> None:
        reader = PdfReader(io.BytesIO(sheets.single([printed()] * 3)))
        assert [round(float(side) / mm) for side in reader.pages[2].mediabox[2:]] == [70, 40]
        assert len(reader.pages) == 3

    def test_it_says_what_it_is(self) -> None:
        text = text_of(sheets.sheet([printed()])).replace("\n", "")
        for words in ("3号楼2号梯", "3号楼2单元 电梯", "DT-03-2", "阳光花园", "坏了请扫码报修"):
            assert words in text


class TestCode:
    @pytest.mark.parametrize(
        "url", [URL, "https://guanjia.a-long-name-of-an-estate.example.com/s/AbCdEfGhIjKlMnOpQrStUv"]
    )
    def test_the_modules_on_paper_are_those_of_the_address(self, url: str) -> None:
        code = segno.make(url, error="m", boost_error=True, micro=False)
        side = sheets.QR_WITH_QUIET_MM * mm
        unit = side / (len(code.matrix) + 8)
        rects = drawn(sheets.single([printed(url=url)]))
        left, top = min(r[0] for r in rects), max(r[1] + r[3] for r in rects)
        seen = [[0] * len(code.matrix) for _ in code.matrix]
        for x, y, width, height in rects:
            row, start = round((top - y - height) / unit), round((x - left) / unit)
            for column in range(start, start + round(width / unit)):
                seen[row][column] = 1
        assert seen == [list(row) for row in code.matrix]
        assert code.error in ("M", "Q", "H")
        assert len(code.matrix) * unit >= 25 * mm
        assert left >= sheets.QUIET_MODULES * unit  # white around it, also at the edge of the paper

    @given(st.binary(max_size=60))
    def test_runs_are_the_dark_modules(self, raw: bytes) -> None:
        cells = bytearray(b & 1 for b in raw)
        again = bytearray(len(cells))
        for start, length in sheets.runs(cells):
            again[start : start + length] = b"\x01" * length
        assert again == cells


class TestWords:
    @given(st.text(max_size=200))
    def test_any_name_fits(self, text: str) -> None:
        sheets.single([printed()])  # the font is there
        line = sheets.Line(text, 11, 7, 3)
        size, cut = sheets.fit(line, 90)
        assert 7 <= size <= 11
        assert len(cut) <= 3
        assert all(sheets._width(part, size) <= 90 or len(part) <= 2 for part in cut)

    def test_a_long_name_shrinks_before_it_is_cut(self) -> None:
        name = "3号楼2单元大堂东侧消防通道应急照明集中控制箱（含备用电源）"
        sheets.single([printed()])
        size, cut = sheets.fit(sheets.Line(name, 11, 7, 3), 92)
        assert "".join(cut) == name
        assert size < 11

    def test_strange_characters_do_no_harm(self) -> None:
        assert sheets.sheet([printed("灯\U0001f4a1\x00\u202e()\\<b>", "ﷺ", "é")]).startswith(b"%PDF")


@sqlite_only
class TestApi:
    def test_the_desk_prints_what_it_chose(self, world: World) -> None:
        assets = world.rows(select(Asset).where(Asset.code.in_(["DT-03-1", "DT-03-2"])))
        mine = [a for a in assets if a.community_id in world.kefu.principal.community_ids]
        ids = ",".join(str(a.id) for a in mine)
        answer = world.kefu.get("/labels/sheet.pdf", kind="asset", ids=ids)
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == "application/pdf"
        assert "3号楼1号梯" in text_of(answer.content)
        again = world.kefu.get("/labels/sheet.pdf", kind="asset", ids=ids)
        assert drawn(again.content) == drawn(answer.content)  # the same labels
        pages = world.kefu.get("/labels/sheet.pdf", kind="asset", ids=ids, format="single")
        assert len(PdfReader(io.BytesIO(pages.content)).pages) == 2
        is_problem(world.zhangwei.get("/labels/sheet.pdf", kind="asset", ids=ids), 403)
        is_problem(world.kefu.get("/labels/sheet.pdf", kind="asset", ids="0"), 422)

    def test_orders_too(self, world: World) -> None:
        number = world.zhangwei.open_order(category="hvac")["number"]
        answer = world.kefu.get("/labels/sheet.pdf", kind="order", ids=number)
        assert number in text_of(answer.content)
        assert "1201" not in text_of(answer.content)
