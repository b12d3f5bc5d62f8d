"""The one way of a channel's messages into the backend: ``POST /api/v1/channels/{channel}/messages``.

Sending the same message again is safe: the backend knows it by its ``external_id``. Raises: NotTaken.
"""

import asyncio
from typing import Any

import httpx

PAUSE_S = 0.25


class NotTaken(Exception):
    """The backend has not said in time that it has the message: whoever sent it should send it again."""


class ChannelDoor:
    """The backend's door for one channel."""

    def __init__(self, client: httpx.AsyncClient, channel: str, token: str) -> None:
        self._client = client
        self._path = f"/api/v1/channels/{channel}/messages"
        self._headers = {"Authorization": f"Bearer {token}"}

    async def hand_over(self, message: dict[str, Any], wait_s: float, limit_s: float, trace_id: str) -> dict[str, Any]:
        """Return what to answer: ``text`` is None when there is nothing to say, or not yet.

        The backend waits ``wait_s`` for the answer; after ``limit_s`` NotTaken is raised. A backend that starts just
        now is tried again until then.
        """
        loop = asyncio.get_running_loop()
        end = loop.time() + limit_s
        try:
            async with asyncio.timeout_at(end):
                while True:
                    body = {**message, "wait_s": round(max(0.0, min(wait_s, wait_s + end - limit_s - loop.time())), 2)}
                    try:
                        answer = await self._client.post(
                            self._path, json=body, headers={**self._headers, "X-Request-ID": trace_id}
                        )
                    except httpx.TransportError:
                        await asyncio.sleep(PAUSE_S)
                        continue
                    if answer.status_code != 200:
                        raise NotTaken(f"{answer.status_code} {answer.text[:200]}")
                    return dict(answer.json())
        except (TimeoutError, ValueError) as error:
            raise NotTaken(type(error).__name__) from error
