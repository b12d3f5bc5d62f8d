"""Settings of the connectors process, read once from the environment (prefix GUANJIA_)."""

from functools import lru_cache
from pathlib import Path

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


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """The one Settings object of this process."""
    return Settings()
