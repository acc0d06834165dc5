"""Start and stop the hosting server."""

from __future__ import annotations

import logging
import signal
import socket
import sys
from collections.abc import Callable

import anyio
import uvicorn
from starlette.types import ASGIApp

from dealroom.serve.hosting.protocol import ImpatientProtocol

# Seconds that requests under way may take after SIGTERM: a body may take twenty, and balancers wait for thirty.
GRACE = 25
# Connections at once, beyond which new ones are told to come back (503): each costs some 30 KB.
MOST_CONNECTIONS = 2000


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, started: Callable[[], None]) -> None:
        super().__init__(config)
        self._started = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._started()


def run(app: ASGIApp, server: socket.socket, started: Callable[[], None]) -> None:
    """Serve `app` on a listening socket until Ctrl-C or SIGTERM; then finish what is under way. `started` is called
    once requests are answered."""
    # Its own lines would name addresses; what matters is in the log of requests.
    logging.getLogger("uvicorn").addHandler(logging.NullHandler())
    config = uvicorn.Config(
        app,
        http=ImpatientProtocol,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=MOST_CONNECTIONS,
        timeout_graceful_shutdown=GRACE,
    )
    # Loads what works off requests in threads, for which the first one would wait a tenth of a second.
    anyio.run(anyio.sleep, 0)
    # uvicorn raises the signal again after it has stopped in good order, which would be the end of this process.
    before = signal.signal(signal.SIGTERM, lambda _number, _frame: None)
    try:
        _Server(config, started).run(sockets=[server])
    except KeyboardInterrupt:
        return
    finally:
        signal.signal(signal.SIGTERM, before)
        server.close()


def write_line(line: str) -> None:
    """Write a line of the log to standard output, at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
