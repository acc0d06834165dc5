"""Reads what is sent to a server, and no more than it takes."""

from __future__ import annotations

from starlette.requests import Request


async def read_body(request: Request, largest: int) -> bytes | None:
    """The body, or `None` once it has more than so many bytes. Raises ClientDisconnect."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > largest:
            return None
    return bytes(body)
