"""The list as a spreadsheet: what is in it, what is masked, what stays a text."""

import io
from datetime import datetime
from typing import Any

import openpyxl
import pytest
from sqlalchemy import update

from backend.domains.workorders.models import WorkOrder
from backend.domains.workorders.service import export
from backend.kit import db
from backend.kit.scope import system_scope
from tests.backend.conftest import sqlite_only
from tests.backend.support import World, is_problem

WHERE = {"community": "sunshine", "building": "2", "unit": "2", "floor": "8", "place": "楼道"}


def sheet(world: World, **filters: Any) -> list[tuple[Any, ...]]:
    answer = world.kefu.get("/work-orders/export.xlsx", **filters)
    assert answer.status_code == 200, answer.text
    assert "filename*=UTF-8''%E5%B7%A5%E5%8D%95-" in answer.headers["content-disposition"]
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    try:
        return list(book.active.iter_rows(values_only=True))
    finally:
        book.close()


class TestSheet:
    def test_headings_rows_and_masked_phones(self, world: World) -> None:
        number = world.kefu.open_order(
            category="lighting", fault="导出用的灯坏了", scope="public", location=WHERE, reporter="zhangwei"
        )["number"]
        head, row = sheet(world, q="导出用的灯")
        assert head[:5] == ("编号", "状态", "小区", "地点", "内容")
        line = dict(zip(head, row, strict=True))
        assert line["编号"] == number
        assert (line["小区"], line["地点"], line["类别"]) == ("阳光花园", "2号楼2单元8层 楼道", "照明")
        assert (line["报修人"], line["电话"]) == ("张伟", "138****0001")
        assert isinstance(line["报修时间"], datetime)

    @sqlite_only
    @pytest.mark.parametrize("fault", ["=1+1 算式测试", "+86 算式测试", "-2 算式测试", "@SUM 算式测试", "＝1 算式测试"])
    def test_no_text_becomes_a_formula(self, world: World, fault: str) -> None:
        number = world.kefu.open_order(category="lighting", fault=fault, scope="public", location=WHERE)["number"]
        [cell] = [row[4] for row in sheet(world, q="算式测试") if row[0] == number]
        assert cell == f"'{fault}"

    @sqlite_only
    @pytest.mark.parametrize("char", ["\uffff", "\ufffe", "\ufdd0", "\U0001fffe", "\x0b"])
    def test_no_character_of_a_text_stops_it(self, world: World, char: str) -> None:
        fault = f"字符{char}测试"
        number = world.new().open_order(fault=fault, category="other", scope="public", location=WHERE)["number"]
        with db.transaction() as session, system_scope(session):  # as one from before such characters were taken out
            session.execute(update(WorkOrder).where(WorkOrder.number == number).values(fault=fault))
        [cell] = [row[4] for row in sheet(world) if row[0] == number]
        assert (cell[:2], cell[-2:]) == ("字符", "测试")

    @sqlite_only
    @pytest.mark.parametrize("char", ["\uffff", "\ufffe", "\ufdd0", "\U0001fffe", "\x0b"])
    def test_what_is_no_character_is_not_kept(self, world: World, char: str) -> None:
        assert world.new().open_order(fault=f"字{char}符")["fault"] == "字符"

    def test_the_same_filters_and_sorts_as_the_list(self, world: World) -> None:
        asked = {"category": "lighting", "urgency": ["normal", "high"], "sort": "urgency"}
        numbers = [o["number"] for o in world.kefu.get("/work-orders", limit=200, **asked).json()["items"]]
        assert [row[0] for row in sheet(world, **asked)[1:]][: len(numbers)] == numbers

    @sqlite_only
    def test_pages_are_read_one_after_another_and_the_end_is_said(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(export, "BATCH", 3)
        for _ in range(7):
            world.kefu.open_order(category="pest", fault="分页导出", scope="public", location=WHERE)
        numbers = [row[0] for row in sheet(world, q="分页导出", sort="updated")[1:]]
        assert len(numbers) == len(set(numbers)) == 7
        monkeypatch.setattr(export, "AT_MOST", 5)
        rows = sheet(world, q="分页导出")
        assert len(rows) == 7
        assert "缩小条件" in rows[-1][0]

    @sqlite_only
    @pytest.mark.parametrize("who", ["zhangwei", "lishifu", "caiwu"])
    def test_only_who_reads_orders_takes_them_along(self, world: World, who: str) -> None:
        is_problem(getattr(world, who).get("/work-orders/export.xlsx"), 403)

    @sqlite_only
    def test_another_estate_is_not_in_it(self, world: World) -> None:
        where = {"community": "lakeside", "building": "1", "unit": "1", "place": "大堂"}
        world.quyu.open_order(category="lighting", fault="湖边的灯", scope="public", location=where)
        assert len(sheet(world, q="湖边的灯")) == 1
