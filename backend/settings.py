"""Every setting of the backend, read once from the environment or ``.env``.

Secrets have no default: a run without ``GUANJIA_SECRET_KEY`` or ``GUANJIA_SERVICE_TOKEN`` refuses to start.
"""

from functools import lru_cache
from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT = Path(__file__).resolve().parents[1]


class Settings(BaseSettings):
    """Environment → values. Durations end in ``_s`` (seconds), sizes in ``_bytes``."""

    model_config = SettingsConfigDict(env_prefix="GUANJIA_", env_file=".env", extra="ignore", populate_by_name=True)

    database_url: str = Field(default="sqlite:///var/guanjia.db", validation_alias="DATABASE_URL")
    redis_url: str | None = Field(default=None, validation_alias="REDIS_URL")
    secret_key: SecretStr
    service_token: SecretStr
    demo: bool = False
    var_dir: Path = Path("var")
    rasa_url: str = "http://127.0.0.1:5005"
    actions_health_url: str = "http://127.0.0.1:5055/health"
    bot_timeout_s: float = 20.0
    token_ttl_s: int = 12 * 3600
    turn_token_ttl_s: int = 25
    turn_lease_s: int = 30
    turn_attempts: int = 3
    upload_limit_bytes: int = 10 * 1024 * 1024
    body_limit_bytes: int = 256 * 1024
    outbox_attempts: int = 12
    live_poll_s: float = 0.4
    live_heartbeat_s: float = 15.0
    streams_per_person: int = 8
    same_message_wait_s: float = 10.0
    login_failures_allowed: int = 8
    login_failures_per_address: int = 60
    login_failures_per_account: int = 100
    login_window_s: int = 300
    connector_addresses: str = "127.0.0.0/8,::1"
    metrics_token: SecretStr | None = None
    zone: str = "Asia/Shanghai"
    encoder: str = "built-in"
    warm_encoder: bool = True
    train_command: str = "bot/.venv/bin/python -W ignore -m bot.train"
    score_command: str = "bot/.venv/bin/python -W ignore -m bot.score"
    understanding_tests: Path = Path("tests/understanding")
    training_data: Path = Path("nlu_data")
    training_low_confidence: float = 0.4
    training_real_messages: int = 500
    training_lease_s: int = 60
    training_timeout_s: int = 3600
    training_min_free_bytes: int = 300 * 1024 * 1024
    models_kept: int = 8
    public_url: str = "http://localhost:8000"
    wechat_app_id: str = ""
    wechat_secret: SecretStr = SecretStr("")
    wechat_api_url: str = "https://api.weixin.qq.com"
    wechat_timeout_s: float = 5.0
    channel_waiting_at_most: int = 32
    wechat_passive_s: float = 5.0
    wechat_notice_template: str = ""
    bind_code_ttl_s: int = 600
    bind_code_tries: int = 5

    def from_root(self, path: Path) -> Path:
        """Return a path of the settings; relative ones are relative to the project."""
        return path if path.is_absolute() else PROJECT / path

    @property
    def models_dir(self) -> Path:
        """Folder of trained models; ``current`` in it names the one that the bot loads."""
        return self.var_dir.absolute() / "models"

    @property
    def training_dir(self) -> Path:
        """Folder of training runs, one folder each."""
        return self.var_dir.absolute() / "training"


@lru_cache
def get_settings() -> Settings:
    """Return the one Settings object of this process."""
    return Settings()
