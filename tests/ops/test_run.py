"""What `make run` refuses, and the settings and secrets that it hands to every process."""

import socket
import stat
from pathlib import Path

import pytest

from backend.ops.config import Config, ConfigError, load, parse_env_file
from backend.ops.environment import child_environment, secret, tracker_url
from backend.ops.processes import TABLE, placeholders, rows
from backend.ops.run import taken_port


class TestTakenPort:
    def test_names_the_port_and_the_variable(self, config: Config) -> None:
        with socket.socket() as other:
            other.bind(("127.0.0.1", config.ports["rasa_port"]))
            other.listen()
            sentence = taken_port(config, TABLE)
        assert sentence is not None
        assert str(config.ports["rasa_port"]) in sentence
        assert "GUANJIA_RASA_URL" in sentence

    def test_says_nothing_when_all_are_free(self, config: Config) -> None:
        assert taken_port(config, TABLE) is None


class TestLoad:
    def test_the_environment_wins_over_the_env_file(self, tmp_path: Path) -> None:
        (tmp_path / ".env").write_text("GUANJIA_PUBLIC_PORT=9000\nDATABASE_URL=mysql+pymysql://h/db\n")
        config = load({"GUANJIA_PUBLIC_PORT": "9100"}, root=tmp_path)
        assert config.ports["public_port"] == 9100
        assert config.values["DATABASE_URL"] == "mysql+pymysql://h/db"

    @pytest.mark.parametrize("value", ["http://127.0.0.1", "eight", "0", "70000", "http://h:99999"])
    def test_a_port_that_is_none_is_said_plainly(self, value: str, tmp_path: Path) -> None:
        with pytest.raises(ConfigError, match="GUANJIA_RASA_URL"):
            load({"GUANJIA_RASA_URL": value}, root=tmp_path)


class TestParseEnvFile:
    def test_comments_quotes_and_exports(self) -> None:
        text = "# a\nexport A=1\nB='two words'\nC=\"#x\"\nD=4 # four\nnothing\nE=a=b\n"
        assert parse_env_file(text) == {"A": "1", "B": "two words", "C": "#x", "D": "4", "E": "a=b"}


class TestChildEnvironment:
    def test_every_blas_has_one_thread_and_secrets_are_there(self, config: Config) -> None:
        env = child_environment(config)
        assert {env[k] for k in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")} == {"1"}
        assert env["TOKENIZERS_PARALLELISM"] == "false"
        assert len(env["GUANJIA_SECRET_KEY"]) > 40
        assert env["GUANJIA_SECRET_KEY"] != env["GUANJIA_SERVICE_TOKEN"]
        assert env == child_environment(config)

    def test_unset_addresses_stay_unset_but_the_database_has_a_place(self, config: Config) -> None:
        env = child_environment(config)
        assert "REDIS_URL" not in env
        assert env["DATABASE_URL"] == f"sqlite:///{config.var}/guanjia.db"

    def test_a_given_secret_is_kept(self, tmp_path: Path) -> None:
        config = load({"GUANJIA_SECRET_KEY": "from a vault"}, root=tmp_path)
        assert child_environment(config)["GUANJIA_SECRET_KEY"] == "from a vault"
        assert not (config.var / "secret.key").exists()


class TestSecret:
    def test_only_its_owner_can_read_it(self, tmp_path: Path) -> None:
        value = secret(tmp_path / "var" / "s.key")
        assert stat.S_IMODE((tmp_path / "var" / "s.key").stat().st_mode) == 0o600
        assert secret(tmp_path / "var" / "s.key") == value


class TestTrackerUrl:
    @pytest.mark.parametrize(
        ("database", "expected"),
        [
            ("postgresql+psycopg://u:p@h:5432/guanjia", "postgresql+psycopg2://u:p@h:5432/guanjia"),
            ("postgresql://h/guanjia", "postgresql+psycopg2://h/guanjia"),
            ("mysql+pymysql://h/guanjia", "sqlite:////v/tracker.db"),
            ("sqlite:///var/guanjia.db", "sqlite:////v/tracker.db"),
        ],
    )
    def test_follows_the_database(self, database: str, expected: str) -> None:
        assert tracker_url(database, Path("/v")) == expected


class TestTable:
    def test_every_row_waits_only_for_rows_above_it(self) -> None:
        seen: set[str] = set()
        for row in TABLE:
            assert seen.issuperset(row.after), row.name
            seen.add(row.name)

    def test_every_placeholder_is_known(self, config: Config) -> None:
        words = placeholders(config)
        for row in TABLE:
            assert all("{" not in part.format_map(words) for part in row.command)

    def test_without_demo_nothing_seeds_and_nothing_waits_for_it(self, tmp_path: Path) -> None:
        kept = rows(load({"GUANJIA_DEMO": "false"}, root=tmp_path))
        assert "seed" not in {row.name for row in kept}
        assert all("seed" not in row.after for row in kept)


class TestEmulatedAccount:
    def test_a_demo_has_one_with_an_aes_key_and_it_stays_the_same(self, config: Config) -> None:
        env = child_environment(config)
        assert len(env["GUANJIA_WECHAT_AES_KEY"]) == 43
        assert env["GUANJIA_WECHAT_API_URL"] == config.emulator_url
        assert env == child_environment(config)

    def test_a_real_account_is_left_as_it_is_and_nothing_is_emulated(self, config: Config) -> None:
        own = Config(config.var, {**config.values, "GUANJIA_WECHAT_APP_ID": "wx1"}, config.ports, config.root)
        assert child_environment(own)["GUANJIA_WECHAT_APP_ID"] == "wx1"
        assert "GUANJIA_WECHAT_API_URL" not in child_environment(own)
        assert "wechat" not in {row.name for row in rows(own)}

    def test_outside_a_demo_there_is_none(self, config: Config) -> None:
        real = Config(config.var, {**config.values, "GUANJIA_DEMO": "false"}, config.ports, config.root)
        assert "GUANJIA_WECHAT_APP_ID" not in child_environment(real)
        assert "wechat" not in {row.name for row in rows(real)}
