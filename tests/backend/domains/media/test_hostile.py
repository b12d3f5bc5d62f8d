"""Pictures that are made to hurt: refused before they are unpacked, and large ones in little memory."""

import io
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin

from backend.domains.media.pictures import MOST_FRAMES, TooMuchToDraw, cleaned, require_drawable
from tests.backend.conftest import sqlite_only
from tests.backend.domains.media.test_upload import chunk, upload
from tests.backend.pictures import PICTURE, picture
from tests.backend.support import User, is_problem

FRAME = b"\x2c" + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\x00"


def gif(frames: int, side: int = 1) -> bytes:
    """A GIF of many frames of one point each, on a canvas of any size."""
    head = b"GIF89a" + struct.pack("<HHBBB", side, side, 0x80, 0, 0) + b"\x00\x00\x00\xff\xff\xff"
    return head + FRAME * frames + b"\x3b"


def zip_bomb(side: int = 30_000) -> bytes:
    """A PNG of a few hundred kilobytes that is 900 million points."""
    packer, row = zlib.compressobj(9), b"\x00" * (side // 8 + 1)
    body = b"".join(packer.compress(row * 1000) for _ in range(side // 1000)) + packer.flush()
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0))
    return PICTURE[:8] + head + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def photo_of_40_megapixels() -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", (7304, 5478), (90, 120, 60)).save(kept, "JPEG", quality=60)
    return kept.getvalue()


class TestBombs:
    def test_a_png_of_900_megapixels_is_refused_before_it_is_unpacked(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def unpack(*_: object) -> None:
            raise AssertionError("unpacked")

        bomb = zip_bomb()
        assert len(bomb) < 300_000
        monkeypatch.setattr(PngImagePlugin.PngImageFile, "load", unpack)
        with pytest.raises(TooMuchToDraw):
            cleaned(bomb, "image/png")

    def test_nor_when_words_about_how_it_lies_would_have_it_unpacked(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def unpack(*_: object) -> None:
            raise AssertionError("unpacked")

        head = chunk(b"IHDR", struct.pack(">IIBBBBB", 9000, 9000, 8, 2, 0, 0, 0))
        bomb = PICTURE[:8] + head + chunk(b"IDAT", b"") + chunk(b"eXIf", b"II*\x00") + chunk(b"IEND", b"")
        monkeypatch.setattr(PngImagePlugin.PngImageFile, "load", unpack)
        with pytest.raises(TooMuchToDraw):
            cleaned(bomb, "image/png")

    @pytest.mark.parametrize("frames", [MOST_FRAMES + 1, 5000])
    def test_a_gif_of_thousands_of_frames_is_refused(self, frames: int) -> None:
        with pytest.raises(TooMuchToDraw):
            cleaned(gif(frames), "image/gif")

    def test_so_is_one_whose_frames_are_huge_together(self) -> None:
        with pytest.raises(TooMuchToDraw):
            cleaned(gif(100, 7000), "image/gif")

    def test_a_short_one_is_taken(self) -> None:
        assert cleaned(gif(MOST_FRAMES), "image/gif")

    def test_a_webp_of_too_many_frames_is_refused(self) -> None:
        kept, frames = (
            io.BytesIO(),
            [Image.new("RGB", (2, 2), (i * 97 % 256, i % 256, 0)) for i in range(MOST_FRAMES + 1)],
        )
        frames[0].save(kept, "WEBP", save_all=True, append_images=frames[1:], lossless=True, duration=50)
        with pytest.raises(TooMuchToDraw):
            cleaned(kept.getvalue(), "image/webp")

    def test_a_moving_png_that_claims_billions_of_frames_is_refused(self) -> None:
        moving = PICTURE[:33] + chunk(b"acTL", struct.pack(">II", 2**31 - 1, 0)) + PICTURE[33:]
        with pytest.raises(TooMuchToDraw):
            cleaned(moving, "image/png")

    def test_what_is_in_bounds_may_be_drawn(self) -> None:
        require_drawable(picture("image/png", (500, 500)), "image/png")


@sqlite_only
class TestUpload:
    @pytest.mark.parametrize("make", [zip_bomb, lambda: gif(5000)])
    def test_it_is_said_that_it_is_too_large(self, owner: User, make: object) -> None:
        problem = is_problem(upload(owner, make()), 415)  # type: ignore[operator]
        assert "太大" in problem["detail"]

    def test_a_photo_of_40_megapixels_is_taken_and_made_small(self, owner: User) -> None:
        media_id = upload(owner, photo_of_40_megapixels()).json()["media_id"]
        with Image.open(io.BytesIO(owner.get(f"/media/{media_id}", size="thumb").content)) as small:
            assert small.size == (480, 360)

    def test_a_photo_that_breaks_off_is_refused(self, owner: User) -> None:
        whole = picture("image/jpeg", (1200, 900), quality=95)
        for part in (len(whole) // 2, len(whole) - 1):
            is_problem(upload(owner, whole[:part]), 415)

    def test_the_name_of_a_file_means_nothing(self, owner: User) -> None:
        assert upload(owner, picture("image/jpeg"), "a.png").json()["content_type"] == "image/jpeg"
        is_problem(upload(owner, b"#!/bin/sh\nrm", "a.jpg", "image/jpeg"), 415)


MEASURED = """
import resource, sys
from pathlib import Path
from backend.domains.media.pictures import cleaned
from backend.domains.media.taken import taken
from backend.domains.media.thumbnails import small
from datetime import UTC, datetime
data = Path(sys.argv[1]).read_bytes()
small(data[:100], 480)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
alone = cleaned(data, "image/jpeg")
taken(data, "image/jpeg", datetime.now(UTC))
assert small(alone, 480)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def test_40_megapixels_take_little_memory(tmp_path: Path) -> None:
    """Drawn whole it would be 120 MB."""
    file = tmp_path / "photo.jpg"
    file.write_bytes(photo_of_40_megapixels())
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, str(file)], capture_output=True, text=True, timeout=120, check=True
    )
    assert int(done.stdout) < 60
