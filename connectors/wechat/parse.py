"""What WeChat sends, as the backend's channel API takes it. Pure.

A row of ``MESSAGES`` or ``EVENTS`` says which fields of the XML are kept; what has no row is answered and left alone.
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from typing import Any

from connectors.wechat.coordinates import to_wgs84

Fields = Mapping[str, str]
Body = dict[str, Any]
OPENID = re.compile(r"[A-Za-z0-9_-]{1,64}")
LONGEST_ID = 150
LONGEST_TEXT, LONGEST_KEY = 20000, 256
SCENE = "qrscene_"


class Unreadable(Exception):
    """A field that must be there is missing or makes no sense."""


def _location(fields: Fields) -> Body:
    try:
        there = float(fields["Location_X"]), float(fields["Location_Y"])
    except (KeyError, ValueError) as error:
        raise Unreadable("location") from error
    if not (-90 <= there[0] <= 90 and -180 <= there[1] <= 180):
        raise Unreadable("location")
    lat, lng = to_wgs84(there)
    return {"kind": "location", "lat": lat, "lng": lng, "text": fields.get("Label", "")}


def _link(fields: Fields) -> Body:
    return {"kind": "text", "text": " ".join(filter(None, (fields.get("Title"), fields.get("Url"))))}


def _scanned(kind: str) -> Callable[[Fields], Body]:
    return lambda fields: {"kind": kind, "key": fields.get("EventKey", "").removeprefix(SCENE)}


MESSAGES: dict[str, Callable[[Fields], Body]] = {
    "text": lambda f: {"kind": "text", "text": f.get("Content", "")},
    "image": lambda f: {"kind": "image", "media_id": f.get("MediaId", "")},
    "voice": lambda f: {"kind": "voice", "text": f.get("Recognition", ""), "media_id": f.get("MediaId", "")},
    "video": lambda _: {"kind": "other"},
    "shortvideo": lambda _: {"kind": "other"},
    "file": lambda _: {"kind": "other"},
    "location": _location,
    "link": _link,
}
EVENTS: dict[str, Callable[[Fields], Body]] = {
    "subscribe": _scanned("follow"),
    "unsubscribe": lambda _: {"kind": "unfollow"},
    "SCAN": _scanned("scan"),
    "CLICK": lambda f: {"kind": "tap", "key": f.get("EventKey", "")},
}


def _at(fields: Fields) -> int:
    said = fields.get("CreateTime", "")
    if not (said.isascii() and said.isdigit() and len(said) <= 12):
        raise Unreadable("CreateTime")
    return int(said)


def external_id(fields: Fields) -> str:
    """Return what is the same in every try to deliver the same message or event, and in no other.

    Messages have an id, which some voice messages spell ``MsgID``. Events have none: sender, second, event and its key.
    """
    given = fields.get("MsgId") or fields.get("MsgID")
    parts = [given] if given else [fields.get("CreateTime", ""), fields.get("Event", ""), fields.get("EventKey", "")]
    made = ":".join((fields.get("FromUserName", ""), *parts))
    return made if len(made) <= LONGEST_ID else hashlib.sha256(made.encode()).hexdigest()


def to_message(fields: Fields) -> Body | None:
    """Return the body for the channel API, None for what nobody has to hear of. Raises Unreadable."""
    sender, kind = fields.get("FromUserName", ""), fields.get("MsgType", "")
    if not OPENID.fullmatch(sender):
        raise Unreadable("FromUserName")
    row = EVENTS.get(fields.get("Event", "")) if kind == "event" else MESSAGES.get(kind)
    if row is None:
        return None
    if kind != "event" and not (fields.get("MsgId") or fields.get("MsgID")):
        raise Unreadable("MsgId")
    body = row(fields)
    body["text"] = body.get("text", "")[:LONGEST_TEXT]
    for name in ("media_id", "key"):
        if name in body:
            body[name] = body[name][:LONGEST_KEY]
    return {**body, "channel_user": sender, "external_id": external_id(fields), "at": _at(fields)}
