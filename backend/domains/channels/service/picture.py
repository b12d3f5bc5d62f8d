"""Fetch what somebody sent over a channel. Blocking; call it outside of any transaction."""

import logging

from backend.domains.channels.domain import Spoken
from backend.domains.channels.service import wechat
from backend.domains.channels.service.access import WeChatFailed

log = logging.getLogger("guanjia.channels")


def fetch_picture(said: Spoken) -> bytes | None:
    """Return the picture of a message, None when it cannot be had (any more)."""
    if not wechat.is_set_up():
        return None
    try:
        return wechat.fetch_media(said.media_id)
    except WeChatFailed as failed:
        log.warning("picture of %s not fetched: %s", said.channel, failed)
        return None
