"""Use cases of channels; other domains import from here."""

from backend.domains.channels.domain import WECHAT, Kind, Spoken, Told
from backend.domains.channels.service.binding import (
    BindingView,
    Bound,
    accounts_of,
    bind,
    bindings,
    unbind_by_id,
    who_is,
    why_unreachable,
)
from backend.domains.channels.service.dialog import to_bound, to_stranger
from backend.domains.channels.service.hearing import words_of
from backend.domains.channels.service.picture import fetch_picture
from backend.domains.channels.service.pushing import to_wechat
from backend.domains.channels.service.sms import send as send_sms

__all__ = [
    "WECHAT",
    "BindingView",
    "Bound",
    "Kind",
    "Spoken",
    "Told",
    "accounts_of",
    "bind",
    "bindings",
    "fetch_picture",
    "send_sms",
    "to_bound",
    "to_stranger",
    "to_wechat",
    "unbind_by_id",
    "who_is",
    "why_unreachable",
    "words_of",
]
