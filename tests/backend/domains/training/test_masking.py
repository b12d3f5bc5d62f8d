"""What names a person leaves the words; what names a thing, a price or an order stays."""

import re

import pytest
import yaml

from backend.domains.training.masking import fill, mask
from backend.settings import PROJECT

NAMES = ["张伟", "王芳", "欧阳修文"]


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("我是张伟，电话13800000001，3号楼2单元1201的灯坏了", "我是〔姓名〕，电话〔电话〕，3号楼2单元〔房号〕的灯坏了"),
        ("欧阳修文家漏水", "〔姓名〕家漏水"),
        ("138 0000 0001打给我", "〔电话〕打给我"),
        ("手机号是１３８０００００００１", "手机号是〔电话〕"),
        ("座机0755-12345678", "座机〔电话〕"),
        ("幺三八零零零零零零零一", "〔电话〕"),
        ("车牌粤B12345进不来", "车牌〔车牌〕进不来"),
        ("粤B·D12345 新能源", "〔车牌〕 新能源"),
        ("身份证44030119900101123X", "身份证〔证件〕"),
        ("五栋302的老陈", "五栋〔房号〕的老陈"),
        ("3-2-1201厕所堵了", "3-2-〔房号〕厕所堵了"),
        ("1201室没电", "〔房号〕室没电"),
        ("三单元一二零一没水", "三单元〔房号〕没水"),
        ("十二楼零二的门坏了", "十二楼〔房号〕的门坏了"),
        ("转给张先生", "转给某先生"),
        ("我叫李小明，灯坏了", "我叫〔姓名〕，灯坏了"),
        ("邮箱 ab.c@example.com", "邮箱 〔邮箱〕"),
        ("卡号6222021234567890123", "卡号〔账号〕"),
    ],
)
def test_what_names_somebody_is_taken_out(said: str, kept: str) -> None:
    assert mask(said, NAMES) == kept


@pytest.mark.parametrize(
    "said",
    [
        "交了1200元物业费",
        "水表读数1234",
        "工单SH2611-0032修好没",
        "打119了，快来",
        "2024年的物业费",
        "12楼按键坏了",
        "3号楼2单元大堂的灯",
        "李师傅来了没",
        "我是业主，大姐你好",
        "一千二百块钱",
        "等了三天了",
        "换了两个灯泡，修好了",
    ],
)
def test_everything_else_stays(said: str) -> None:
    assert mask(said, NAMES) == said


def test_twice_is_once() -> None:
    once = mask("张伟 13800000001 3号楼2单元1201", NAMES)
    assert mask(once, NAMES) == once


def test_marks_are_filled_with_what_a_model_can_learn_from() -> None:
    assert fill("我是〔姓名〕，〔电话〕，3号楼2单元〔房号〕") == "我是李明，13800000000，3号楼2单元101"


def test_the_locked_messages_keep_no_room() -> None:
    room = re.compile(r"(?<![0-9A-Za-z])(?:1201|302|1101|501)(?![0-9])")
    for path in sorted((PROJECT / "tests/understanding/locked").glob("*.yml")):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8")):
            masked = mask(entry["text"])
            assert not room.search(masked), (entry["text"], masked)
