"""The compiled site as files, with the headers that any host is to send."""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dealroom.publish.headers import headers_for
from dealroom.seal.unseal import OBJECTS

# Bytes below which compressing costs more than it saves: less than one packet.
_WORTH_COMPRESSING = 1024


class SiteFiles:
    """ASGI application over a folder: conditional and range requests, no listing of folders, no links out of it."""

    def __init__(self, folder: str) -> None:
        self._plain = StaticFiles(directory=folder, html=True, check_dir=False)
        self._compressed: ASGIApp = GZipMiddleware(self._plain, minimum_size=_WORTH_COMPRESSING)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with a file, or with 404."""
        path = scope["path"].lstrip("/")
        extra = headers_for(path)

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                # What is not there may come with the next build.
                named = extra if message["status"] in _KEEPABLE else {**extra, "Cache-Control": "no-store"}
                for name, value in named.items():
                    headers[name] = value
            await send(message)

        # Sealed objects cannot be compressed, and a range counts the bytes of the file.
        as_is = f"/{OBJECTS}/" in f"/{path}" or "range" in Headers(scope=scope)
        await (self._plain if as_is else self._compressed)(scope, receive, with_headers)


_KEEPABLE = frozenset({200, 206, 304, 307})
