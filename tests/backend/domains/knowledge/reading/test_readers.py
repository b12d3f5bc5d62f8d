"""What is read from each kind of file, and what is refused in which words."""

import io
import zipfile

import pytest

from backend.domains.knowledge.cutting import cut
from backend.domains.knowledge.errors import DocumentTooLarge, Unreadable
from backend.domains.knowledge.reading import kinds, markdown, outline, pdf, word
from tests.backend.domains.knowledge import making


def titles(read: markdown.ReadDocument) -> list[str]:
    return [piece.title for piece in cut(read)]


class TestMarkdown:
    def test_headings_make_the_sections(self) -> None:
        read = markdown.read(
            "# 手册\n\n## 停车\n\n临停每小时\n五元，不足一小时按一小时算。\n\n### 月保\n\n月租三百元，先交后停，季付有优惠。".encode()
        )
        assert read.title == "手册"
        assert [(p.title, p.text) for p in cut(read)] == [
            ("停车", "临停每小时五元，不足一小时按一小时算。"),
            ("停车 › 月保", "月租三百元，先交后停，季付有优惠。"),
        ]

    def test_a_table_is_read_row_by_row(self) -> None:
        text = "## 价目\n\n| 项目 | 价格 |\n|---|---|\n| 换灯泡 | 10 元 |\n| 换锁芯 | 50 元 |\n"
        assert cut(markdown.read(text.encode()))[0].text == "换灯泡：10 元\n换锁芯：50 元"

    def test_a_table_of_many_columns_names_them(self) -> None:
        text = "## 价目\n\n| 项目 | 人工 | 工期 |\n|---|---|---|\n| 换水龙头 | 30 元 | 当天 |\n"
        assert cut(markdown.read(text.encode()))[0].text == "换水龙头：人工 30 元，工期 当天"

    def test_markup_is_not_quoted_and_html_is_dropped(self) -> None:
        text = "## 电话\n\n请打**热线** [0755-1](https://example.com/a)。\n\n<script>alert(1)</script>\n\n<b>夜间</b>也有人接听电话。"
        quoted = cut(markdown.read(text.encode()))[0].text
        assert "请打热线 0755-1。" in quoted
        assert "script" not in quoted
        assert "<" not in quoted

    def test_a_text_without_markup_is_cut_by_its_numbered_headings(self) -> None:
        text = "停车办法\n第一章 总则\n本办法适用于本小区全体车辆，请大家遵守。\n第二章 收费\n第三条 临时停车每小时五元，封顶三十元，出场时付。\n"
        read = markdown.read(text.encode())
        assert (read.title, titles(read)) == ("停车办法", ["第一章 总则", "第二章 收费 › 第三条"])

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
    def test_chinese_encodings(self, encoding: str) -> None:
        assert titles(markdown.read("## 门禁卡\n\n补办每张二十元，带身份证来，十分钟办好。".encode(encoding))) == [
            "门禁卡"
        ]

    def test_bytes_that_are_no_text(self) -> None:
        with pytest.raises(Unreadable, match="不是文字文件"):
            markdown.read(b"\x00\x01\x02\xff\xfe\x00" * 40)


class TestWord:
    def test_heading_styles_and_tables(self) -> None:
        parts = [
            ("Title", "停车规定"),
            ("Heading 1", "收费"),
            ("Heading 2", "临时停车"),
            ("Normal", "半小时内免费，之后每小时五元，不足一小时按一小时。"),
        ]
        read = word.read(making.word(parts, [["车型", "月租"], ["小车", "300 元"], ["大车", "600 元"]]))
        assert read.title == "停车规定"
        assert [(p.title, p.text) for p in cut(read)] == [
            ("收费 › 临时停车", "半小时内免费，之后每小时五元，不足一小时按一小时。\n小车：300 元\n大车：600 元")
        ]

    def test_without_styles_the_numbers_count(self) -> None:
        parts = [
            ("Normal", "一、搬家"),
            ("Normal", "搬家提前一天预约，时间是八点到二十点，不收费。"),
            ("Normal", "二、快递"),
            ("Normal", "快递放东门驿站，每天八点到二十一点有人。"),
        ]
        assert titles(word.read(making.word(parts))) == ["一、搬家", "二、快递"]

    def test_a_damaged_file(self) -> None:
        with pytest.raises(Unreadable, match="已损坏"):
            word.read(making.word([("Normal", "文字")])[:900])

    def test_an_archive_that_would_burst(self) -> None:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("word/document.xml", b" " * (60 * 1024 * 1024))
        with pytest.raises(Unreadable, match="不正常"):
            word.read(packed.getvalue())

    def test_an_archive_of_too_many_parts(self) -> None:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("word/document.xml", b"<x/>")
            for number in range(word.MOST_PARTS):
                archive.writestr(f"word/{number}", b"")
        with pytest.raises(Unreadable, match="不正常"):
            word.read(packed.getvalue())

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
    def test_entities_are_never_resolved(self, encoding: str) -> None:
        good = making.word([("Normal", "这里是一段普通的文字，没有别的。")])
        declared = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
        packed = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(good)) as old, zipfile.ZipFile(packed, "w") as archive:
            for part in old.infolist():
                changed = part.filename == "word/document.xml"
                archive.writestr(part.filename, declared.encode(encoding) if changed else old.read(part))
        with pytest.raises(Unreadable, match="不正常"):
            word.read(packed.getvalue())


class TestPdf:
    def test_numbered_headings_make_the_sections(self) -> None:
        pages = [
            ["翠湖里停车办法", "第一章 临时停车", "十五分钟内免费，之后每小时八元，封顶六十元。"],
            ["第二章 月租", "每月四百二十元，先交后停，到期有三天宽限。"],
        ]
        read = pdf.read(making.pdf(pages))
        assert (read.title, read.pages, titles(read)) == ("翠湖里停车办法", 2, ["第一章 临时停车", "第二章 月租"])

    def test_without_headings_the_pages_do(self) -> None:
        pages = [["物业服务中心每天八点半到十八点有人接待，周末照常。"], ["夜间请打值班电话，保安岗昼夜都有人。"]]
        assert titles(pdf.read(making.pdf(pages))) == ["第 1 页", "第 2 页"]

    def test_running_heads_and_page_numbers_are_dropped(self) -> None:
        pages = [["安居物业管理制度", f"这是第{n}部分的内容，说明办事的步骤和要带的材料。", f"- {n} -"] for n in "123"]
        text = "".join(piece.text for piece in cut(pdf.read(making.pdf(pages))))
        assert "安居物业" not in text
        assert "- 1 -" not in text

    def test_lines_of_a_paragraph_are_joined(self) -> None:
        pages = [["装修押金每户两千元，验收合格满三十天没有渗漏和损坏", "公共部位的，七个工作日内原路退还。"]]
        assert "没有渗漏和损坏公共部位的" in cut(pdf.read(making.pdf(pages)))[0].text

    def test_a_title_that_a_program_wrote_is_none(self) -> None:
        pages = [["物业服务中心每天八点半到十八点有人接待，周末照常。"]]
        assert pdf.read(making.pdf(pages, "住户手册")).title == "住户手册"
        assert pdf.read(making.pdf(pages, "Microsoft Word - 手册.docx")).title == ""

    def test_behind_a_password(self) -> None:
        locked = making.encrypted(making.pdf([["物业服务中心每天八点半到十八点有人接待。"]]), "secret")
        with pytest.raises(Unreadable, match="加了密码"):
            pdf.read(locked)

    def test_an_empty_password_is_none(self) -> None:
        open_to_all = making.encrypted(making.pdf([["物业服务中心每天八点半到十八点有人接待。"]]), "")
        assert "八点半" in cut(pdf.read(open_to_all))[0].text

    def test_scanned_pages(self) -> None:
        with pytest.raises(Unreadable, match="扫描件"):
            pdf.read(making.pdf([[], [], []]))

    def test_too_many_pages(self) -> None:
        with pytest.raises(DocumentTooLarge, match="301 页"):
            pdf.read(making.pdf([["页"]] * 301))

    @pytest.mark.parametrize("data", [b"%PDF-1.7\nrubbish", b"%PDF-1.7\n" + b"\x00" * 4000])
    def test_a_damaged_file(self, data: bytes) -> None:
        with pytest.raises(Unreadable, match="已损坏"):
            pdf.read(data)


class TestKinds:
    def test_the_bytes_decide(self) -> None:
        assert kinds.kind_of("a.txt", making.pdf([["文字"]])) == kinds.PDF
        assert kinds.kind_of("a.pdf", making.word([("Normal", "文字")])) == kinds.WORD
        assert kinds.kind_of("a.md", "文字".encode()) == kinds.MARKDOWN

    @pytest.mark.parametrize(
        ("name", "data"),
        [
            ("a.exe", b"MZ\x90\x00"),
            ("a.html", b"<html>"),
            ("a.zip", b"PK\x03\x04"),
            ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        ],
    )
    def test_others_are_refused(self, name: str, data: bytes) -> None:
        with pytest.raises((kinds.UnknownKind, Unreadable)):
            kinds.kind_of(name, data)

    def test_an_archive_that_is_no_word_file(self) -> None:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("xl/workbook.xml", b"<x/>")
        with pytest.raises(kinds.UnknownKind):
            kinds.kind_of("a.docx", packed.getvalue())

    @pytest.mark.parametrize(
        ("name", "shown"),
        [
            ("../../etc/passwd.md", "passwd.md"),
            ("C:\\temp\\手册.md", "手册.md"),
            ("a\x00b\n.md", "ab.md"),
            ("", "未命名文档"),
            (None, "未命名文档"),
            ("..", "未命名文档"),
        ],
    )
    def test_names_are_made_harmless(self, name: str | None, shown: str) -> None:
        assert kinds.safe_name(name) == shown

    def test_a_long_name_keeps_its_end(self) -> None:
        assert kinds.safe_name("字" * 500 + ".docx").endswith("字.docx")
        assert len(kinds.safe_name("字" * 500 + ".docx")) == kinds.FILE_NAME_CHARS


class TestOutline:
    @pytest.mark.parametrize(
        ("line", "level"),
        [
            ("第三章 停车", 1),
            ("第二节 月租", 2),
            ("一、总则", 2),
            ("（二）押金", 3),
            ("1.2 费用", 3),
            ("第三章的内容已经说过。", 0),
            ("一、这是一句话，有逗号", 0),
            ("1.5 元", 3),
        ],
    )
    def test_levels(self, line: str, level: int) -> None:
        assert outline.heading_level(line) == level

    def test_an_article_is_a_heading_and_its_text(self) -> None:
        assert outline.article("第十二条 每户押金两千元。") == ("第十二条", "每户押金两千元。")
        assert outline.article("两千元") is None
