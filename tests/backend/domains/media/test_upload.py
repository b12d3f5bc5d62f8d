"""Pictures: only pictures, only so large, only for those who may see them."""

import httpx
import pytest

from backend.settings import get_settings
from tests.backend.conftest import sqlite_only
from tests.backend.support import User, World, is_problem

PICTURES = {
    "image/png": b"\x89PNG\r\n\x1a\n" + b"\x00" * 32,
    "image/jpeg": b"\xff\xd8\xff\xe0" + b"\x00" * 32,
    "image/gif": b"GIF89a" + b"\x00" * 32,
    "image/webp": b"RIFF\x00\x00\x00\x00WEBPVP8 " + b"\x00" * 32,
}


def upload(who: User, data: bytes, name: str = "a.png", kind: str = "image/png") -> httpx.Response:
    return who.call("POST", "/media", files={"file": (name, data, kind)})


@sqlite_only
class TestUpload:
    @pytest.mark.parametrize("kind", PICTURES)
    def test_the_kind_is_what_the_bytes_say(self, owner: User, kind: str) -> None:
        assert upload(owner, PICTURES[kind], "a.txt", "text/plain").json()["content_type"] == kind

    def test_the_picture_comes_back_as_it_went(self, owner: User) -> None:
        media_id = upload(owner, PICTURES["image/png"]).json()["media_id"]
        assert owner.get(f"/media/{media_id}").content == PICTURES["image/png"]

    @pytest.mark.parametrize("data", [b"<html><script>", b"%PDF-1.7", b"MZ\x90\x00", b"<svg onload=alert(1)>", b"\x00"])
    def test_what_is_no_picture_is_refused(self, owner: User, data: bytes) -> None:
        is_problem(upload(owner, data), 415)

    def test_an_empty_file_is_refused(self, owner: User) -> None:
        assert is_problem(upload(owner, b""), 422)["errors"][0]["field"] == "file"

    @pytest.mark.parametrize("over", [1, 1024 * 1024])
    def test_a_file_over_the_limit_is_refused(self, owner: User, over: int) -> None:
        limit = get_settings().upload_limit_bytes
        is_problem(upload(owner, PICTURES["image/png"] + b"\x00" * (limit + over - 40)), 413)

    def test_no_file_is_named(self, owner: User) -> None:
        answer = owner.call("POST", "/media", data={"x": "y"})
        assert is_problem(answer, 422)["errors"][0]["field"] == "file"

    def test_nobody_uploads_without_a_log_in(self, world: World) -> None:
        is_problem(world.client.post("/api/v1/media", files={"file": ("a.png", b"x", "image/png")}), 401)


class TestFetch:
    def test_other_peoples_pictures_are_not_found(self, world: World, owner: User) -> None:
        media_id = upload(owner, PICTURES["image/png"]).json()["media_id"]
        is_problem(world.chenjing.get(f"/media/{media_id}"), 404)

    def test_the_same_bytes_of_two_people_stay_apart(self, world: World, owner: User) -> None:
        mine = upload(owner, PICTURES["image/png"]).json()["media_id"]
        theirs = upload(world.chenjing, PICTURES["image/png"]).json()["media_id"]
        assert (mine == theirs, owner.get(f"/media/{theirs}").status_code) == (False, 404)

    def test_the_browser_is_told_not_to_guess(self, owner: User) -> None:
        media_id = upload(owner, PICTURES["image/png"]).json()["media_id"]
        assert owner.get(f"/media/{media_id}").headers["x-content-type-options"] == "nosniff"

    @pytest.mark.parametrize("media_id", ["nothing", "..%2f..%2fetc%2fpasswd", "x" * 500])
    def test_what_does_not_exist_is_not_found(self, owner: User, media_id: str) -> None:
        is_problem(owner.get(f"/media/{media_id}"), 404)
