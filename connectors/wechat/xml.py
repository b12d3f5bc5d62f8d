"""WeChat's XML: read without entities or DTDs, written with everything quoted.

Raises: BadXml.
"""

import re
from collections.abc import Mapping
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from connectors.wechat.crypto import Sealed

MOST_FIELDS = 64
_UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class BadXml(Exception):
    """Not XML as WeChat sends it."""


def read(body: bytes | str) -> dict[str, str]:
    """Return the fields right below the root, as text; the first of each name counts."""
    try:
        root = fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise BadXml(type(error).__name__) from error
    if root.tag != "xml" or len(root) > MOST_FIELDS:
        raise BadXml("another root, or too many fields")
    fields: dict[str, str] = {}
    for child in root:
        fields.setdefault(str(child.tag), (child.text or "").strip())
    return fields


def quoted(text: str) -> str:
    """Return the text as CDATA, whatever is in it."""
    return "<![CDATA[" + _UNWRITABLE.sub("", text).replace("]]>", "]]]]><![CDATA[>") + "]]>"


def _written(fields: Mapping[str, str], numbers: Mapping[str, str]) -> str:
    parts = [f"<{name}>{quoted(value)}</{name}>" for name, value in fields.items()]
    parts += [f"<{name}>{int(value)}</{name}>" for name, value in numbers.items()]
    return f"<xml>{''.join(parts)}</xml>"


def text_reply(to: str, sender: str, text: str, at_s: int) -> str:
    """Return the passive reply of a text."""
    fields = {"ToUserName": to, "FromUserName": sender, "MsgType": "text", "Content": text}
    return _written(fields, {"CreateTime": str(at_s)})


def sealed_reply(sealed: Sealed) -> str:
    """Return the envelope of an encrypted reply."""
    fields = {"Encrypt": sealed.encrypted, "MsgSignature": sealed.signature, "Nonce": sealed.nonce}
    return _written(fields, {"TimeStamp": sealed.timestamp})
