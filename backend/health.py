"""Is it alive, is it ready, how is it doing: ``/healthz``, ``/readyz``, ``/metrics``."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from hmac import compare_digest
from typing import Annotated

import httpx
from fastapi import APIRouter, Depends, Header, Response
from prometheus_client import CONTENT_TYPE_LATEST, Gauge, generate_latest
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from backend import worker
from backend.kit import context, db, encoder, outbox
from backend.kit.address import is_loopback
from backend.kit.problems import Forbidden
from backend.settings import get_settings

router = APIRouter(tags=["health"])

CHECK_TIMEOUT_S = 3.0
HEARTBEAT_MAX_AGE_S = 45.0
REQUIRED = frozenset({"database", "rasa", "actions", "encoder"})
"""Without these a message cannot be answered in time; without the others people are told later."""

OUTBOX_ROWS = Gauge("guanjia_outbox_rows", "Outbox rows by status", ["status"])


class Alive(BaseModel):
    """The process answers."""

    status: str


class Readiness(BaseModel):
    """Each dependency by name."""

    status: str
    dependencies: dict[str, str]


@router.get("/healthz", summary="Is the process alive")
async def healthz() -> Alive:
    """Say that the process answers; asks nobody else."""
    return Alive(status="ok")


async def _answers(url: str) -> bool:
    async with httpx.AsyncClient(timeout=CHECK_TIMEOUT_S, trust_env=False) as client:
        return (await client.get(url)).status_code == 200


def _broker_answers() -> bool:
    with worker.app.connection_for_write() as connection:
        connection.ensure_connection(max_retries=1, interval_start=0, timeout=int(CHECK_TIMEOUT_S))
    return True


def _worker_lives() -> bool:
    beat = worker.heartbeat_file(get_settings())
    return time.time() - beat.stat().st_mtime < HEARTBEAT_MAX_AGE_S


async def _encoder_rests() -> bool:
    return not encoder.is_warming()


def _checks() -> dict[str, Callable[[], Awaitable[bool]]]:
    settings = get_settings()
    return {
        "database": lambda: run_in_threadpool(db.is_reachable),
        "rasa": lambda: _answers(settings.rasa_url.rstrip("/") + "/"),
        "actions": lambda: _answers(settings.actions_health_url),
        "encoder": _encoder_rests,
        "broker": lambda: run_in_threadpool(_broker_answers),
        "worker": lambda: run_in_threadpool(_worker_lives),
    }


async def _holds(check: Callable[[], Awaitable[bool]]) -> bool:
    try:
        return await asyncio.wait_for(check(), CHECK_TIMEOUT_S)
    except Exception:  # whatever a neighbour does, it is not ready
        return False


@router.get("/readyz", summary="Is everything ready", responses={503: {"model": Readiness}})
async def readyz(response: Response) -> Readiness:
    """Each dependency by name, ``ok`` or ``false``. 503 when messages cannot be answered."""
    checks = _checks()
    results = await asyncio.gather(*(_holds(check) for check in checks.values()))
    held = dict(zip(checks, results, strict=True))
    ready = all(held[name] for name in REQUIRED)
    response.status_code = 200 if ready else 503
    words = {name: "ok" if ok else "false" for name, ok in held.items()}
    return Readiness(status="ok" if ready else "not ready", dependencies=words)


def _only_for_watchers(authorization: Annotated[str | None, Header()] = None) -> None:
    token = get_settings().metrics_token
    if is_loopback(context.origin().ip):
        return
    expected = f"Bearer {token.get_secret_value()}" if token else None
    if expected is None or not compare_digest((authorization or "").encode(), expected.encode()):
        raise Forbidden("运行数据只给本机和持有令牌的监控系统看。")


@router.get(
    "/metrics",
    summary="Prometheus metrics",
    response_class=Response,
    dependencies=[Depends(_only_for_watchers)],
)
def metrics() -> Response:
    """The numbers of this process, and how much waits to be delivered; from this machine, or with GUANJIA_METRICS_TOKEN."""
    try:
        with db.transaction(read_only=True) as session:
            rows = outbox.backlog(session)
        for status in (outbox.PENDING, outbox.SENDING, outbox.FAILED):
            OUTBOX_ROWS.labels(status).set(rows.get(status, 0))
    except Exception:  # the other numbers are wanted most when the database is down
        OUTBOX_ROWS.clear()
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
