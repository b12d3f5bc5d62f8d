"""Models: promoted without a gap, kept, gone back to; and files that are not what they should be."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from backend.domains.training import folders, switch, tasks
from backend.domains.training.models import TrainedModel
from backend.domains.training.service import registry
from backend.kit import clock, db
from backend.kit.scope import system_scope
from backend.settings import get_settings
from tests.backend.conftest import sqlite_only
from tests.backend.domains.training.conftest import Speaker, Trainer
from tests.backend.domains.training.test_runs import start, trained
from tests.backend.support import FakeRasa, User, World, is_problem, together

Labelled = Callable[..., None]


def models(who: User) -> dict[str, dict[str, Any]]:
    return {m["name"]: m for m in who.get("/training/models").json()["items"]}


def in_use(who: User) -> list[str]:
    return [name for name, m in models(who).items() if m["state"] == "in_use"]


def promote(who: User, run: dict[str, Any]) -> Any:
    return who.post(f"/training/runs/{run['id']}/promote")


@pytest.fixture
def ready(admin: User, trainer: Trainer, label: Labelled) -> dict[str, Any]:
    """A training whose model may be promoted."""
    label("greet", "哈喽呀")
    run = trained(admin, trainer)
    assert run["state"] == "ready"
    return run


@pytest.fixture
def promoted(admin: User, trainer: Trainer, ready: dict[str, Any]) -> dict[str, Any]:
    """The same, promoted."""
    assert promote(admin, ready).status_code == 202
    trainer.run()
    return ready


class TestPromote:
    def test_the_bot_loads_it_and_every_name_says_so(
        self, admin: User, trainer: Trainer, rasa: FakeRasa, promoted: dict[str, Any]
    ) -> None:
        name = promoted["model"]
        assert (rasa.model, trainer.current, in_use(admin)) == (name, f"{name}.tar.gz", [name])
        assert models(admin)[name]["used_by"] == admin.get("/me").json()["name"]
        assert admin.get(f"/training/runs/{promoted['id']}").json()["state"] == "promoted"
        assert admin.get("/training/summary").json()["model"]["name"] == name

    def test_what_a_restart_needs_to_know_lies_beside_it(self, trainer: Trainer, promoted: dict[str, Any]) -> None:
        chosen = json.loads((trainer.models / "promoted.json").read_text())
        assert chosen == {
            "model": f"{promoted['model']}.tar.gz",
            "base": "base-1",
            "labels": f"labels-{promoted['data_digest']}.yml",
        }
        assert "哈喽呀" in (trainer.models / chosen["labels"]).read_text(encoding="utf-8")

    def test_until_the_worker_has_done_it_the_page_says_switching(self, admin: User, ready: dict[str, Any]) -> None:
        assert promote(admin, ready).json()["switching"] is True
        assert in_use(admin) == ["first"]

    def test_two_at_once(self, admin: User, trainer: Trainer, ready: dict[str, Any]) -> None:
        answers = together([lambda: promote(admin, ready), lambda: promote(admin, ready)])
        assert sorted(a.status_code for a in answers) == [202, 409]
        trainer.run()
        assert in_use(admin) == [ready["model"]]

    def test_measured_against_a_model_that_is_no_longer_in_use(
        self, admin: User, trainer: Trainer, ready: dict[str, Any]
    ) -> None:
        (trainer.models / "second.tar.gz").write_text(json.dumps({"labels": {}, "data": []}))
        (trainer.models / "current").write_text("second.tar.gz\n")
        trainer.run()
        assert "重新训练" in is_problem(promote(admin, ready), 409)["detail"]
        assert admin.get(f"/training/runs/{ready['id']}").json()["may_promote"] is False

    def test_the_one_before_is_superseded(
        self, admin: User, trainer: Trainer, label: Labelled, promoted: dict[str, Any]
    ) -> None:
        label("goodbye", "拜拜咯")
        second = trained(admin, trainer)
        promote(admin, second)
        trainer.run()
        assert admin.get(f"/training/runs/{promoted['id']}").json()["state"] == "superseded"
        assert in_use(admin) == [second["model"]]


@sqlite_only
class TestGoBack:
    def test_one_click_and_the_old_one_answers_again(
        self, admin: User, trainer: Trainer, rasa: FakeRasa, promoted: dict[str, Any]
    ) -> None:
        first = models(admin)["first"]
        assert admin.post(f"/training/models/{first['id']}/use").status_code == 202
        trainer.run()
        assert (rasa.model, trainer.current, in_use(admin)) == ("first", "first.tar.gz", ["first"])
        assert admin.get(f"/training/runs/{promoted['id']}").json()["state"] == "superseded"
        assert json.loads((trainer.models / "promoted.json").read_text())["labels"] is None

    def test_and_forward_again(self, admin: User, trainer: Trainer, promoted: dict[str, Any]) -> None:
        for name in ("first", promoted["model"]):
            admin.post(f"/training/models/{models(admin)[name]['id']}/use")
            trainer.run()
            assert in_use(admin) == [name]
        assert admin.get(f"/training/runs/{promoted['id']}").json()["state"] == "promoted"

    def test_to_the_one_in_use_changes_nothing(self, admin: User, trainer: Trainer, promoted: dict[str, Any]) -> None:
        same = models(admin)[promoted["model"]]
        assert admin.post(f"/training/models/{same['id']}/use").json()["switching"] is False

    def test_one_that_was_never_in_use_goes_through_its_training(self, admin: User, ready: dict[str, Any]) -> None:
        fresh = models(admin)[ready["model"]]
        is_problem(admin.post(f"/training/models/{fresh['id']}/use"), 409)

    def test_unknown_ones(self, admin: User, trainer: Trainer) -> None:
        is_problem(admin.post("/training/models/987654/use"), 404)
        is_problem(admin.post("/training/runs/987654/promote"), 404)
        is_problem(admin.get("/training/runs/987654"), 404)


@sqlite_only
class TestBadFiles:
    def bad(self, admin: User, trainer: Trainer, run: dict[str, Any]) -> str:
        """Promote, see that nothing has changed, and return why."""
        promote(admin, run)
        trainer.run()
        assert (trainer.current, in_use(admin)) == ("first.tar.gz", ["first"])
        assert not (trainer.models / "promoted.json").exists()
        model = models(admin)[run["model"]]
        assert model["switching"] is False
        return str(model["problem"])

    def test_a_corrupt_file_is_refused_before_the_bot_is_asked(
        self, admin: User, trainer: Trainer, speaker: Speaker, rasa: FakeRasa, ready: dict[str, Any]
    ) -> None:
        rasa.load = lambda _path: pytest.fail("the bot was asked")
        archive = folders.of_run(ready["id"]) / f"{ready['model']}.tar.gz"
        archive.write_bytes(archive.read_bytes()[:20])
        assert "打不开" in self.bad(admin, trainer, ready)
        assert speaker.say("楼下灯坏了", sure=0.9)

    def test_a_file_that_is_gone(self, admin: User, trainer: Trainer, ready: dict[str, Any]) -> None:
        (folders.of_run(ready["id"]) / f"{ready['model']}.tar.gz").unlink()
        assert "不在了" in self.bad(admin, trainer, ready)

    def test_a_bot_that_cannot_load_it(
        self, admin: User, trainer: Trainer, rasa: FakeRasa, ready: dict[str, Any]
    ) -> None:
        rasa.load = lambda _path: 400
        assert "没能载入" in self.bad(admin, trainer, ready)
        assert rasa.model == "first"

    def test_a_bot_that_is_down(
        self, admin: User, trainer: Trainer, ready: dict[str, Any], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with monkeypatch.context() as away:
            away.setenv("GUANJIA_RASA_URL", "http://127.0.0.1:9")
            get_settings.cache_clear()
            assert "没有应答" in self.bad(admin, trainer, ready)
        get_settings.cache_clear()

    @pytest.mark.parametrize("in_the_way", [".current.next", "promoted.json"])
    def test_names_that_cannot_be_written_leave_the_old_one(
        self, admin: User, trainer: Trainer, rasa: FakeRasa, ready: dict[str, Any], in_the_way: str
    ) -> None:
        (trainer.models / in_the_way / "folder").mkdir(parents=True)
        promote(admin, ready)
        trainer.run()
        assert (trainer.current, rasa.model, in_use(admin)) == ("first.tar.gz", "first", ["first"])
        assert "写不进去" in models(admin)[ready["model"]]["problem"]

    def test_afterwards_it_can_be_tried_again(
        self, admin: User, trainer: Trainer, rasa: FakeRasa, ready: dict[str, Any]
    ) -> None:
        rasa.load = lambda _path: 400
        promote(admin, ready)
        trainer.run()
        rasa.load = lambda _path: 204
        promote(admin, ready)
        trainer.run()
        assert in_use(admin) == [ready["model"]]

    def test_a_worker_that_dies_while_switching(
        self, world: World, admin: User, trainer: Trainer, ready: dict[str, Any]
    ) -> None:
        promote(admin, ready)
        assert switch.claim() is not None  # and dies
        later = clock.now() + timedelta(seconds=get_settings().training_lease_s + 1)
        with clock.use_clock(lambda: later):
            tasks.take_up()
        assert in_use(admin) == ["first"]
        assert "中断" in models(admin)[ready["model"]]["problem"]
        promote(admin, ready)
        trainer.run()
        assert in_use(admin) == [ready["model"]]


@sqlite_only
class TestFollow:
    def test_a_model_that_set_up_has_trained_becomes_known(self, admin: User, trainer: Trainer) -> None:
        trainer.run()
        assert in_use(admin) == ["first"]
        assert models(admin)["first"]["created_by"] is None

    def test_after_new_training_data_the_fresh_one_is_in_use_with_its_labels(
        self, admin: User, trainer: Trainer, promoted: dict[str, Any]
    ) -> None:
        (trainer.models / "fresh.tar.gz").write_text(json.dumps({"labels": {}, "data": []}))
        (trainer.models / "fresh.json").write_text(json.dumps({"base": "base-2", "labels": "labels-1.yml"}))
        (trainer.models / "current").write_text("fresh.tar.gz\n")
        trainer.run()
        assert in_use(admin) == ["fresh"]
        assert models(admin)["fresh"]["labels"] is True
        assert admin.get(f"/training/runs/{promoted['id']}").json()["state"] == "superseded"

    def test_without_any_model_nothing_happens(self, admin: User, trainer: Trainer) -> None:
        (trainer.models / "current").unlink()
        trainer.run()
        assert models(admin) == {}


@sqlite_only
class TestTidy:
    def test_old_models_go_the_one_in_use_and_the_latest_stay(
        self, world: World, admin: User, trainer: Trainer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("GUANJIA_MODELS_KEPT", "1")
        get_settings.cache_clear()
        for name in ("one", "two", "three"):
            (trainer.models / f"{name}.tar.gz").write_text("{}")
            (trainer.models / "current").write_text(f"{name}.tar.gz\n")
            with db.transaction() as session, system_scope(session):
                registry.look(session)
        tasks.tidy()
        states = {m.name: m.state for m in world.rows(select(TrainedModel))}
        assert states == {"one": "gone", "two": "kept", "three": "in_use"}
        assert not (trainer.models / "one.tar.gz").exists()
        gone = models(admin)["one"]
        is_problem(admin.post(f"/training/models/{gone['id']}/use"), 409)

    def test_folders_of_old_runs_go(self, admin: User, trainer: Trainer, ready: dict[str, Any]) -> None:
        assert folders.of_run(ready["id"]).is_dir()
        tasks.tidy()
        assert folders.of_run(ready["id"]).is_dir()
        later = clock.now() + timedelta(days=31)
        with clock.use_clock(lambda: later):
            tasks.tidy()
        assert not folders.of_run(ready["id"]).exists()
        assert models(admin)[ready["model"]]["state"] == "gone"


def test_a_training_and_a_switch_do_not_wait_for_each_other(
    admin: User, trainer: Trainer, label: Labelled, promoted: dict[str, Any]
) -> None:
    label("goodbye", "拜拜咯")
    start(admin)
    first = models(admin)["first"]
    assert admin.post(f"/training/models/{first['id']}/use").status_code == 202
