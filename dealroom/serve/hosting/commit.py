"""Stores replies that come at once together.

Making a file durable waits for the disk, and fifty replies cost little more than one when the disk is told of them at
once. While one batch is written, the next one gathers; a reply that comes alone waits for nobody. What was put together
gets its place when it is quiet, or after some seconds at the latest.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from starlette.concurrency import run_in_threadpool

from dealroom.serve.hosting.stored import ReplyStore

# Replies in a batch, so that the memory of those that wait behind it is bounded, too.
_MOST = 256
# Seconds without a reply after which it is quiet, and seconds that what was put together waits for that.
_QUIET, _LATEST = 0.25, 5.0


@dataclass(slots=True)
class Committer:
    """Belongs to one event loop."""

    store: ReplyStore
    _waiting: dict[str, str] = field(default_factory=dict)
    _stored: dict[str, list[asyncio.Future[None]]] = field(default_factory=dict)
    _writer: asyncio.Task[None] | None = None
    _settler: asyncio.Task[None] | None = None
    _settles: asyncio.TimerHandle | None = None
    _latest: float | None = None

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
            if len(batch) > 1:
                self._settle_soon()
        self._writer = None

    def _settle_soon(self) -> None:
        loop = asyncio.get_running_loop()
        if self._latest is None:
            self._latest = loop.time() + _LATEST
        if self._settles is not None:
            self._settles.cancel()
        self._settles = loop.call_at(min(loop.time() + _QUIET, self._latest), self._start_settling)

    def _start_settling(self) -> None:
        self._settles = self._latest = None
        if self._settler is None:
            self._settler = asyncio.create_task(self._settle())

    async def _settle(self) -> None:
        try:
            while await run_in_threadpool(self.store.settle):
                pass
        except OSError:
            # It stays where it is, safe; the next reply, or the next start, tries again.
            return
        finally:
            self._settler = None
