"""Photos: when and where they were taken is for the desk; small ones for lists."""

import io
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from PIL import Image
from PIL.TiffImagePlugin import IFDRational

from backend.domains.media.service import THUMB_SIDE
from backend.domains.media.taken import Taken, taken
from backend.kit import clock
from tests.backend.conftest import sqlite_only
from tests.backend.domains.media.test_upload import upload
from tests.backend.domains.workorders.work.acting import done, job
from tests.backend.pictures import PICTURES, moving, picture, with_place
from tests.backend.support import User, World, is_problem

NOW = datetime(2026, 7, 1, 4, 0, tzinfo=UTC)
SHANGHAI = {1: "N", 2: (31.0, 13.0, 49.44), 3: "E", 4: (121.0, 28.0, 25.32)}


def photo(when: str | None = "2026:06:30 18:30:00", gps: dict[int, Any] | None = None, **more: Any) -> bytes:
    exif = Image.Exif()
    if when is not None:
        exif.get_ifd(0x8769)[0x9003] = when
    for tag, value in more.get("sub", {}).items():
        exif.get_ifd(0x8769)[tag] = value
    for tag, value in (gps or {}).items():
        exif.get_ifd(0x8825)[tag] = value
    return picture("image/jpeg", exif=exif)


def read(data: bytes) -> Taken:
    return taken(data, "image/jpeg", NOW)


class TestTaken:
    def test_a_time_without_a_zone_is_the_estates(self) -> None:
        assert read(photo()).at == datetime(2026, 6, 30, 10, 30, tzinfo=UTC)

    def test_a_zone_is_believed(self) -> None:
        assert read(photo(sub={0x9011: "+00:00"})).at == datetime(2026, 6, 30, 18, 30, tzinfo=UTC)

    def test_a_place_is_read_in_degrees(self) -> None:
        found = read(photo(gps=SHANGHAI))
        assert (found.lat, found.lng) == (31.2304, 121.4737)

    def test_south_and_west_are_below_zero(self) -> None:
        found = read(photo(gps={**SHANGHAI, 1: "S", 3: "W"}))
        assert (found.lat, found.lng) == (-31.2304, -121.4737)

    @pytest.mark.parametrize(
        "when", ["", "yesterday", "0000:00:00 00:00:00", "1970:01:01 00:00:00", "2027:01:01 00:00:00", "9999:12:31 23:59:59"]
    )  # fmt: skip
    def test_a_time_that_cannot_be_is_none(self, when: str) -> None:
        assert read(photo(when)).at is None

    @pytest.mark.parametrize(
        "gps",
        [
            {1: "N", 2: (31.0, 13.0, 49.0)},
            {**SHANGHAI, 2: (999.0, 0.0, 0.0)},
            {**SHANGHAI, 4: (180.0, 30.0, 0.0)},
            {**SHANGHAI, 2: (31.0, 61.0, 0.0)},
            {**SHANGHAI, 2: (IFDRational(1, 0), 0.0, 0.0)},
            {**SHANGHAI, 2: (31.0, 13.0)},
            {**SHANGHAI, 1: "X"},
            {**SHANGHAI, 2: (0.0, 0.0, 0.0), 4: (0.0, 0.0, 0.0)},
        ],
    )
    def test_a_place_that_cannot_be_is_none(self, gps: dict[int, Any]) -> None:
        assert read(photo(gps=gps)) == Taken(datetime(2026, 6, 30, 10, 30, tzinfo=UTC))

    @pytest.mark.parametrize("kind", PICTURES)
    def test_a_picture_that_says_nothing_says_nothing(self, kind: str) -> None:
        assert taken(PICTURES[kind], kind, NOW) == Taken()

    @pytest.mark.parametrize("kind", ["image/png", "image/webp"])
    def test_other_kinds_say_it_too(self, kind: str) -> None:
        exif = Image.Exif()
        exif[0x010F] = "A phone"
        for tag, value in SHANGHAI.items():
            exif.get_ifd(0x8825)[tag] = value
        assert taken(picture(kind, exif=exif), kind, NOW).lat == 31.2304


@sqlite_only
class TestAbout:
    def test_the_desk_learns_it_and_the_file_does_not_say_it(self, world: World) -> None:
        media_id = upload(world.zhangwei, photo(gps=SHANGHAI)).json()["media_id"]
        about = world.kefu.get(f"/media/{media_id}/about").json()
        assert (about["lat"], about["lng"], about["taken_at"]) == (31.2304, 121.4737, "2026-06-30T10:30:00Z")
        assert about["uploaded_by_id"] == world.zhangwei.id
        back = Image.open(io.BytesIO(world.kefu.get(f"/media/{media_id}").content))
        assert dict(back.getexif()) == {}

    def test_nobody_else_does(self, world: World) -> None:
        media_id = upload(world.zhangwei, photo(gps=SHANGHAI)).json()["media_id"]
        for who in (world.zhangwei, world.lishifu, world.caiwu):
            is_problem(who.get(f"/media/{media_id}/about"), 403)
        theirs = upload(world.chenjing, photo(gps=SHANGHAI)).json()["media_id"]
        is_problem(world.kefu.get(f"/media/{theirs}/about"), 404)

    def test_what_the_file_says_is_marked_so(self, world: World) -> None:
        media_id = upload(world.zhangwei, photo(gps=SHANGHAI)).json()["media_id"]
        about = world.kefu.get(f"/media/{media_id}/about").json()
        assert (about["taken_source"], about["place_source"]) == ("file", "file")

    def test_what_is_sent_twice_is_said_by_each_of_its_own(self, world: World) -> None:
        ids = [upload(world.zhangwei, photo(when)).json()["media_id"] for when in ("2026:06:30 18:30:00", None)]
        assert [world.kefu.get(f"/media/{i}/about").json()["taken_at"] is None for i in ids] == [False, True]


def sent(who: User, data: bytes, **stated: str) -> httpx.Response:
    """Upload a photo with what the phone says of it."""
    return who.call("POST", "/media", files={"file": ("a.jpg", data, "image/jpeg")}, data=stated)


@sqlite_only
class TestStated:
    """The phone has made the photo small, and says beside it what went with the rest."""

    def about(self, world: World, data: bytes, **stated: str) -> dict[str, Any]:
        answer = sent(world.lishifu, data, **stated)
        assert answer.status_code == 201, answer.text
        return dict(world.kefu.get(f"/media/{answer.json()['media_id']}/about").json())

    def test_the_desk_learns_it_and_who_says_it(self, world: World) -> None:
        at = clock.now() - timedelta(hours=2)
        about = self.about(world, picture("image/jpeg"), taken_at=at.isoformat(), position="22.54310,114.05790")
        assert datetime.fromisoformat(about["taken_at"]) == at
        assert (about["lat"], about["lng"]) == (22.5431, 114.0579)
        assert (about["taken_source"], about["place_source"]) == ("phone", "phone")

    def test_what_stands_in_the_file_counts_first(self, world: World) -> None:
        at = (clock.now() - timedelta(minutes=1)).isoformat()
        about = self.about(world, photo(), taken_at=at, position="22.54310,114.05790")
        assert (about["taken_at"], about["taken_source"]) == ("2026-06-30T10:30:00Z", "file")
        assert (about["lat"], about["place_source"]) == (22.5431, "phone")

    def test_where_nobody_says_anything_nothing_is_kept(self, world: World) -> None:
        about = self.about(world, picture("image/jpeg"))
        assert {about[name] for name in ("taken_at", "lat", "lng", "taken_source", "place_source")} == {None}

    def test_a_clock_a_little_ahead_takes_no_photo_after_it_came(self, world: World) -> None:
        about = self.about(world, picture("image/jpeg"), taken_at=(clock.now() + timedelta(minutes=3)).isoformat())
        assert about["taken_at"] <= about["uploaded_at"]

    @pytest.mark.parametrize(
        "position",
        [
            "91,0", "0,181", "-90.5,10", "0,0", "0.0,-0.0", "nan,1", "1,inf", "1e400,2", "here", "1", "1,2,3", ",",
            "22.5;114.1", "9" * 500, "<script>,1",
        ],
    )  # fmt: skip
    def test_a_place_that_cannot_be_is_refused(self, world: World, position: str) -> None:
        problem = is_problem(sent(world.lishifu, picture("image/jpeg"), position=position), 422)
        assert [e["field"].split(".")[-1] for e in problem["errors"]] == ["position"]

    @pytest.mark.parametrize(
        "taken_at",
        ["yesterday", "1999-12-31T00:00:00Z", "2026-07-01 10:00", "9999-12-31T23:59:59Z", "0", "1782900000", "x" * 500],
    )
    def test_a_time_that_cannot_be_is_refused(self, world: World, taken_at: str) -> None:
        problem = is_problem(sent(world.lishifu, picture("image/jpeg"), taken_at=taken_at), 422)
        assert [e["field"].split(".")[-1] for e in problem["errors"]] == ["taken_at"]

    def test_the_future_is_refused_in_words(self, world: World) -> None:
        ahead = (clock.now() + timedelta(hours=1)).isoformat()
        problem = is_problem(sent(world.lishifu, picture("image/jpeg"), taken_at=ahead), 422)
        assert "手机的时间" in problem["errors"][0]["message"]

    def test_owners_never_read_it(self, world: World) -> None:
        number = job(world)
        answer = sent(world.lishifu, picture("image/jpeg", (31, 16)), position="22.54310,114.05790")
        media_id = answer.json()["media_id"]
        done(world.lishifu, number, "photos", media_ids=[media_id], kind="after")
        shown = world.zhangwei.get(f"/work-orders/{number}/work")
        assert [p["media_id"] for p in shown.json()["photos"]] == [media_id]
        assert "22.5431" not in shown.text
        is_problem(world.zhangwei.get(f"/media/{media_id}/about"), 403)


@sqlite_only
class TestThumbnail:
    def small(self, who: User, data: bytes) -> tuple[str, Image.Image]:
        media_id = upload(who, data).json()["media_id"]
        answers = [who.get(f"/media/{media_id}", size="thumb") for _ in range(2)]
        assert answers[0].content == answers[1].content
        return answers[0].headers["content-type"], Image.open(io.BytesIO(answers[0].content))

    def test_the_longest_side_is_480_and_it_is_a_jpeg(self, owner: User) -> None:
        kind, small = self.small(owner, picture("image/png", (1600, 800)))
        assert (kind, small.size) == ("image/jpeg", (THUMB_SIDE, 240))

    def test_what_is_see_through_stays_so(self, owner: User) -> None:
        kept = io.BytesIO()
        Image.new("RGBA", (600, 600), (0, 0, 0, 0)).save(kept, "PNG")
        kind, small = self.small(owner, kept.getvalue())
        assert (kind, small.mode, small.getpixel((5, 5))[3]) == ("image/webp", "RGBA", 0)  # type: ignore[index]

    @pytest.mark.parametrize("kind", PICTURES)
    def test_a_small_picture_is_not_blown_up(self, owner: User, kind: str) -> None:
        assert self.small(owner, PICTURES[kind])[1].size == (24, 16)

    def test_a_photo_on_its_side_stands_up_and_says_nothing_more(self, owner: User) -> None:
        _, small = self.small(owner, with_place("image/jpeg"))
        assert (small.size, dict(small.getexif())) == ((16, 24), {})

    def test_what_moves_stands_still(self, owner: User) -> None:
        _, small = self.small(owner, moving("image/gif"))
        assert getattr(small, "n_frames", 1) == 1

    def test_others_see_it_no_more_than_the_picture(self, world: World, owner: User) -> None:
        media_id = upload(owner, PICTURES["image/png"]).json()["media_id"]
        is_problem(world.chenjing.get(f"/media/{media_id}", size="thumb"), 404)
        is_problem(owner.get(f"/media/{media_id}", size="huge"), 422)
