"""Settings of the connectors process, read once from the environment (prefix GUANJIA_)."""

from functools import lru_cache
from pathlib import Path

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

PAGES_DIR = Path(__file__).parent / "web" / "pages" / "dist"


class Settings(BaseSettings):
    """Everything the public process can be told from outside."""

    model_config = SettingsConfigDict(env_prefix="GUANJIA_", env_file=".env", extra="ignore")

    trusted_proxies: str = ""
    """Addresses and networks of proxies in front of this process; they alone may say for whom they ask."""
    backend_url: str = "http://127.0.0.1:8001"
    pages_dir: Path = PAGES_DIR
    max_body_bytes: int = 12 * 1024 * 1024
    connect_timeout_s: float = 2.0
    read_timeout_s: float = 60.0
    service_token: SecretStr = SecretStr("")
    """How the backend knows its channels."""
    wechat_token: SecretStr = SecretStr("")
    """The Token of the platform's page 「服务器配置」; without one there is no /wechat."""
    wechat_app_id: str = ""
    wechat_aes_key: SecretStr = SecretStr("")
    """The EncodingAESKey; with one (compatible and safe mode) only encrypted messages are taken."""
    wechat_secret: SecretStr = SecretStr("")
    """The AppSecret, for the emulator only: the backend sends."""
    wechat_callback_url: str = "http://127.0.0.1:8000/wechat"
    var_dir: Path = Path("var")
    wechat_wait_s: float = 3.5
    wechat_limit_s: float = 4.5
    wechat_fresh_s: float = 600.0


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """The one Settings object of this process."""
    return Settings()
