"""Small real pictures of each kind, and ways to spoil them."""

import io

from PIL import Image
from PIL.TiffImagePlugin import IFDRational

FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/gif": "GIF", "image/webp": "WEBP"}


def picture(content_type: str = "image/png", size: tuple[int, int] = (24, 16), **options: object) -> bytes:
    """Return a picture of a kind."""
    kept = io.BytesIO()
    image = Image.new("RGB", size, (200, 60, 40))
    image.putpixel((3, 2), (10, 240, 90))
    image.save(kept, FORMATS[content_type], **options)
    return kept.getvalue()


def moving(content_type: str) -> bytes:
    """Return a picture of two frames."""
    kept = io.BytesIO()
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    frames[0].save(kept, FORMATS[content_type], save_all=True, append_images=frames[1:], duration=80)
    return kept.getvalue()


def with_place(content_type: str) -> bytes:
    """Return a picture that says where it was taken and that it lies on its side, as phones make them."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "A phone"
    exif.get_ifd(0x8825)[1], exif.get_ifd(0x8825)[2] = "N", (IFDRational(22), IFDRational(32), IFDRational(6))
    return picture(content_type, exif=exif)


PICTURES = {kind: picture(kind) for kind in FORMATS}
PICTURE = PICTURES["image/png"]
