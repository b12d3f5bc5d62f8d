"""The worker: runs the domains' tasks and their clocks (Celery, one process, embedded beat).

A domain brings a ``tasks`` module with ``shared_task`` functions and ``SCHEDULE`` (line name → task name, seconds).
With ``REDIS_URL`` Redis is the broker; without it, files under ``var/broker``.
"""

import logging
import warnings
from pathlib import Path
from typing import Any

from celery import Celery, signals
from celery.exceptions import SecurityWarning

from backend.kit import context, outbox
from backend.kit.background import AgainAndAgain, SoonInBackground
from backend.kit.discovery import domain_modules
from backend.kit.middleware import configure_logs
from backend.settings import Settings, get_settings
from backend.wiring import load_tables

DELIVER = "conversations.deliver_outbox"
HEARTBEAT = "worker.heartbeat"
HEARTBEAT_S = 10.0
WAKE_EXPIRES_S = 30.0
DELIVER_EVERY_S = 2.0
NETWORK_TIMEOUT_S = 3.0


def heartbeat_file(settings: Settings) -> Path:
    """Return the file whose age tells whether the worker lives."""
    return settings.var_dir / "run" / "worker.ready"


def _broker(settings: Settings) -> dict[str, Any]:
    if settings.redis_url:
        timeouts = {
            "socket_timeout": NETWORK_TIMEOUT_S,
            "socket_connect_timeout": NETWORK_TIMEOUT_S,
        }
        return {"broker_url": settings.redis_url, "broker_transport_options": timeouts}
    folder = settings.var_dir.absolute() / "broker"
    for part in ("messages", "control"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    return {
        "broker_url": "filesystem://localhost",
        "broker_transport": "backend.kit.file_broker:Transport",
        "broker_transport_options": {
            "data_folder_in": str(folder / "messages"),
            "data_folder_out": str(folder / "messages"),
            "control_folder": str(folder / "control"),
            "polling_interval": 0.1,
        },
    }


def make_celery(settings: Settings) -> Celery:
    """Return the Celery app, without any task yet."""
    made = Celery("guanjia", set_as_current=True)
    run = settings.var_dir / "run"
    run.mkdir(parents=True, exist_ok=True)
    made.conf.update(
        **_broker(settings),
        task_ignore_result=True,
        task_serializer="json",
        accept_content=["json"],
        timezone=settings.zone,
        beat_schedule_filename=str(run / "beat-schedule"),
        worker_hijack_root_logger=False,
        worker_enable_remote_control=settings.redis_url is not None,
        worker_prefetch_multiplier=1,
        broker_connection_retry_on_startup=True,
    )
    made.task(name=HEARTBEAT)(beat_heart)
    return made


def beat_heart() -> None:
    """Show that the worker takes tasks from the broker."""
    heartbeat_file(get_settings()).touch()


def load_tasks(celery_app: Celery) -> None:
    """Import the domains' tasks and put their lines on the clock."""
    schedule: dict[str, Any] = {HEARTBEAT: _line(HEARTBEAT, HEARTBEAT_S)}
    for module in domain_modules("tasks"):
        for name, (task, seconds) in getattr(module, "SCHEDULE", {}).items():
            schedule[name] = _line(task, seconds)
    celery_app.conf.beat_schedule = schedule


def _line(task: str, seconds: float) -> dict[str, Any]:
    # A line that waited longer than its own period has been overtaken by the next one.
    return {"task": task, "schedule": seconds, "options": {"expires": max(seconds, 5.0)}}


def waker(celery_app: Celery) -> SoonInBackground:
    """Return what asks the worker to empty the outbox."""

    def send() -> None:
        celery_app.send_task(DELIVER, expires=WAKE_EXPIRES_S, retry=False, ignore_result=True)

    return SoonInBackground("wake the worker", send)


app = celery = make_celery(get_settings())


@signals.setup_logging.connect
def _logs(**_: Any) -> None:
    configure_logs()
    for chatty in ("celery.beat", "celery.worker.strategy", "celery.worker.consumer"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


@signals.worker_init.connect
def _prepare(**_: Any) -> None:
    load_tables()
    outbox.set_wake(waker(app).ask)


def deliver() -> None:
    """Empty the outbox in this thread."""
    context.set_origin(channel="system")
    app.tasks[DELIVER]()


_delivery = AgainAndAgain("deliver what is due", deliver, DELIVER_EVERY_S)
"""Beside the tasks: an answer does not wait until a long one has ended."""


@signals.worker_ready.connect
def _first_beat(**_: Any) -> None:
    beat_heart()
    _delivery.start()


@signals.worker_shutdown.connect
def _last_beat(**_: Any) -> None:
    _delivery.stop()
    heartbeat_file(get_settings()).unlink(missing_ok=True)


@signals.task_prerun.connect
def _new_origin(task_id: str, **_: Any) -> None:
    context.set_origin(trace_id=task_id, channel="system")


load_tasks(app)


def main() -> None:
    """Run the worker with its clock until it is told to stop."""
    # In a container everything is root; who else runs it so has been told by their system.
    warnings.filterwarnings("ignore", category=SecurityWarning)
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    app.worker_main(["--quiet", "worker", "--pool", "solo", "--beat", *quiet])


if __name__ == "__main__":
    main()
