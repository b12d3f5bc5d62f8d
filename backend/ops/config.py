"""Where things lie and which ports they use: the environment and `.env`, read once.

`.env` lies beside the Makefile; a variable of the real environment wins over it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]

DEFAULTS = {
    "DATABASE_URL": "",
    "REDIS_URL": "",
    "RASA_TRACKER_URL": "",
    "GUANJIA_DEMO": "true",
    "GUANJIA_VAR_DIR": "var",
    "GUANJIA_PUBLIC_HOST": "0.0.0.0",
    "GUANJIA_PUBLIC_PORT": "8000",
    "GUANJIA_BACKEND_URL": "http://127.0.0.1:8001",
    "GUANJIA_RASA_URL": "http://127.0.0.1:5005",
    "GUANJIA_ACTIONS_URL": "http://127.0.0.1:5055/webhook",
    "GUANJIA_WECHAT_APP_ID": "",
    "GUANJIA_WECHAT_EMULATOR_PORT": "8010",
}

PORT_VARIABLES = {
    "public_port": "GUANJIA_PUBLIC_PORT",
    "backend_port": "GUANJIA_BACKEND_URL",
    "rasa_port": "GUANJIA_RASA_URL",
    "actions_port": "GUANJIA_ACTIONS_URL",
    "emulator_port": "GUANJIA_WECHAT_EMULATOR_PORT",
}


class ConfigError(Exception):
    """A setting that cannot be used; its text is for the person who set it."""


def parse_env_file(text: str) -> dict[str, str]:
    """Return the variables of a `.env` file: KEY=value lines, `#` comments, optional quotes."""
    values: dict[str, str] = {}
    for line in text.splitlines():
        line = line.strip()
        if line.startswith("export "):
            line = line[len("export ") :]
        if not line or line.startswith("#") or "=" not in line:
            continue
        key, _, value = line.partition("=")
        values[key.strip()] = _unquoted(value.strip())
    return values


def _unquoted(value: str) -> str:
    if len(value) >= 2 and value[0] == value[-1] and value[0] in "'\"":
        return value[1:-1]
    return value.split(" #", 1)[0].rstrip()


@dataclass(frozen=True)
class Config:
    """Everything the set-up and the supervisor need to know about this machine."""

    var: Path
    values: Mapping[str, str] = field(repr=False)
    ports: Mapping[str, int]
    root: Path = ROOT

    @property
    def demo(self) -> bool:
        """Whether demo data and demo passwords exist in this run."""
        return self.values["GUANJIA_DEMO"].lower() in {"1", "true", "yes", "on"}

    @property
    def emulates_wechat(self) -> bool:
        """Whether the WeChat account of this run is the emulator's: a demo without an account of its own."""
        return self.demo and not self.values["GUANJIA_WECHAT_APP_ID"]

    @property
    def emulator_url(self) -> str:
        """Address of the emulated WeChat on this machine."""
        return f"http://127.0.0.1:{self.ports['emulator_port']}"

    @property
    def log_dir(self) -> Path:
        """Folder of every log file."""
        return self.var / "log"

    @property
    def run_dir(self) -> Path:
        """Folder of the lock, the process ids and the ready mark."""
        return self.var / "run"

    @property
    def public_url(self) -> str:
        """Address to open in a browser on this machine."""
        return f"http://localhost:{self.ports['public_port']}"

    def shown(self, path: Path) -> str:
        """Return a path as short as a person would write it from the project folder."""
        try:
            return str(path.relative_to(self.root))
        except ValueError:
            return str(path)


def load(environ: Mapping[str, str] | None = None, root: Path = ROOT) -> Config:
    """Read the environment over `.env` over the defaults. Raises ConfigError."""
    environ = os.environ if environ is None else environ
    env_file = root / ".env"
    values = dict(DEFAULTS)
    if env_file.is_file():
        values.update(parse_env_file(env_file.read_text(encoding="utf-8")))
    values.update(environ)
    ports = {name: _port(variable, values[variable]) for name, variable in PORT_VARIABLES.items()}
    var = root / values["GUANJIA_VAR_DIR"]
    return Config(var=var, values=values, ports=ports, root=root)


def _port(variable: str, value: str) -> int:
    try:
        port = int(value) if value.isdigit() else urlsplit(value).port
    except ValueError:
        port = None
    if not port or not 0 < port < 65536:
        raise ConfigError(f"{variable}={value} 里没有可用的端口号（1–65535）· {variable}={value} names no usable port")
    return port
