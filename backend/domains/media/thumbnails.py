"""A picture made small, upright and still, without anything but the picture. Pure.

Pillow draws a JPEG at the smallest scale that is still large enough, so that a photo of 40 megapixels takes a few megabytes.
"""

import io

from PIL import Image, ImageOps

QUALITY = 80


def small(data: bytes, side: int) -> bytes | None:
    """Return the picture with ``side`` as its longest side at most: WebP where it is see-through, else JPEG.

    None when it cannot be drawn.
    """
    kept = io.BytesIO()
    try:
        with Image.open(io.BytesIO(data)) as image:
            image.thumbnail((side, side), reducing_gap=2.0)
            upright = ImageOps.exif_transpose(image)
            clear = upright.has_transparency_data
            upright.convert("RGBA" if clear else "RGB").save(kept, "WEBP" if clear else "JPEG", quality=QUALITY)
    except Exception:  # the decoders have many ways to say no
        return None
    return kept.getvalue()
