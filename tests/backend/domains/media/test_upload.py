"""Pictures: only pictures, only so large, only for those who may see them."""

import io
import struct
import zlib

import httpx
import pytest
from PIL import Image

from backend.settings import get_settings
from tests.backend.conftest import sqlite_only
from tests.backend.pictures import PICTURE, PICTURES, moving, picture, with_place
from tests.backend.support import User, World, is_problem


def upload(who: User, data: bytes, name: str = "a.png", kind: str = "image/png") -> httpx.Response:
    return who.call("POST", "/media", files={"file": (name, data, kind)})


def kept(who: User, data: bytes) -> bytes:
    media_id = upload(who, data).json()["media_id"]
    return who.get(f"/media/{media_id}").content


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def claiming(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is huge."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return PICTURE[:8] + head + chunk(b"IDAT", zlib.compress(b"\x00")) + chunk(b"IEND", b"")


NO_PICTURES = {
    "html": b"<html><script>",
    "pdf": b"%PDF-1.7",
    "program": b"MZ\x90\x00",
    "svg": b"<svg onload=alert(1)>",
    "a zero": b"\x00",
    "bitmap": b"BM" + b"\x00" * 60,
    "only a signature": b"\x89PNG\r\n\x1a\n" + b"\x00" * 32,
    "only a jpeg's start": b"\xff\xd8\xff\xe0" + b"\x00" * 32,
    "only a gif's start": b"GIF89a" + b"\x00" * 32,
    "only a webp's start": b"RIFF\x00\x00\x00\x00WEBPVP8 " + b"\x00" * 32,
    "a png that breaks off": PICTURE[:-20],
    "a jpeg that breaks off": picture("image/jpeg", (200, 200))[:-120],
    "a png with a page behind it": PICTURE + b"<script>alert(1)</script>",
    "a gif with a page behind it": PICTURES["image/gif"] + b"<script>alert(1)</script>",
    "a webp with a page behind it": PICTURES["image/webp"] + b"<script>alert(1)</script>",
    "a png that says it is huge": claiming(100_000, 100_000),
    "a png of more than 50 megapixels": claiming(8000, 6251),
    "a png with a broken sum": PICTURE.replace(PICTURE[29:33], b"\x00\x00\x00\x00", 1),
}


@sqlite_only
class TestUpload:
    @pytest.mark.parametrize("kind", PICTURES)
    def test_the_kind_is_what_the_bytes_say(self, owner: User, kind: str) -> None:
        assert upload(owner, PICTURES[kind], "a.txt", "text/plain").json()["content_type"] == kind

    @pytest.mark.parametrize("kind", PICTURES)
    def test_the_picture_comes_back_as_it_went(self, owner: User, kind: str) -> None:
        assert kept(owner, PICTURES[kind]) == PICTURES[kind]

    @pytest.mark.parametrize("kind", ["image/gif", "image/webp"])
    def test_what_moves_still_moves(self, owner: User, kind: str) -> None:
        with Image.open(io.BytesIO(kept(owner, moving(kind)))) as back:
            assert back.n_frames == 2

    @pytest.mark.parametrize("what", NO_PICTURES)
    def test_what_is_no_picture_is_refused(self, owner: User, what: str) -> None:
        is_problem(upload(owner, NO_PICTURES[what]), 415)

    def test_a_picture_of_many_colours_and_steps_is_taken(self, owner: User) -> None:
        gradual = picture("image/jpeg", (300, 200), progressive=True, quality=95)
        assert kept(owner, gradual) == gradual

    def test_an_empty_file_is_refused(self, owner: User) -> None:
        assert is_problem(upload(owner, b""), 422)["errors"][0]["field"] == "file"

    @pytest.mark.parametrize("over", [1, 1024 * 1024])
    def test_a_file_over_the_limit_is_refused(self, owner: User, over: int) -> None:
        limit = get_settings().upload_limit_bytes
        is_problem(upload(owner, PICTURE + b"\x00" * (limit + over - len(PICTURE))), 413)

    def test_no_file_is_named(self, owner: User) -> None:
        answer = owner.call("POST", "/media", data={"x": "y"})
        assert is_problem(answer, 422)["errors"][0]["field"] == "file"

    def test_nobody_uploads_without_a_log_in(self, world: World) -> None:
        is_problem(world.client.post("/api/v1/media", files={"file": ("a.png", b"x", "image/png")}), 401)


@sqlite_only
class TestPrivacy:
    @pytest.mark.parametrize("kind", ["image/jpeg", "image/png", "image/webp"])
    def test_where_it_was_taken_is_not_kept(self, owner: User, kind: str) -> None:
        sent = with_place(kind)
        assert dict(Image.open(io.BytesIO(sent)).getexif().get_ifd(0x8825))
        back = kept(owner, sent)
        assert b"A phone" not in back
        assert not dict(Image.open(io.BytesIO(back)).getexif().get_ifd(0x8825))

    @pytest.mark.parametrize("kind", ["image/jpeg", "image/png", "image/webp"])
    def test_the_picture_itself_stays(self, owner: User, kind: str) -> None:
        sent = with_place(kind)
        before, after = Image.open(io.BytesIO(sent)), Image.open(io.BytesIO(kept(owner, sent)))
        assert before.convert("RGB").tobytes() == after.convert("RGB").tobytes()

    def test_a_photo_on_its_side_still_says_so(self, owner: User) -> None:
        back = Image.open(io.BytesIO(kept(owner, with_place("image/jpeg"))))
        assert back.getexif()[0x0112] == 6

    def test_what_phones_append_to_a_photo_is_cut_off(self, owner: User) -> None:
        assert kept(owner, PICTURES["image/jpeg"] + b"MotionPhoto" + b"\x00" * 500) == PICTURES["image/jpeg"]

    def test_words_inside_a_picture_are_not_kept(self, owner: User) -> None:
        sent = PICTURE[:33] + chunk(b"tEXt", b"Comment\x00taken at home") + PICTURE[33:]
        assert kept(owner, sent) == PICTURE


class TestFetch:
    def test_other_peoples_pictures_are_not_found(self, world: World, owner: User) -> None:
        media_id = upload(owner, PICTURE).json()["media_id"]
        is_problem(world.chenjing.get(f"/media/{media_id}"), 404)

    def test_the_same_bytes_of_two_people_stay_apart(self, world: World, owner: User) -> None:
        mine = upload(owner, PICTURE).json()["media_id"]
        theirs = upload(world.chenjing, PICTURE).json()["media_id"]
        assert (mine == theirs, owner.get(f"/media/{theirs}").status_code) == (False, 404)

    def test_the_browser_is_told_not_to_guess(self, owner: User) -> None:
        media_id = upload(owner, PICTURE).json()["media_id"]
        assert owner.get(f"/media/{media_id}").headers["x-content-type-options"] == "nosniff"

    @pytest.mark.parametrize("media_id", ["nothing", "..%2f..%2fetc%2fpasswd", "x" * 500])
    def test_what_does_not_exist_is_not_found(self, owner: User, media_id: str) -> None:
        is_problem(owner.get(f"/media/{media_id}"), 404)

    @pytest.mark.parametrize(("asked", "status"), [("bytes=5-2", 400), ("bytes=99999999-", 416), ("pages=1", 400)])
    def test_a_part_that_is_not_there_is_told_in_words(self, owner: User, asked: str, status: int) -> None:
        media_id = upload(owner, PICTURE).json()["media_id"]
        is_problem(owner.call("GET", f"/media/{media_id}", headers={"Range": asked}), status)

    def test_a_part_that_is_there_is_given(self, owner: User) -> None:
        media_id = upload(owner, PICTURE).json()["media_id"]
        part = owner.call("GET", f"/media/{media_id}", headers={"Range": "bytes=0-7"})
        assert (part.status_code, part.content) == (206, PICTURE[:8])
