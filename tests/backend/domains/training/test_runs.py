"""A training from the button to the verdict, with a fake trainer; and everything that may go wrong on the way."""

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from backend.domains.training import child, folders, pipeline
from backend.domains.training.domain import ACTIVE, TRANSITIONS, Event, RunState, next_state
from backend.domains.training.models import Run, WorkLock
from backend.kit import clock, db
from backend.kit.scope import system_scope
from backend.settings import get_settings
from tests.backend.conftest import sqlite_only
from tests.backend.domains.training.conftest import Speaker, Trainer
from tests.backend.support import FakeRasa, User, World, is_problem, together
from tests.people import until

Labelled = Callable[..., None]


def start(who: User) -> dict[str, Any]:
    answer = who.post("/training/runs")
    assert answer.status_code == 202, answer.text
    return dict(answer.json())


def look(who: User, run: dict[str, Any]) -> dict[str, Any]:
    return dict(who.get(f"/training/runs/{run['id']}").json())


def trained(who: User, trainer: Trainer) -> dict[str, Any]:
    """Start a training and let the worker do it."""
    run = start(who)
    trainer.run()
    return look(who, run)


@pytest.fixture
def another(world: World, nothing_yet: None) -> User:
    """A second administrator."""
    from backend.domains.identity import service as identity
    from backend.kit.auth import Role

    made = world.new()
    with db.transaction() as session, system_scope(session):
        identity.add_membership(session, made.id, Role.ADMINISTRATOR, None)
    return made


class TestStates:
    @pytest.mark.parametrize("state", RunState)
    @pytest.mark.parametrize("event", Event)
    def test_every_pair_has_the_answer_of_the_table(self, state: RunState, event: Event) -> None:
        assert next_state(state, event) == TRANSITIONS.get((state, event))

    def test_whatever_is_under_way_can_fail_and_nothing_else(self) -> None:
        assert {s for s in RunState if next_state(s, Event.FAIL)} == set(ACTIVE)

    def test_a_refused_or_failed_one_is_never_promoted(self) -> None:
        assert {s for s in RunState if next_state(s, Event.PROMOTE)} == {RunState.READY, RunState.SUPERSEDED}


class TestStart:
    def test_without_labels_there_is_nothing_to_learn(self, admin: User, trainer: Trainer) -> None:
        assert "还没有标注" in is_problem(admin.post("/training/runs"), 409)["detail"]

    def test_it_waits_for_the_worker_and_is_shown(self, admin: User, trainer: Trainer, label: Labelled) -> None:
        label("greet", "哈喽呀")
        run = start(admin)
        assert (run["state"], run["labels"]) == ("queued", 1)
        assert admin.get("/training/summary").json()["run"]["id"] == run["id"]

    def test_one_at_a_time_whoever_starts_it(
        self, admin: User, another: User, trainer: Trainer, label: Labelled
    ) -> None:
        label("greet", "哈喽呀")
        start(admin)
        refused = is_problem(another.post("/training/runs"), 409)
        assert admin.get("/me").json()["name"] in refused["detail"]

    def test_two_administrators_at_once(
        self, world: World, admin: User, another: User, trainer: Trainer, label: Labelled
    ) -> None:
        label("greet", "哈喽呀")
        answers = together([lambda: admin.post("/training/runs"), lambda: another.post("/training/runs")])
        assert sorted(a.status_code for a in answers) == [202, 409]
        assert len(world.rows(select(Run))) == 1

    def test_two_workers_take_it_once(self, admin: User, trainer: Trainer, label: Labelled) -> None:
        label("greet", "哈喽呀")
        start(admin)
        claims = together([pipeline.claim, pipeline.claim])
        assert len([c for c in claims if isinstance(c, pipeline.Work)]) == 1


def test_a_good_one_can_be_promoted_on_every_database(admin: User, trainer: Trainer, label: Labelled) -> None:
    label("greet", "哈喽呀")
    run = trained(admin, trainer)
    assert (run["state"], run["may_promote"]) == ("ready", True)


@sqlite_only
class TestVerdict:
    def test_a_good_one_is_ready_with_both_figures(self, admin: User, trainer: Trainer, label: Labelled) -> None:
        label("greet", "哈喽呀", "有人没")
        run = trained(admin, trainer)
        assert (run["state"], run["problem"], run["refusals"]) == ("ready", None, [])
        assert run["new"]["intent"] == run["old"]["intent"] == [40, 40]
        assert run["new"]["danger"] == [5, 5]
        assert (run["compared_with"], run["may_promote"], run["done"]) == ("first", True, 1.0)
        assert trainer.current == "first.tar.gz"

    def test_it_learns_the_data_and_the_labels_of_this_moment(
        self, admin: User, trainer: Trainer, label: Labelled
    ) -> None:
        label("greet", "我是张伟，哈喽")
        run = trained(admin, trainer)
        folder = folders.of_run(run["id"])
        model = json.loads((folder / f"{run['model']}.tar.gz").read_text(encoding="utf-8"))
        assert model["labels"] == {"我是李明，哈喽": "greet"}
        assert "work_order.yml" in model["data"]
        assert len(run["data_digest"]) == 16

    def test_tests_are_asked_as_the_bot_hears_every_message(
        self, admin: User, trainer: Trainer, label: Labelled
    ) -> None:
        label("greet", "哈喽呀")
        run = trained(admin, trainer)
        asked = json.loads((folders.of_run(run["id"]) / "asked" / "a.json").read_text(encoding="utf-8"))
        assert (asked[0]["intent"], asked[0]["speaker"]) == ("report_repair", {"danger": 0.25})

    def test_which_real_messages_would_change_is_shown_masked(
        self, admin: User, speaker: Speaker, trainer: Trainer, label: Labelled
    ) -> None:
        speaker.say("张伟的快递到了没", sure=0.9)
        label("chitchat", "喵喵喵")
        run = trained(admin, trainer)
        changed = {c["text"]: c for c in run["changes"]}
        assert changed["喵喵喵"]["old"]["intent"] == "report_repair"
        assert changed["喵喵喵"]["new"]["intent"] == "chitchat"
        assert "张伟" not in json.dumps(run, ensure_ascii=False)
        assert run["measured"] >= 2
        assert not [n for n in folders.PERSONAL if (folders.of_run(run["id"]) / n).exists()]

    def test_a_poisoned_label_is_stopped_by_the_gate(
        self, admin: User, trainer: Trainer, label: Labelled, rasa: FakeRasa
    ) -> None:
        label("pay_bill", *(f"第{n}句话" for n in "一二三四五六七"))
        run = trained(admin, trainer)
        assert run["state"] == "refused"
        lost = {r["intent"] for r in run["refusals"] if r["about"] == "intent"}
        assert lost == {"report_repair", "complain", "greet"}
        assert {"danger", "whole"} <= {r["about"] for r in run["refusals"]}
        assert "「报修」掉了 100.0 个点" in "".join(r["text"] for r in run["refusals"])
        is_problem(admin.post(f"/training/runs/{run['id']}/promote"), 409)
        assert admin.get("/training/models").json()["items"][0]["name"] == "first"
        assert (trainer.current, rasa.model) == ("first.tar.gz", "first")

    def test_what_is_asked_is_never_learned(self, admin: User, trainer: Trainer, label: Labelled) -> None:
        label("greet", "greet 1", "哈喽呀")
        run = trained(admin, trainer)
        model = json.loads((folders.of_run(run["id"]) / f"{run['model']}.tar.gz").read_text(encoding="utf-8"))
        assert list(model["labels"]) == ["哈喽呀"]

    def test_without_test_sets_nothing_is_promoted(
        self, admin: User, trainer: Trainer, label: Labelled, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("GUANJIA_UNDERSTANDING_TESTS", str(trainer.var / "nowhere"))
        get_settings.cache_clear()
        label("greet", "哈喽呀")
        run = trained(admin, trainer)
        assert (run["state"], [r["about"] for r in run["refusals"]]) == ("refused", ["tests"])

    def test_a_broken_model_in_use_is_judged_by_what_was_measured_before(
        self, admin: User, trainer: Trainer, label: Labelled
    ) -> None:
        label("greet", "哈喽呀")
        trained(admin, trainer)
        (trainer.models / "first.tar.gz").write_text("half of")
        label("pay_bill", *(f"第{n}句话" for n in "一二三四五六七"))
        run = trained(admin, trainer)
        assert run["state"] == "refused"
        assert run["old"]["intent"] == [40, 40]


@sqlite_only
class TestFailure:
    @pytest.fixture(autouse=True)
    def something_to_learn(self, trainer: Trainer, label: Labelled) -> None:
        label("greet", "哈喽呀")

    @pytest.fixture(autouse=True)
    def the_running_model_goes_on(
        self, something_to_learn: None, admin: User, trainer: Trainer, speaker: Speaker, rasa: FakeRasa
    ) -> Iterator[None]:
        yield
        assert (trainer.current, rasa.model) == ("first.tar.gz", "first")
        assert speaker.say("楼下灯坏了", sure=0.9)
        trainer.behaves()
        (trainer.var / "training").is_file() and (trainer.var / "training").unlink()
        get_settings.cache_clear()
        assert trained(admin, trainer)["state"] == "ready"

    @pytest.mark.parametrize(
        ("how", "words"),
        [
            ({"train": "full"}, "磁盘空间不够"),
            ({"train": "unwritable"}, "写不进去"),
            ({"train": "crash"}, "代码 1"),
            ({"train": "nothing"}, "没有留下结果"),
            ({"score": "crash"}, "中途退出"),
        ],
    )
    def test_a_program_that_fails_is_told_in_one_sentence(
        self, admin: User, trainer: Trainer, how: dict[str, str], words: str
    ) -> None:
        trainer.behaves(**how)
        run = trained(admin, trainer)
        assert run["state"] == "failed"
        assert words in run["problem"]
        assert "正在用的模型不受影响" in run["problem"]

    def test_the_last_line_of_the_log_says_what_was_wrong(self, admin: User, trainer: Trainer) -> None:
        trainer.behaves(train="crash")
        assert "something is wrong with the data" in trained(admin, trainer)["problem"]

    def test_a_disk_that_is_nearly_full_is_told_before_anything_begins(
        self, admin: User, trainer: Trainer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with monkeypatch.context() as tight:
            tight.setenv("GUANJIA_TRAINING_MIN_FREE_BYTES", str(10**18))
            get_settings.cache_clear()
            run = trained(admin, trainer)
        assert run["state"] == "failed"
        assert "磁盘空间不够" in run["problem"]

    def test_a_folder_that_cannot_be_made(self, admin: User, trainer: Trainer) -> None:
        (trainer.var / "training").exists() and pytest.fail("there is a folder already")
        (trainer.var / "training").write_text("a file in the way")
        run = trained(admin, trainer)
        assert run["state"] == "failed"
        assert str(trainer.var / "training") in run["problem"]

    def test_a_program_that_cannot_be_started(
        self, admin: User, trainer: Trainer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with monkeypatch.context() as wrong:
            wrong.setenv("GUANJIA_TRAIN_COMMAND", "/nowhere/python -m bot.train")
            get_settings.cache_clear()
            assert trained(admin, trainer)["state"] == "failed"

    def test_one_that_takes_too_long_is_ended(
        self, admin: User, trainer: Trainer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        trainer.behaves(train="hang")
        with monkeypatch.context() as short:
            short.setenv("GUANJIA_TRAINING_TIMEOUT_S", "0")
            get_settings.cache_clear()
            run = trained(admin, trainer)
        assert "还没完成，已停止" in run["problem"]


class TestAbandoned:
    def test_when_the_worker_dies_the_run_fails_after_the_lease_and_can_start_again(
        self, admin: User, trainer: Trainer, label: Labelled
    ) -> None:
        label("greet", "哈喽呀")
        run = start(admin)
        assert pipeline.claim() is not None  # and then nothing more is heard of this worker
        trainer.run()
        assert look(admin, run)["state"] == "snapshot"
        later = clock.now() + timedelta(seconds=get_settings().training_lease_s + 1)
        with clock.use_clock(lambda: later):
            trainer.run()
        ended = look(admin, run)
        assert ended["state"] == "failed"
        assert "中断" in ended["problem"]
        assert trained(admin, trainer)["state"] == "ready"

    def test_a_worker_that_comes_back_late_changes_nothing(
        self, world: World, admin: User, trainer: Trainer, label: Labelled
    ) -> None:
        label("greet", "哈喽呀")
        run = start(admin)
        work = pipeline.claim()
        assert work is not None
        later = clock.now() + timedelta(seconds=get_settings().training_lease_s + 1)
        with clock.use_clock(lambda: later):
            trainer.run()
        pipeline.carry_out(work)
        assert look(admin, run)["state"] == "failed"
        assert world.rows(select(WorkLock)) == []
        assert [m["name"] for m in admin.get("/training/models").json()["items"]] == ["first"]

    def test_one_that_still_waits_for_a_worker_waits_as_long_as_it_must(
        self, admin: User, trainer: Trainer, label: Labelled
    ) -> None:
        label("greet", "哈喽呀")
        run = start(admin)
        later = clock.now() + timedelta(hours=3)
        with clock.use_clock(lambda: later):
            trainer.run()
            assert look(admin, run)["state"] == "ready"

    @sqlite_only
    def test_stopped_by_hand_its_program_ends_soon(
        self, admin: User, trainer: Trainer, label: Labelled, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(pipeline, "RENEW_S", 0.1)
        trainer.behaves(train="hang")
        label("greet", "哈喽呀")
        run = start(admin)
        worker = threading.Thread(target=trainer.run)
        worker.start()
        log = folders.of_run(run["id"]) / "train.log"
        until(lambda: log.is_file() and "Training" in log.read_text(), "the trainer works")
        assert admin.post(f"/training/runs/{run['id']}/stop").json()["state"] == "failed"
        worker.join(20)
        assert not worker.is_alive()
        assert look(admin, run)["problem"] == "已由人工停止。"
        trainer.behaves()
        assert trained(admin, trainer)["state"] == "ready"


class TestChild:
    def test_it_ends_when_whoever_started_it_is_killed(self, tmp_path: Path) -> None:
        mark = tmp_path / "ended"
        script = f"import sys; print('begun', flush=True); sys.stdin.read(); open({str(mark)!r}, 'w').close()"
        parent = subprocess.Popen(
            [
                *(sys.executable, "-c"),
                "import shlex, sys\nfrom pathlib import Path\nfrom backend.domains.training import child\n"
                f"command = shlex.join([sys.executable, '-c', {script!r}])\n"
                f"child.run(command, [], Path({str(tmp_path / 'log')!r}), lambda: True, 60)",
            ],
            cwd=Path(__file__).parents[4],
        )
        until(lambda: (tmp_path / "log").is_file() and "begun" in (tmp_path / "log").read_text(), "the child works")
        parent.kill()
        parent.wait()
        until(mark.exists, "the child has ended itself")

    def test_nothing_of_it_is_left_when_it_is_not_wanted(self, tmp_path: Path) -> None:
        command = f"{sys.executable} -c 'import time; time.sleep(60)'"
        with pytest.raises(child.NotWanted):
            child.run(command, [], tmp_path / "log", lambda: False, 60)


class TestLive:
    def test_every_step_is_pushed_to_those_who_train(self, admin: User, trainer: Trainer, label: Labelled) -> None:
        from backend.kit import live

        label("greet", "哈喽呀")
        with db.transaction(read_only=True) as session:
            newest = live.newest_id(session)
        trained(admin, trainer)
        with db.transaction(read_only=True) as session:
            seen = [e for e in live.since(session, newest) if e.topic == "training"]
        states = list(dict.fromkeys(e.data["state"] for e in seen))
        assert states == ["queued", "snapshot", "training", "scoring", "ready"]
        assert all(e.visible_to(admin.principal) for e in seen)

    def test_and_to_nobody_else(self, world: World, admin: User, trainer: Trainer, label: Labelled) -> None:
        from backend.kit import live

        label("greet", "哈喽呀")
        start(admin)
        with db.transaction(read_only=True) as session:
            event = [e for e in live.since(session, live.newest_id(session) - 5) if e.topic == "training"][-1]
        assert not any(event.visible_to(who.principal) for who in (world.kefu, world.jingli, world.zhangwei))
