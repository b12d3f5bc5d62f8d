"""Words that ask for the bot, and words that are meant for the person who answers."""

import pytest

from backend.domains.conversations.way_back import wants_bot


@pytest.mark.parametrize(
    "words",
    [
        *("还是问管家", "回机器人", "转回", "转回来吧", "不要人工了", "找管家", "不用人工", "不用人工客服了，谢谢"),
        *("算了，不用转人工了", "切回机器人", "换回管家吧", "我要找管家", "取消人工", "不等了", "别转人工了"),
    ],
)
def test_the_bot_is_wanted(words: str) -> None:
    assert wants_bot(words)


@pytest.mark.parametrize(
    "words",
    [
        *(
            "转人工",
            "我要人工",
            "管家在吗",
            "不要机器人",
            "你们人工怎么还不回",
            "不用来了",
            "回电话给我",
            "找管家投诉去",
        ),
        *("不要让师傅来了", "转回去的钱呢", "不等了，我自己修，你把单撤了"),
    ],
)
def test_the_person_is_meant(words: str) -> None:
    assert not wants_bot(words)
