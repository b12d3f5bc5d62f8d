"""Settings of the action server, read once from the environment or ``.env``."""

from functools import lru_cache

from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Environment → values; names carry the prefix ``GUANJIA_``."""

    model_config = SettingsConfigDict(env_prefix="GUANJIA_", env_file=".env", extra="ignore")

    backend_url: str = "http://127.0.0.1:8001"
    backend_timeout_s: float = 18.0
    bind_host: str = "127.0.0.1"
    actions_port: int = 5055


@lru_cache(maxsize=1)
def load_settings() -> Settings:
    """Return the settings of this process."""
    return Settings()
