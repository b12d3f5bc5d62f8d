"""A picture freed of everything that is not the picture, without touching its pixels. Pure.

What goes: where and by which phone it was taken (EXIF, XMP), words inside, and what phones append to a photo. How it
lies stays. Raises NotAPicture for what does not have the form of its kind to the end, or has something behind it.
"""

import io
import struct
import warnings
import zlib
from collections.abc import Callable, Iterator, Mapping

from PIL import Image


class NotAPicture(Exception):
    """The bytes are no picture of their kind."""


class TooMuchToDraw(NotAPicture):
    """A picture that would take too much to draw, here and wherever it is shown."""


MOST_PIXELS = 50_000_000
MOST_FRAMES = 300
MOST_PIXELS_MOVING = 400_000_000
"""Pixels of all the frames together."""
VERIFIED_AT = 8
"""JPEGs are drawn this much smaller when they are looked over: every byte is read, with a 64th of the memory."""
Image.MAX_IMAGE_PIXELS = MOST_PIXELS
warnings.simplefilter("error", Image.DecompressionBombWarning)
_ORIENTATION = 0x0112

_PNG_KEPT = frozenset(
    b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP sBIT pHYs bKGD acTL fcTL fdAT cICP".split()
)  # fmt: skip
_WEBP_KEPT = frozenset((b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"))
_WEBP_EXIF, _WEBP_XMP = 0x08, 0x04
_GIF_LOOPS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")
_JPEG_START, _JPEG_END, _SCAN, _EXIF = 0xD8, 0xD9, 0xDA, 0xE1
_WITHIN_SCAN = frozenset((0x00, *range(0xD0, 0xD8)))


def _how_it_lies(data: bytes) -> bytes:
    """Return a TIFF block that holds the orientation and nothing else, empty for an upright picture."""
    try:
        with Image.open(io.BytesIO(data)) as image:
            turned = image.getexif().get(_ORIENTATION, 1)
    except Exception:  # whatever is wrong with it, the picture is upright then
        return b""
    if turned not in range(2, 9):
        return b""
    return struct.pack("<2sHIHHHIHHI", b"II", 42, 8, 1, _ORIENTATION, 3, 1, turned, 0, 0)


def _require_few(frames: int) -> None:
    if frames > MOST_FRAMES:
        raise TooMuchToDraw


def _png(data: bytes) -> Iterator[bytes]:
    yield data[:8]
    at, name, frames = 8, b"", 0
    while name != b"IEND":
        (size,) = struct.unpack_from(">I", data, at)
        name, end = data[at + 4 : at + 8], at + 12 + size
        if len(data) < end or zlib.crc32(data[at + 4 : end - 4]) != struct.unpack_from(">I", data, end - 4)[0]:
            raise NotAPicture
        frames += name == b"fcTL"
        _require_few(frames)
        if name in _PNG_KEPT:
            yield data[at:end]
        elif name == b"eXIf" and (lies := _how_it_lies(data)):
            yield struct.pack(">I", len(lies)) + name + lies + struct.pack(">I", zlib.crc32(name + lies))
        at = end
    if at != len(data):
        raise NotAPicture


def _webp(data: bytes) -> Iterator[bytes]:
    if struct.unpack_from("<I", data, 4)[0] + 8 != len(data):
        raise NotAPicture
    at, lies, frames = 12, _how_it_lies(data), 0
    chunks: list[bytes] = []
    while at < len(data):
        name, size = struct.unpack_from("<4sI", data, at)
        body, at = data[at + 8 : at + 8 + size], at + 8 + size + size % 2
        frames += name == b"ANMF"
        _require_few(frames)
        if name == b"EXIF":
            name, body = (name, lies) if lies else (b"", b"")
        elif name == b"VP8X":
            keep = ~_WEBP_XMP if lies else ~(_WEBP_XMP | _WEBP_EXIF)
            body = bytes((body[0] & keep,)) + body[1:]
        if name in _WEBP_KEPT or name == b"EXIF":
            chunks.append(struct.pack("<4sI", name, len(body)) + body + b"\0" * (len(body) % 2))
    whole = b"".join(chunks)
    yield struct.pack("<4sI4s", b"RIFF", len(whole) + 4, b"WEBP")
    yield whole


def _after_blocks(data: bytes, at: int) -> int:
    while data[at]:
        at += data[at] + 1
    return at + 1


def _table_size(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _gif(data: bytes) -> Iterator[bytes]:
    at, frames = 13 + _table_size(data[10]), 0
    yield data[:at]
    while data[at] != 0x3B:
        if data[at] == 0x21:
            end = _after_blocks(data, at + 2)
            label, name = data[at + 1], data[at + 3 : at + 14]
            if label != 0xFE and (label != 0xFF or name in _GIF_LOOPS):
                yield data[at:end]
        elif data[at] == 0x2C:
            frames += 1
            _require_few(frames)
            end = _after_blocks(data, at + 11 + _table_size(data[at + 9]))
            yield data[at:end]
        else:
            raise NotAPicture
        at = end
    if at + 1 != len(data):
        raise NotAPicture
    yield data[at:]


def _after_scan(data: bytes, at: int) -> int:
    while True:
        at = data.index(b"\xff", at)
        if data[at + 1] not in _WITHIN_SCAN:
            return at
        at += 2


def _jpeg(data: bytes) -> Iterator[bytes]:
    """Ends with the picture: phones append previews and short films, which nobody asked for."""
    yield data[:2]
    lies, at = _how_it_lies(data), 2
    while True:
        if data[at] != 0xFF:
            raise NotAPicture
        kind = data[at + 1]
        if kind == 0xFF:  # padding
            at += 1
            continue
        if kind == _JPEG_END:
            yield data[at : at + 2]
            return
        end = at + 2 + struct.unpack_from(">H", data, at + 2)[0]
        body = data[at + 4 : end]
        if kind == _SCAN:
            end = _after_scan(data, end)
        if kind == _EXIF and lies and body.startswith(b"Exif"):
            block = b"Exif\0\0" + lies
            yield struct.pack(">BBH", 0xFF, _EXIF, len(block) + 2) + block
            lies = b""
        elif _is_picture(kind, body):
            yield data[at:end]
        at = end


def _is_picture(kind: int, body: bytes) -> bool:
    """Tell whether a JPEG segment is needed to draw: no comment, of the application segments only those of colour."""
    if not 0xE0 <= kind <= 0xEF:
        return kind != 0xFE
    return kind in (0xE0, 0xEE) or (kind == 0xE2 and body.startswith(b"ICC_PROFILE"))


_KINDS: Mapping[str, tuple[str, Callable[[bytes], Iterator[bytes]]]] = {
    "image/jpeg": ("JPEG", _jpeg),
    "image/png": ("PNG", _png),
    "image/gif": ("GIF", _gif),
    "image/webp": ("WEBP", _webp),
}


def require_drawable(data: bytes, content_type: str) -> None:
    """Raise TooMuchToDraw by the size that a picture claims, before anything of it is unpacked."""
    try:
        with Image.open(io.BytesIO(data), formats=[_KINDS[content_type][0]]) as image:
            size = image.width * image.height
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise TooMuchToDraw from error
    if size > MOST_PIXELS:
        raise TooMuchToDraw


def cleaned(data: bytes, content_type: str) -> bytes:
    """Return the picture alone, after it was really drawn. Raises NotAPicture."""
    name, read = _KINDS[content_type]
    try:
        require_drawable(data, content_type)
        alone = b"".join(read(data))
        with Image.open(io.BytesIO(alone), formats=[name]) as image:
            frames = getattr(image, "n_frames", 1)
            if image.width * image.height * frames > (MOST_PIXELS if frames == 1 else MOST_PIXELS_MOVING):
                raise TooMuchToDraw
            image.draft(None, (max(image.width // VERIFIED_AT, 1), max(image.height // VERIFIED_AT, 1)))
            image.load()
    except NotAPicture:
        raise
    except Exception as error:  # the decoders have many ways to say no
        raise NotAPicture from error
    return alone
