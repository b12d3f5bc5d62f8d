"""The page /docs: the API to read and try. Its script lies beside the pages, so it needs no internet."""

from fastapi import APIRouter, Request
from fastapi.openapi.docs import get_swagger_ui_html
from starlette.responses import HTMLResponse

router = APIRouter(include_in_schema=False)

FILES = "/api-docs"
NO_ICON = "data:,"


@router.get("/docs")
def docs(request: Request) -> HTMLResponse:
    """The OpenAPI page (Swagger UI)."""
    return get_swagger_ui_html(
        openapi_url="/openapi.json",
        title=str(request.app.title),
        swagger_js_url=f"{FILES}/swagger-ui-bundle.js",
        swagger_css_url=f"{FILES}/swagger-ui.css",
        swagger_favicon_url=NO_ICON,
    )
