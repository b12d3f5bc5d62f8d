"""Text for files that are XML inside (spreadsheets), which has no place for some characters."""

import re

_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Everything outside the production Char (https://www.w3.org/TR/xml/#charsets)."""


def xml_safe(text: str) -> str:
    """Return the text without the characters that XML 1.0 cannot hold."""
    return _NOT_IN_XML.sub("", text)
