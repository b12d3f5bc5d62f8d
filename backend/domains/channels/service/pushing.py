"""Deliver outbox rows to WeChat. Called outside of any transaction; what comes of it is said by raising or not.

A payload names the account (``to``) and, for a card, ``news`` (title and address). Where the window is closed a template
message goes instead, if the installation has one; otherwise the line stays on the person's page and staff are told.
"""

from backend.domains.channels.service import access, wechat
from backend.domains.channels.service.binding import why_unreachable
from backend.domains.channels.wechat_codes import Then
from backend.kit import db
from backend.kit.outbox import GivenUp, OutboxRow, Postponed
from backend.kit.scope import system_scope
from backend.settings import get_settings

NOT_SET_UP = "公众号还没有配置发送凭证"


def to_wechat(row: OutboxRow) -> None:
    """Send one row. Raises Postponed, GivenUp."""
    to = str(row.payload["to"])
    if not wechat.is_set_up():
        raise GivenUp(NOT_SET_UP)
    with db.transaction(read_only=True) as session, system_scope(session):
        why_not = why_unreachable(session, row.channel, to, row.person_id)
    if why_not is not None:
        raise GivenUp(why_not)
    try:
        _send(row, to)
    except access.WeChatFailed as failed:
        _decide(row, to, failed)


def _send(row: OutboxRow, to: str) -> None:
    news = row.payload.get("news")
    if news:
        wechat.send_news(to, str(news["title"]), row.text, str(news["url"]))
    else:
        wechat.send_text(to, row.text)


def _decide(row: OutboxRow, to: str, failed: access.WeChatFailed) -> None:
    template = get_settings().wechat_notice_template
    if failed.row.then is Then.CLOSED and template:
        try:
            wechat.send_template(to, template, row.text, get_settings().public_url, f"outbox-{row.id}")
            return
        except access.WeChatFailed as again:
            failed = again
    if failed.row.then in (Then.LATER, Then.REFRESH):
        raise Postponed(str(failed), failed.row.wait_s) from failed
    raise GivenUp(str(failed)) from failed
