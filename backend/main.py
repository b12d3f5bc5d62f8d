"""The API process: the domains' routes under ``/api/v1``, health, metrics; every error leaves as problem+json."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI
from starlette.concurrency import run_in_threadpool

from backend import docs, health, worker
from backend.domains.identity import guard
from backend.domains.identity import service as identity
from backend.kit import db, outbox
from backend.kit.address import networks
from backend.kit.discovery import domain_modules
from backend.kit.middleware import BodyLimit, HeadAsGet, RequestContext, configure_logs
from backend.kit.refusals import RESPONSES, document_problems, install_problem_handlers
from backend.settings import Settings, get_settings
from backend.wiring import load_tables

log = logging.getLogger("guanjia.main")

PREFIX = "/api/v1"
MULTIPART_OVERHEAD_BYTES = 64 * 1024


class RefusesToStart(RuntimeError):
    """Something about this run would be dangerous; its text is for the person who started it."""


def refuse_demo_accounts(settings: Settings) -> None:
    """Raise RefusesToStart when the published demo password opens an account of a run that is no demo."""
    if settings.demo:
        return
    with db.transaction(read_only=True) as session:
        found = guard.open_demo_accounts(session)
    if found:
        names = "、".join(found)
        raise RefusesToStart(
            f"拒绝启动：这不是演示模式（GUANJIA_DEMO），但数据库里有使用公开演示密码的账号：{names}。"
            "请删除这些账号或修改密码，或换一个数据库。"
            f" Refusing to start: demo mode is off, but these accounts have the published demo password: {names}."
            " Remove them, change their passwords, or use another database."
        )


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Check that the run is safe, then let each domain start and stop what it keeps running."""
    await run_in_threadpool(refuse_demo_accounts, get_settings())
    outbox.set_wake(worker.waker(worker.app).ask)
    started = []
    try:
        for module in domain_modules("lifecycle"):
            await module.startup(app)
            started.append(module)
        yield
    finally:
        for module in reversed(started):
            await module.shutdown(app)


def create_app() -> FastAPI:
    """Return the whole API. Opens no connection; that waits for the lifespan."""
    configure_logs()
    settings = get_settings()
    load_tables()
    app = FastAPI(
        title="管家 Guanjia",
        summary="The assistant of a property company: chat, work orders, staff console.",
        version="1",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.load_principal = identity.load_principal
    api = APIRouter(prefix=PREFIX, responses=RESPONSES)
    for module in domain_modules("api"):
        for router in (module.router, *getattr(module, "beside", ())):
            api.include_router(router)
    app.include_router(api)
    app.include_router(health.router, responses={422: RESPONSES[422]})
    app.include_router(docs.router)
    install_problem_handlers(app)
    document_problems(app)
    upload_bytes = settings.upload_limit_bytes + MULTIPART_OVERHEAD_BYTES
    taking = ("media", "knowledge/documents", "stock/items/import", "labels/media")
    uploads = {f"{PREFIX}/{path}": upload_bytes for path in taking}
    app.add_middleware(HeadAsGet)
    app.add_middleware(BodyLimit, limit_bytes=settings.body_limit_bytes, larger=uploads)
    app.add_middleware(RequestContext, connectors=networks(settings.connector_addresses))  # the outermost
    return app


app = create_app()
