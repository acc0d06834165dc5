"""HTTP for people who may be hostile: whoever sends the head of a request too slowly, or without an end, is hung up on.

uvicorn bounds the time between two requests, but neither how long the head of one may take nor how much it may hold. A
thousand connections that each send a letter a minute would be a thousand connections that nobody else gets.
"""

from __future__ import annotations

import asyncio
from typing import cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

# Seconds from the first byte of a connection or request to the end of the request's head. A phone with a bad
# connection needs one or two.
HEAD_TIMEOUT = 10.0
# Bytes; browsers send two thousand.
LARGEST_HEAD = 64 * 1024


class ImpatientProtocol(HttpToolsProtocol):
    """uvicorn's HTTP/1.1, with limits on the head of a request."""

    _deadline: asyncio.TimerHandle | None = None
    _received = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The time for the first request begins."""
        super().connection_made(cast("asyncio.Transport", transport))
        self._wait_for_head()

    def data_received(self, data: bytes) -> None:
        """The first bytes of a further request start its time."""
        if self._deadline is None and self._is_between_requests():
            self._wait_for_head()
        self._received += len(data)
        super().data_received(data)
        if not self._is_between_requests():
            self._head_is_there()
        elif self._received > LARGEST_HEAD and not self.transport.is_closing():
            self.send_400_response("the head of the request is too large\n")

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is waited for any more."""
        self._head_is_there()
        super().connection_lost(exc)

    def _is_between_requests(self) -> bool:
        # Before the first request, uvicorn has no cycle, whatever its type says.
        return bool(getattr(self.cycle, "response_complete", True))

    def _wait_for_head(self) -> None:
        self._received = 0
        self._deadline = self.loop.call_later(HEAD_TIMEOUT, self._hang_up)

    def _head_is_there(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _hang_up(self) -> None:
        self.transport.abort()
