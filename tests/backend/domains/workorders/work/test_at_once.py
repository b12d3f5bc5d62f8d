"""Two phones at one moment, on every kind of database."""

from datetime import timedelta

from backend.domains.estate import service as estate
from backend.domains.workorders.service.work import suspending
from backend.kit import clock
from tests.backend.domains.workorders.work.acting import done, fill, heard, job, lines, photo, work
from tests.backend.support import World, together


def test_the_main_story(world: World) -> None:
    number = job(world, "dispatched", category="electrical")
    done(world.lishifu, number, "arrival", lat=31.23, lng=121.47, accuracy_m=15)
    done(world.lishifu, number, "mates", person_id=world.zhaoshifu.id)
    done(world.zhaoshifu, number, "photos", media_ids=[photo(world.zhaoshifu)], kind="before")
    for item in work(world.zhaoshifu, number)["checklist"]["items"]:
        if item["required"]:
            assert fill(world.zhaoshifu, number, item_id=item["id"], ok=True).status_code == 200
    done(world.lishifu, number, "signature", media_id=photo(world.lishifu, content_type="image/png"), name="张伟")
    assert world.lishifu.move(number, "finished", note="换了空开").status_code == 200
    shown = work(world.zhangwei, number)
    assert (shown["status"], len(shown["photos"]), shown["signature"]["name"]) == ("finished", 1, "张伟")


def test_an_estates_list_is_kept(world: World) -> None:
    body = {"title": "虫鼠", "items": [{"text": "投药点已贴标识"}], "version": 0}
    answers = together([lambda: world.kefu.call("PUT", "/checklists/pest", json=body)] * 2)
    assert sorted(a.status_code for a in answers) == [200, 409]


def test_an_answer_and_a_withdrawal_at_once_leave_one_holder(world: World) -> None:
    number = job(world)
    at = done(world.lishifu, number, "transfers", to_person_id=world.zhaoshifu.id, reason="换人")["transfers"][0]["id"]
    path = f"/work-orders/{number}/transfers/{at}/decision"
    answers = together(
        [
            lambda: world.zhaoshifu.post(path, {"decision": "accept"}),
            lambda: world.zhaoshifu.post(path, {"decision": "accept"}),
            lambda: world.lishifu.post(path, {"decision": "withdraw"}),
            lambda: world.kefu.move(number, "dispatched", technician=world.lishifu.id),
        ]
    )
    assert all(a.status_code in (200, 403, 404, 409) for a in answers), answers
    shown = work(world.kefu, number)["transfers"][0]["status"]
    holder = world.kefu.get(f"/work-orders/{number}").json()["technician"]["id"]
    taken = sum("转单 改由" in line for line in lines(world.kefu, number))
    assert shown in ("accepted", "withdrawn", "lapsed")
    assert taken == (shown == "accepted")
    assert holder in (world.lishifu.id, world.zhaoshifu.id)


def test_a_queue_that_is_sent_twice_at_once_happens_once(world: World) -> None:
    number, media_id = job(world, "accepted"), photo(world.lishifu)
    together([lambda: done(world.lishifu, number, "arrival", key=f"{number}-1", lat=31.0, lng=121.0)] * 2)
    both = {"media_ids": [media_id], "kind": "after"}
    together([lambda: done(world.lishifu, number, "photos", key=f"{number}-2", **both)] * 2)
    together([lambda: done(world.lishifu, number, "mates", person_id=world.zhaoshifu.id)] * 2)
    shown = work(world.kefu, number)
    assert [len(shown[part]) for part in ("arrivals", "photos", "mates")] == [1, 1, 1]


def test_two_phones_at_one_job_do_not_disturb_each_other(world: World) -> None:
    number = job(world, category="electrical")
    done(world.lishifu, number, "mates", person_id=world.zhaoshifu.id)
    first, second = [i["id"] for i in work(world.kefu, number)["checklist"]["items"]][:2]
    mine, theirs = photo(world.lishifu), photo(world.zhaoshifu)
    answers = together(
        [
            lambda: fill(world.lishifu, number, item_id=first, ok=True).status_code,
            lambda: fill(world.zhaoshifu, number, item_id=second, ok=True).status_code,
            lambda: len(done(world.lishifu, number, "photos", media_ids=[mine], kind="before")),
            lambda: len(done(world.zhaoshifu, number, "photos", media_ids=[theirs], kind="after")),
        ]
    )
    assert answers[:2] == [200, 200], answers
    assert len(work(world.kefu, number)["photos"]) == 2


def test_two_workers_remind_once(world: World) -> None:
    number = job(world)
    until = clock.now() + timedelta(hours=1)
    world.lishifu.move(number, "suspended", note="等配件", until=until.isoformat())
    with clock.use_clock(lambda: until + timedelta(minutes=1)):
        together([suspending.remind_due] * 2)
    assert len([t for t in heard(world, world.lishifu, number) if "说好这个时候继续" in t]) == 1


def test_a_building_without_a_position_has_none(world: World) -> None:
    with world.session_for(world.kefu) as session:
        assert estate.position_of(session, next(iter(world.kefu.principal.community_ids)), "没有") is None
