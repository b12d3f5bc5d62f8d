"""The environment that every process of a run gets, and the secrets it is made of.

Secrets are made on the first run and kept in the var folder, readable by their owner only.
"""

from __future__ import annotations

import base64
import hashlib
import os
import secrets
from pathlib import Path
from urllib.parse import urljoin

from backend.ops.config import DEFAULTS, Config

ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "TOKENIZERS_PARALLELISM": "false",
}
SECRET_FILES = {"GUANJIA_SECRET_KEY": "secret.key", "GUANJIA_SERVICE_TOKEN": "service.token"}


def secret(path: Path) -> str:
    """Return the secret in this file, making it on the first call."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        value = secrets.token_urlsafe(48)
        file.write(value + "\n")
    return value


def tracker_url(database_url: str, var: Path) -> str:
    """Return where Rasa keeps its conversations: beside a PostgreSQL backend, else in SQLite."""
    scheme, _, rest = database_url.partition("://")
    if scheme.split("+")[0] in {"postgresql", "postgres"}:
        return f"postgresql+psycopg2://{rest}"
    return f"sqlite:///{var / 'tracker.db'}"


def health_url(config: Config) -> str:
    """Return where the action server says that it is alive, beside its webhook."""
    return urljoin(config.values["GUANJIA_ACTIONS_URL"], "/health")


def emulated_account(config: Config) -> dict[str, str]:
    """Return the settings of the emulated WeChat account; nothing where there is a real one, or none."""
    if not config.emulates_wechat:
        return {}
    made = secret(config.var / "wechat.secret")
    digests = {name: hashlib.sha256(f"{name}:{made}".encode()).digest() for name in ("secret", "token", "key")}
    return {
        "GUANJIA_WECHAT_APP_ID": "wx-emulated",
        "GUANJIA_WECHAT_SECRET": digests["secret"].hex()[:32],
        "GUANJIA_WECHAT_TOKEN": digests["token"].hex()[:32],
        "GUANJIA_WECHAT_AES_KEY": base64.b64encode(digests["key"]).decode().rstrip("="),
        "GUANJIA_WECHAT_API_URL": config.emulator_url,
        "GUANJIA_WECHAT_CALLBACK_URL": f"http://127.0.0.1:{config.ports['public_port']}/wechat",
    }


def child_environment(config: Config) -> dict[str, str]:
    """Return the whole environment of a process: settings, secrets, one thread for each BLAS."""
    env = {key: value for key, value in config.values.items() if value or key not in DEFAULTS}
    for key, value in ONE_THREAD.items():
        env.setdefault(key, value)
    for key, file in SECRET_FILES.items():
        if not env.get(key):
            env[key] = secret(config.var / file)
    env.update(emulated_account(config))
    env.setdefault("GUANJIA_BIND_HOST", "127.0.0.1")
    env["GUANJIA_RASA_PORT"] = str(config.ports["rasa_port"])
    env["GUANJIA_ACTIONS_PORT"] = str(config.ports["actions_port"])
    env.setdefault("GUANJIA_ACTIONS_HEALTH_URL", health_url(config))
    env["GUANJIA_VAR_DIR"] = str(config.var)
    env.setdefault("DATABASE_URL", f"sqlite:///{config.var / 'guanjia.db'}")
    env.setdefault("RASA_TRACKER_URL", tracker_url(env["DATABASE_URL"], config.var))
    env["PYTHONPATH"] = str(config.root)
    env["PYTHONUNBUFFERED"] = "1"
    return env
