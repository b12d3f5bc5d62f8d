"""Checklists 检查单: what is to be done and shown at a job, by category. Pure.

An estate may have its own list for a category; these are what it has until then. Only what keeps people alive is
required: a list that stops every small repair is soon filled in without looking.
"""

from collections.abc import Mapping
from dataclasses import dataclass

CHECK, NUMBER, PHOTO = "check", "number", "photo"
ITEM_KINDS: Mapping[str, str] = {CHECK: "勾选", NUMBER: "读数", PHOTO: "拍照"}
MOST_ITEMS = 30


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to look at."""

    text: str
    kind: str = CHECK
    required: bool = False


@dataclass(frozen=True, slots=True)
class Checklist:
    """A list for a category. ``version`` is 0 for the one that every estate starts with."""

    category: str
    title: str
    items: tuple[Item, ...]
    version: int = 0


def _must(text: str, kind: str = CHECK) -> Item:
    return Item(text, kind, True)


_DEFAULTS = (
    Checklist("elevator", "电梯检修", (
        _must("轿厢内确认无人被困"), _must("层门前放好护栏和警示牌"), _must("断电挂牌上锁"),
        Item("故障代码", NUMBER), _must("试运行三趟，平层正常"), Item("恢复后拍照", PHOTO),
    )),
    Checklist("fire_safety", "消防设施", (
        _must("作业前告知消防控制室"), Item("管网压力（MPa）", NUMBER), _must("阀门恢复到正常位置"),
        _must("主机复位，无报警无故障"), Item("处理后拍照", PHOTO),
    )),
    Checklist("electrical", "强电作业", (
        _must("断电并挂牌"), _must("验电，确认无电"), Item("绝缘电阻（MΩ）", NUMBER),
        Item("接线紧固，无发热痕迹"), _must("送电试验正常"), Item("处理后拍照", PHOTO),
    )),
    Checklist("plumbing", "给排水", (
        Item("已关上级阀门"), Item("接口无渗漏（通水 5 分钟）"), Item("水压（MPa）", NUMBER),
        Item("地面已擦干"), Item("处理后拍照", PHOTO),
    )),
    Checklist("hvac", "空调暖通", (
        Item("断电后作业"), Item("滤网已清洗"), Item("出风温度（℃）", NUMBER), Item("冷凝水排放正常"),
        Item("处理后拍照", PHOTO),
    )),
    Checklist("gas", "燃气", (
        _must("进门先通风，不开关电器"), _must("关闭表前阀"), _must("检漏仪读数（%LEL）", NUMBER),
        _must("肥皂水查漏，无气泡"), _must("已告知住户注意事项"),
    )),
    Checklist("lighting", "照明", (
        Item("断电后更换"), Item("灯具固定牢靠"), Item("通电点亮正常"), Item("处理后拍照", PHOTO),
    )),
    Checklist("access_security", "门禁监控", (
        Item("刷卡、按键、对讲都试过"), Item("断电能手动开门"), Item("时间与主机一致"), Item("处理后拍照", PHOTO),
    )),
)  # fmt: skip
DEFAULTS: Mapping[str, Checklist] = {made.category: made for made in _DEFAULTS}


def default_for(category: str, title: str) -> Checklist:
    """Return the list that every estate starts with; an empty one where the category has none."""
    return DEFAULTS.get(category, Checklist(category, title, ()))


def is_filled(kind: str, ok: bool | None, value: float | None, media_id: str | None) -> bool:
    """Tell whether an item has been answered: 「不合格」 is an answer."""
    return {CHECK: ok is not None, NUMBER: value is not None, PHOTO: media_id is not None}[kind]
