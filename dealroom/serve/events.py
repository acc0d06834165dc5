"""Server-sent events: tell open pages what changed, the moment it did.

The format is that of the HTML standard, section 9.2 "Server-sent events".
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

# Seconds between signs of life, so that a connection whose page is gone is noticed.
HEARTBEAT = 15.0
# Milliseconds after which a page tries again when the server went away.
RETRY = 500

# What a listener gets last, when the server stops.
_END = b""


@dataclass(eq=False, slots=True)
class Listener:
    """An open page. `topic` is what it wants to hear of."""

    topic: str
    queue: asyncio.Queue[bytes] = field(default_factory=asyncio.Queue)


class Hub:
    """Hands events to the pages that listen. Everything but `publish` belongs to the server's event loop."""

    def __init__(self) -> None:
        self._listeners: set[Listener] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._is_closed = False

    def topics(self) -> frozenset[str]:
        """What is listened to now. May be called from any thread."""
        return frozenset(listener.topic for listener in tuple(self._listeners))

    def publish(self, topic: str, name: str, data: object) -> None:
        """Tell who listens to `topic`. May be called from any thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._hand_out, topic, encode(name, data))

    def close(self) -> None:
        """End all streams, so that the server can stop while pages are open."""
        self._is_closed = True
        for listener in self._listeners:
            listener.queue.put_nowait(_END)

    async def stream(self, topic: str, name: str, present: Callable[[], object]) -> AsyncIterator[bytes]:
        """The events of `topic`, after one with the `present` state, until the page goes or the server stops."""
        with self._listening(topic) as listener:
            # Asked for after listening has begun, so that nothing falls between.
            yield f"retry: {RETRY}\n\n".encode() + encode(name, await asyncio.to_thread(present))
            while not self._is_closed:
                try:
                    message = await asyncio.wait_for(listener.queue.get(), HEARTBEAT)
                except TimeoutError:
                    message = b": alive\n\n"
                if message is _END:
                    return
                yield message

    @contextmanager
    def _listening(self, topic: str) -> Iterator[Listener]:
        self._loop = asyncio.get_running_loop()
        listener = Listener(topic)
        self._listeners.add(listener)
        try:
            yield listener
        finally:
            self._listeners.discard(listener)

    def _hand_out(self, topic: str, message: bytes) -> None:
        for listener in self._listeners:
            if listener.topic == topic:
                listener.queue.put_nowait(message)


def encode(name: str, data: object) -> bytes:
    """One event with JSON as its data, which has no line breaks of its own."""
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()
