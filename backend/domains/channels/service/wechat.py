"""WeChat's API: send to a follower, fetch what they sent. Blocking; call it outside of any transaction.

Raises: WeChatFailed.
"""

import json
from typing import Any

import httpx

from backend.domains.channels.service.access import Fetched, WeChatFailed, token
from backend.domains.channels.wechat_codes import NETWORK, Then, row_of
from backend.settings import get_settings

SEND = "/cgi-bin/message/custom/send"
TEMPLATE = "/cgi-bin/message/template/send"
TOKEN = "/cgi-bin/stable_token"
MEDIA = "/cgi-bin/media/get"
MOST_MEDIA_BYTES = 10 * 1024 * 1024

_client: httpx.Client | None = None


def _shared() -> httpx.Client:
    global _client
    if _client is None:
        settings = get_settings()
        _client = httpx.Client(
            base_url=settings.wechat_api_url,
            timeout=httpx.Timeout(settings.wechat_timeout_s, connect=2.0),
            limits=httpx.Limits(max_connections=32, max_keepalive_connections=8),
            trust_env=False,
        )
    return _client


def close() -> None:
    """Close the shared connections; the next call reads the settings again."""
    global _client
    if _client is not None:
        _client.close()
        _client = None


def is_set_up() -> bool:
    """Tell whether there is an account to send from."""
    settings = get_settings()
    return bool(settings.wechat_app_id and settings.wechat_secret.get_secret_value())


def _ask(method: str, path: str, params: dict[str, str], body: Any) -> httpx.Response:
    content = None if body is None else json.dumps(body, ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json"} if content else {}
    try:
        answer = _shared().request(method, path, params=params, content=content, headers=headers)
    except httpx.HTTPError as error:
        raise WeChatFailed(NETWORK) from error
    if answer.status_code != 200:
        raise WeChatFailed(NETWORK)
    return answer


def _told(answer: httpx.Response) -> dict[str, Any]:
    """Return WeChat's JSON. Raises WeChatFailed for an error code, and for what is no JSON."""
    try:
        told = answer.json()
        code = int(told.get("errcode") or 0)
    except (ValueError, AttributeError, TypeError) as error:
        raise WeChatFailed(NETWORK) from error
    if code:
        raise WeChatFailed(row_of(code), code)
    return dict(told)


def _fetch_token(another: bool) -> Fetched:
    settings = get_settings()
    told = _told(
        _ask(
            "POST",
            TOKEN,
            {},
            {
                "grant_type": "client_credential",
                "appid": settings.wechat_app_id,
                "secret": settings.wechat_secret.get_secret_value(),
                "force_refresh": another,
            },
        )
    )
    try:
        return Fetched(str(told["access_token"]), int(told["expires_in"]))
    except (KeyError, TypeError, ValueError) as error:
        raise WeChatFailed(NETWORK) from error


def _call(method: str, path: str, params: dict[str, str], body: Any = None) -> httpx.Response:
    """Ask with the access token; one that is refused is replaced once."""
    account = get_settings().wechat_app_id
    good = token(account, _fetch_token)
    try:
        return _checked(_ask(method, path, {**params, "access_token": good}, body))
    except WeChatFailed as failed:
        if failed.row.then is not Then.REFRESH:
            raise
    good = token(account, _fetch_token, refused=good)
    return _checked(_ask(method, path, {**params, "access_token": good}, body))


def _checked(answer: httpx.Response) -> httpx.Response:
    """Raise WeChatFailed where the answer is an error; files come as they are."""
    kind = answer.headers.get("content-type", "")
    if kind.startswith(("application/json", "text/")) or not kind:
        _told(answer)
    return answer


def send_text(to: str, text: str) -> None:
    """Send a text to a follower."""
    _call("POST", SEND, {}, {"touser": to, "msgtype": "text", "text": {"content": text}})


def send_news(to: str, title: str, description: str, url: str) -> None:
    """Send a card that opens a page."""
    article = {"title": title, "description": description, "url": url}
    _call("POST", SEND, {}, {"touser": to, "msgtype": "news", "news": {"articles": [article]}})


def send_template(to: str, template_id: str, words: str, url: str, client_msg_id: str) -> None:
    """Send a template message; WeChat shows at most 20 characters of a thing."""
    short = words if len(words) <= 20 else words[:19] + "…"
    body = {
        "touser": to,
        "template_id": template_id,
        "url": url,
        "data": {"thing1": {"value": short}},
        "client_msg_id": client_msg_id,
    }
    _call("POST", TEMPLATE, {}, body)


def fetch_media(media_id: str) -> bytes:
    """Return a file that a follower sent (kept by WeChat for three days)."""
    data = _call("GET", MEDIA, {"media_id": media_id}).content
    if len(data) > MOST_MEDIA_BYTES:
        raise WeChatFailed(NETWORK)
    return data
