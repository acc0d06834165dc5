"""Stores replies that come at once together.

Making a file durable waits for the disk, and fifty files cost little more than one when the disk is told of them at
once. While one batch is written, the next one gathers; a reply that comes alone waits for nobody.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from starlette.concurrency import run_in_threadpool

from dealroom.serve.hosting.store import ReplyStore

# Replies in a batch, so that the memory of those that wait behind it is bounded, too.
_MOST = 256


@dataclass(slots=True)
class Committer:
    """Belongs to one event loop."""

    store: ReplyStore
    _waiting: dict[str, str] = field(default_factory=dict)
    _stored: dict[str, list[asyncio.Future[None]]] = field(default_factory=dict)
    _writer: asyncio.Task[None] | None = None

    async def put(self, name: str, text: str) -> None:
        """Return when the reply is stored for good. Raises OSError."""
        future = asyncio.get_running_loop().create_future()
        self._waiting[name] = text
        self._stored.setdefault(name, []).append(future)
        if self._writer is None:
            self._writer = asyncio.create_task(self._write())
        await future

    async def _write(self) -> None:
        while self._waiting:
            names = list(self._waiting)[:_MOST]
            batch = {name: self._waiting.pop(name) for name in names}
            # Who sends the same while it is written waits for the next batch, which finds it stored.
            waiting = [future for name in names for future in self._stored.pop(name)]
            fault: OSError | None = None
            try:
                await run_in_threadpool(self.store.put, batch)
            except OSError as error:
                fault = error
            for future in waiting:
                # Whoever hung up does not wait any more.
                if not future.done():
                    future.set_exception(fault) if fault else future.set_result(None)
        self._writer = None
