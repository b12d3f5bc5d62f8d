"""The process table: what a run consists of. One row a process; nothing else names them.

`{python}` and `{bot_python}` are the two interpreters, `{host}` the address that processes of one
machine share, `{*_port}` the ports of `config.PORT_VARIABLES`. `ready` says how a row is known to
be up: a URL that answers 200, `log:` and a pattern in its log, or `exit` for a job that ends well.
"""

from __future__ import annotations

from dataclasses import dataclass

from backend.ops.config import Config

EXIT = "exit"
LOG = "log:"
START_TIMEOUT_S = 240.0


@dataclass(frozen=True)
class Process:
    """One row: a service that stays, or a job (`ready` is `exit`) that runs once before others."""

    name: str
    title: str
    command: tuple[str, ...]
    ready: str
    after: tuple[str, ...] = ()
    port: str = ""
    demo_only: bool = False
    emulator: bool = False
    timeout_s: float = START_TIMEOUT_S

    @property
    def is_job(self) -> bool:
        """Whether the row ends by itself."""
        return self.ready == EXIT


UVICORN = (
    *("{python}", "-m", "uvicorn", "--no-access-log", "--no-server-header", "--no-proxy-headers"),
    *("--timeout-graceful-shutdown", "3"),
)

TABLE: tuple[Process, ...] = (
    Process(
        "rasa",
        "理解与对话 understanding",
        ("{bot_python}", "-m", "bot.serve"),
        "http://127.0.0.1:{rasa_port}/",
        port="rasa_port",
    ),
    Process(
        "migrate",
        "数据库结构 database schema",
        ("{python}", "-m", "backend.migrate"),
        EXIT,
    ),
    Process(
        "seed",
        "演示数据 demo data",
        ("{python}", "-m", "backend.seed"),
        EXIT,
        after=("migrate",),
        demo_only=True,
    ),
    Process(
        "backend",
        "业务后台 backend",
        (*UVICORN, "backend.main:app", "--host", "{host}", "--port", "{backend_port}"),
        "http://127.0.0.1:{backend_port}/healthz",
        after=("migrate", "seed"),
        port="backend_port",
    ),
    Process(
        "worker",
        "后台任务 worker",
        ("{python}", "-m", "backend.worker"),
        LOG + r"celery@\S+ ready",
        after=("migrate", "seed"),
    ),
    Process(
        "actions",
        "动作服务 actions",
        ("{python}", "-m", "actions"),
        "http://127.0.0.1:{actions_port}/health",
        port="actions_port",
    ),
    Process(
        "connectors",
        "公共入口 public port",
        (*UVICORN, "connectors.web.app:app", "--host", "{public_host}", "--port", "{public_port}"),
        "http://127.0.0.1:{public_port}/readyz",
        port="public_port",
    ),
    Process(
        "wechat",
        "微信模拟器 WeChat emulator",
        (*UVICORN, "connectors.wechat.emulator.app:app", "--host", "{host}", "--port", "{emulator_port}"),
        "http://127.0.0.1:{emulator_port}/",
        port="emulator_port",
        demo_only=True,
        emulator=True,
    ),
)


def rows(config: Config, table: tuple[Process, ...] = TABLE) -> tuple[Process, ...]:
    """Return the rows of this run: without demo data outside demo mode, without the emulator beside a real account."""
    kept = [row for row in table if config.demo or not row.demo_only]
    kept = [row for row in kept if config.emulates_wechat or not row.emulator]
    names = {row.name for row in kept}
    return tuple(Process(**{**row.__dict__, "after": tuple(a for a in row.after if a in names)}) for row in kept)


def placeholders(config: Config, host: str = "127.0.0.1") -> dict[str, str]:
    """Return what the braces in commands and URLs stand for."""
    return {
        "python": str(config.root / ".venv/bin/python"),
        "bot_python": str(config.root / "bot/.venv/bin/python"),
        "host": host,
        "public_host": config.values["GUANJIA_PUBLIC_HOST"],
        **{name: str(port) for name, port in config.ports.items()},
    }
