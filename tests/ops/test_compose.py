"""compose.yaml and the supervisor's process table describe the same system."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from backend.ops.config import DEFAULTS, PORT_VARIABLES, load
from backend.ops.environment import ONE_THREAD, tracker_url
from backend.ops.processes import EXIT, LOG, TABLE, Process, placeholders

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
ROWS = [row for row in TABLE if not row.demo_only]
STORES = {"postgres", "redis", "mosquitto"}
CONFIG = load({}, root=Path("/nowhere"))
WORDS = {**placeholders(CONFIG, host="0.0.0.0"), "python": "python", "bot_python": "python"}


def environment(name: str) -> dict[str, str]:
    found: dict[str, str] = SERVICES[name]["environment"]
    return found


class TestProcesses:
    def test_the_same_ones_are_there(self) -> None:
        assert set(SERVICES) - STORES == {row.name for row in ROWS} | {"train"}

    @pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
    def test_each_runs_the_same_command(self, row: Process) -> None:
        assert SERVICES[row.name]["command"] == [part.format_map(WORDS) for part in row.command]

    @pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
    def test_each_waits_for_the_same_rows(self, row: Process) -> None:
        waits = set(SERVICES[row.name].get("depends_on", {}))
        assert {name for name in row.after if name != "seed"} <= waits

    @pytest.mark.parametrize("row", [r for r in ROWS if r.ready != EXIT], ids=lambda row: row.name)
    def test_each_service_is_healthy_by_the_same_address(self, row: Process) -> None:
        health = " ".join(SERVICES[row.name]["healthcheck"]["test"])
        if row.ready.startswith(LOG):
            assert "celery" in health
        else:
            assert f"'{row.ready.format_map(WORDS)}'" in health


class TestEnvironment:
    @pytest.mark.parametrize("name", sorted(set(SERVICES) - STORES))
    def test_urls_have_the_ports_of_the_default_run(self, name: str) -> None:
        for variable in PORT_VARIABLES.values():
            if variable.endswith("_URL"):
                default = re.sub(r"127\.0\.0\.1", "{}", DEFAULTS[variable])
                host = variable.removeprefix("GUANJIA_").removesuffix("_URL").lower()
                assert environment(name)[variable] == default.format(host)

    @pytest.mark.parametrize("name", sorted(set(SERVICES) - STORES))
    def test_one_thread_no_demo_and_secrets_from_outside(self, name: str) -> None:
        env = environment(name)
        assert ONE_THREAD.items() <= env.items()
        assert env["GUANJIA_DEMO"] == "false"
        for secret in ("GUANJIA_SECRET_KEY", "GUANJIA_SERVICE_TOKEN"):
            assert env[secret] == f"${{{secret}:?set {secret}}}"

    def test_the_tracker_lies_beside_the_database(self) -> None:
        env = environment("rasa")
        assert env["RASA_TRACKER_URL"] == tracker_url(env["DATABASE_URL"], Path("/v"))


class TestTraining:
    def test_the_worker_writes_models_where_the_bot_reads_them(self) -> None:
        [shared] = SERVICES["rasa"]["volumes"]
        assert shared in SERVICES["worker"]["volumes"]
        assert environment("worker")["GUANJIA_VAR_DIR"] == environment("rasa")["GUANJIA_VAR_DIR"]

    def test_its_image_has_what_a_training_runs(self) -> None:
        text = (ROOT / ".docker" / "modern.Dockerfile").read_text(encoding="utf-8")
        stages = re.split(r"^FROM ", text, flags=re.M)
        both = next(s for s in stages if " AS modern\n" in s) + stages[-1]
        assert SERVICES["worker"]["build"]["target"] in stages[-1].split("\n", 1)[0]
        for part in ("nlu_data", "tests/understanding", "bot/.venv"):
            assert f" {part}\n" in both


class TestHardening:
    @pytest.mark.parametrize("name", sorted(set(SERVICES) - STORES))
    def test_no_process_of_ours_is_root_or_writes_to_its_image(self, name: str) -> None:
        service = SERVICES[name]
        assert int(service["user"]) > 0
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]

    def test_only_the_public_port_is_published(self) -> None:
        assert {name for name, service in SERVICES.items() if "ports" in service} == {"connectors"}

    def test_no_secret_has_a_value_here(self) -> None:
        text = (ROOT / "compose.yaml").read_text(encoding="utf-8")
        assert not re.search(r"(PASSWORD|SECRET_KEY|SERVICE_TOKEN): (?!\$\{)", text)


class TestDockerfiles:
    @pytest.mark.parametrize("name", ["modern", "bot"])
    def test_every_copied_folder_exists_and_the_user_is_not_root(self, name: str) -> None:
        text = (ROOT / ".docker" / f"{name}.Dockerfile").read_text(encoding="utf-8")
        for words in re.findall(r"^COPY (?!--from)(.+)$", text, re.M):
            for source in words.split()[:-1]:
                assert "[" in source or (ROOT / source).exists(), source
        assert re.findall(r"^USER (\S+)$", text, re.M)[-1] == "10001"
