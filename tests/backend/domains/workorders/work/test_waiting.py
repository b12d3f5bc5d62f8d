"""Work that waits: kinds, days, the reminder; signatures; remarks that only staff read."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domains.workorders.domain import Status
from backend.domains.workorders.on_site import arrival_in_words, distance_in_words, happened_at, is_far
from backend.domains.workorders.service.work import suspending
from backend.domains.workorders.suspension import REASON_KINDS, kind_of, pauses_clocks
from backend.kit import clock
from tests.backend.conftest import sqlite_only
from tests.backend.domains.workorders.work.acting import do, done, heard, job, lines, photo, work
from tests.backend.support import World, is_problem

NOW = datetime(2026, 7, 1, 2, 0, tzinfo=UTC)
moments = st.datetimes(timezones=st.just(UTC))


class TestRules:
    @pytest.mark.parametrize(
        ("said", "kind"),
        [
            ("业主不在家", "waiting_owner"),
            ("等业主回来", "waiting_owner"),
            ("敲门没应", "waiting_owner"),
            ("等配件，明天到", "waiting_parts"),
            ("缺一个角阀，去买材料", "waiting_parts"),
            ("没带配件", "waiting_parts"),
            ("下雨不能登高", "other"),
            ("师傅先暂停处理", "other"),
            (None, "other"),
        ],
    )
    def test_the_words_tell_the_kind(self, said: str | None, kind: str) -> None:
        assert kind_of(said) == kind

    def test_clocks_stand_still_for_what_nobody_here_can_help(self) -> None:
        assert {kind for kind in REASON_KINDS if pauses_clocks(kind)} == {"waiting_owner", "waiting_parts"}
        assert not pauses_clocks(None)

    @given(said=st.none() | moments)
    def test_nothing_happened_in_the_future_or_long_ago(self, said: datetime | None) -> None:
        assert NOW - timedelta(hours=48) <= happened_at(said, NOW) <= NOW

    @given(metres=st.floats(0, 2e7), unsure=st.none() | st.floats(0, 1e6))
    def test_a_distance_is_always_said_and_unsureness_excuses_little(self, metres: float, unsure: float | None) -> None:
        assert distance_in_words(metres).endswith(("米", "公里"))
        assert is_far(metres, unsure) == ("偏远" in arrival_in_words("3", metres, unsure))
        assert not is_far(metres, unsure) or metres > 300
        assert is_far(metres, unsure) or metres <= 600


@sqlite_only
class TestSuspend:
    def test_the_day_may_be_said_in_words(self, world: World) -> None:
        number = job(world)
        with clock.use_clock(lambda: NOW):
            assert world.lishifu.move(number, "suspended", note="等配件，明天下午三点到").status_code == 200
            waits = work(world.lishifu, number)["suspended"]
        assert (waits["kind"], waits["until"][:13]) == ("waiting_parts", "2026-07-02T07")

    def test_the_owner_hears_the_day(self, world: World) -> None:
        number = job(world)
        with clock.use_clock(lambda: NOW):
            until = (NOW + timedelta(days=1)).isoformat()
            world.lishifu.move(number, "suspended", note="缺个阀芯", reason_kind="waiting_parts", until=until)
            shown = work(world.zhangwei, number)["suspended"]
        assert (shown["kind_title"], datetime.fromisoformat(shown["until"])) == ("等配件", NOW + timedelta(days=1))
        assert any("缺个阀芯。预计 明天 10:00 继续。" in text for text in heard(world, world.zhangwei, number))
        assert "挂起：等配件 预计 明天 10:00 继续" in lines(world.zhangwei, number)

    def test_without_a_kind_the_words_tell_it(self, world: World) -> None:
        number = job(world)
        world.lishifu.move(number, "suspended", note="业主不在家")
        assert work(world.lishifu, number)["suspended"] == {
            "kind": "waiting_owner", "kind_title": "等业主", "until": None,
        }  # fmt: skip
        world.lishifu.move(number, "accepted")
        assert work(world.lishifu, number)["suspended"] is None

    def test_another_day_may_be_said_later(self, world: World) -> None:
        number = job(world)
        world.lishifu.move(number, "suspended", note="等配件")
        until = (clock.now() + timedelta(days=3)).isoformat()
        assert world.lishifu.move(number, "suspended", note="等配件", until=until).status_code == 200
        assert work(world.lishifu, number)["suspended"]["until"] is not None
        assert world.zhangwei.get(f"/work-orders/{number}").json()["suspended_until"] is not None
        world.lishifu.move(number, "accepted")
        assert world.zhangwei.get(f"/work-orders/{number}").json()["suspended_until"] is None

    @pytest.mark.parametrize("wrong", [{"reason_kind": "lunch"}, {"until": "2020-01-01T00:00:00Z"}, {"until": "soon"}])
    def test_what_is_wrong_is_refused(self, world: World, wrong: dict[str, str]) -> None:
        is_problem(world.lishifu.move(job(world), "suspended", note="x", **wrong), 422)

    def test_the_holder_is_reminded_once_when_the_day_has_come(self, world: World) -> None:
        number = job(world)
        until = clock.now() + timedelta(hours=2)
        world.lishifu.move(number, "suspended", note="等配件", until=until.isoformat())
        suspending.remind_due()
        told = [t for t in heard(world, world.lishifu, number) if "说好这个时候继续" in t]
        assert told == []
        with clock.use_clock(lambda: until + timedelta(minutes=1)):
            suspending.remind_due()
            suspending.remind_due()
        told = [t for t in heard(world, world.lishifu, number) if "说好这个时候继续" in t]
        assert len(told) == 1

    def test_who_went_on_before_is_not_reminded(self, world: World) -> None:
        number = job(world)
        until = clock.now() + timedelta(hours=2)
        world.lishifu.move(number, "suspended", note="等配件", until=until.isoformat())
        world.lishifu.move(number, "accepted")
        with clock.use_clock(lambda: until + timedelta(minutes=1)):
            suspending.remind_due()
        assert not any("说好这个时候继续" in t for t in heard(world, world.lishifu, number))


@sqlite_only
class TestSign:
    def test_it_is_shown_and_told_and_accepts_nothing(self, world: World) -> None:
        number = job(world)
        media_id = photo(world.lishifu, content_type="image/png")
        shown = done(world.lishifu, number, "signature", media_id=media_id, name="张伟")
        assert (shown["signature"]["name"], shown["status"]) == ("张伟", "on_site")
        assert any("请您来验收" in text for text in heard(world, world.zhangwei, number))
        assert work(world.zhangwei, number)["signature"]["media_id"] == media_id
        assert world.zhangwei.get(f"/media/{media_id}").status_code == 200
        is_problem(world.wangfang.get(f"/media/{media_id}"), 404)

    @pytest.mark.parametrize("status", [Status.DISPATCHED, Status.ACCEPTED])
    def test_nobody_signs_before_somebody_came(self, world: World, status: str) -> None:
        media_id = photo(world.lishifu, content_type="image/png")
        is_problem(do(world.lishifu, job(world, status), "signature", media_id=media_id, name="张伟"), 409)

    def test_after_the_work_it_may_still_be_signed_once(self, world: World) -> None:
        number = job(world)
        world.lishifu.move(number, "finished", note="好了")
        media_id = photo(world.lishifu, content_type="image/png")
        for _ in range(2):
            done(world.lishifu, number, "signature", media_id=media_id, name="张伟")
        assert lines(world.zhangwei, number, "signature") == ["现场签字 张伟"]

    def test_a_photo_is_no_signature(self, world: World) -> None:
        answer = do(world.lishifu, job(world), "signature", media_id=photo(world.lishifu), name="张伟")
        assert is_problem(answer, 422)["errors"][0]["field"] == "media_id"

    @pytest.mark.parametrize("who", ["kefu", "zhangwei"])
    def test_only_on_the_holders_phone(self, world: World, who: str) -> None:
        person = getattr(world, who)
        media_id = photo(person, content_type="image/png")
        is_problem(do(person, job(world), "signature", media_id=media_id, name="张伟"), 403)


@sqlite_only
class TestRemark:
    def test_staff_read_it_and_residents_do_not(self, world: World) -> None:
        number = job(world)
        answer = world.kefu.post(f"/work-orders/{number}/notes", {"text": "业主脾气急，说话客气点", "kind": "remark"})
        assert answer.status_code == 201
        assert lines(world.lishifu, number, "remark") == ["内部备注 业主脾气急，说话客气点"]
        assert not any("脾气" in line for line in lines(world.zhangwei, number))
        assert not any("脾气" in text for text in heard(world, world.zhangwei, number))
        assert any("内部备注：业主脾气急" in text for text in heard(world, world.lishifu, number))

    def test_nor_does_the_household_or_who_follows_a_public_fault(self, world: World) -> None:
        number = job(world, public=True, category="hvac")
        world.lishifu.post(f"/work-orders/{number}/notes", {"text": "线路是私拉的", "kind": "remark"})
        assert not any("私拉" in line for line in lines(world.zhangwei, number))
        assert any("私拉" in line for line in lines(world.jingli, number))

    def test_residents_write_none(self, world: World) -> None:
        number = job(world)
        is_problem(world.zhangwei.post(f"/work-orders/{number}/notes", {"text": "x", "kind": "remark"}), 403)
