"""What WeChat's error codes mean for a message: one row a code. Pure. Answers have HTTP 200; success may omit the code."""

from dataclasses import dataclass
from enum import StrEnum


class Then(StrEnum):
    """What to do about it."""

    REFRESH = "refresh"
    """Fetch another access token, once, and try again."""
    LATER = "later"
    """Try again after a while, in limits."""
    CLOSED = "closed"
    """Messages to this account are closed now: take another way."""
    GIVE_UP = "give_up"
    """It will not become better by itself: staff must know."""


@dataclass(frozen=True, slots=True)
class Row:
    """A code. ``words`` are for staff; ``wait_s`` is the least time before the next try."""

    then: Then
    words: str
    wait_s: int = 0


NETWORK = Row(Then.LATER, "连不上微信接口，稍后自动重发")
CODES: dict[int, Row] = {
    -1: Row(Then.LATER, "微信系统繁忙，稍后自动重发"),
    40001: Row(Then.REFRESH, "公众号凭证无效"),
    40014: Row(Then.REFRESH, "公众号凭证无效"),
    41001: Row(Then.REFRESH, "公众号凭证缺失"),
    42001: Row(Then.REFRESH, "公众号凭证过期"),
    45009: Row(Then.LATER, "公众号今天的接口次数用完了", 1800),
    45011: Row(Then.LATER, "接口调用太快，稍后自动重发", 60),
    45015: Row(Then.CLOSED, "对方超过 48 小时没有互动，微信不让主动发消息"),
    45047: Row(Then.CLOSED, "对方没有回话，微信不让再连续发消息"),
    43004: Row(Then.GIVE_UP, "对方没有关注公众号"),
    43101: Row(Then.GIVE_UP, "对方没有同意接收这类通知"),
    50005: Row(Then.GIVE_UP, "对方没有关注公众号"),
    40003: Row(Then.GIVE_UP, "对方的微信账号无效，可能换过公众号"),
    40007: Row(Then.GIVE_UP, "微信素材已过期"),
    40013: Row(Then.GIVE_UP, "公众号 AppID 不对，请检查设置"),
    40037: Row(Then.GIVE_UP, "模板编号不对，请检查设置"),
    40125: Row(Then.GIVE_UP, "公众号 AppSecret 不对，请检查设置"),
    40164: Row(Then.GIVE_UP, "服务器地址不在公众号 IP 白名单里"),
    45002: Row(Then.GIVE_UP, "消息太长"),
    47003: Row(Then.GIVE_UP, "模板内容不符合要求"),
    48001: Row(Then.GIVE_UP, "公众号没有这个接口的权限"),
    48004: Row(Then.GIVE_UP, "公众号接口被封禁"),
    50002: Row(Then.GIVE_UP, "公众号被限制使用"),
}


def row_of(code: int) -> Row:
    """Return what a code means; an unknown one is tried again, in limits."""
    return CODES.get(code) or Row(Then.LATER, f"微信返回错误 {code}")
