"""One line of JSON for each request: what was asked and what became of it. No address, no token, no content."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime

from starlette.types import ASGIApp, Message, Receive, Scope, Send

Write = Callable[[str], None]


class RequestLog:
    """ASGI middleware that gives `write` a line a request."""

    def __init__(self, app: ASGIApp, write: Write, clock: Callable[[], float] = time.time) -> None:
        self._app = app
        self._write = write
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and tell what was answered."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status, size = self._clock(), 0, 0

        async def counted(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
            elif message["type"] == "http.response.body":
                size += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, receive, counted)
        finally:
            self._write(self._line(scope, status, size, began))

    def _line(self, scope: Scope, status: int, size: int, began: float) -> str:
        entry = {
            "time": datetime.fromtimestamp(began, UTC).isoformat(timespec="milliseconds"),
            "event": "request",
            "method": scope["method"] if scope["method"] in _METHODS else "other",
            "what": _what(scope["path"]),
            # 0: the connection was lost before anything was answered.
            "status": status,
            "bytes": size,
            "ms": round((self._clock() - began) * 1000, 1),
        }
        return json.dumps(entry)


_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH"})


def _what(path: str) -> str:
    """What kind of thing was asked for. The path itself is somebody's room."""
    first, _, rest = path.lstrip("/").partition("/")
    if first in {"health", "replies"}:
        return first
    if first == "assets":
        return "asset"
    if "/o/" in f"/{rest}":
        return "object"
    return "page"
