"""Start and stop the preview server."""

from __future__ import annotations

import errno
import ipaddress
import socket
from collections.abc import Callable

import uvicorn
from starlette.types import ASGIApp

from dealroom.errors import Problem
from dealroom.serve.events import Hub
from dealroom.serve.hosts import is_address

# Seconds that answers under way may take after Ctrl-C; event streams end at once.
GRACE = 2

# Connections that may wait to be accepted; uvicorn's own default.
BACKLOG = 2048

_IPV6 = 6


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens on `host` and `port` (0 takes any free one).

    Raises:
        Problem: the port is in use or not allowed, or the host is not this machine.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With the protocol named, asyncio sends each write at once (TCP_NODELAY); else the end of an answer may wait 40 ms
    # for the reader to acknowledge its beginning.
    server = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    # Without this, the port stays taken for a minute after the last preview ended. It never shares a port in use.
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        server.bind((host, port))
        server.listen(BACKLOG)
    except (OSError, OverflowError) as error:
        server.close()
        raise _cannot_listen(host, port, error) from error
    return server


def _cannot_listen(host: str, port: int, error: OSError | OverflowError) -> Problem:
    number = error.errno if isinstance(error, OSError) else None
    if number == errno.EADDRINUSE:
        return Problem(
            f"port {port} is in use", f"stop what uses it, or choose another: dealroom serve --port {port + 1}"
        )
    if number == errno.EACCES:
        return Problem(f"port {port} needs more rights", "choose a port from 1024 to 65535: dealroom serve --port 8000")
    if isinstance(error, socket.gaierror) or number == errno.EADDRNOTAVAIL:
        return Problem(f"`{host}` is no address of this machine", "use 127.0.0.1, or 0.0.0.0 for every address")
    return Problem(f"cannot listen on {host}, port {port}: {error}".lower(), "choose another host or port")


def address_of(server: socket.socket) -> str:
    """The address to open in a browser, with a slash at its end."""
    host, port = server.getsockname()[:2]
    address = ipaddress.ip_address(host)
    if address.is_unspecified:
        address = ipaddress.ip_address("::1" if address.version == _IPV6 else "127.0.0.1")
    return f"http://{f'[{address}]' if address.version == _IPV6 else address}:{port}/"


def own_names(host: str) -> frozenset[str]:
    """The names that a server on `host` answers to: what was given, and the machine's own if others may reach it."""
    if host in {"127.0.0.1", "::1", "localhost"}:
        return frozenset()
    machine = socket.gethostname().lower()
    given = frozenset() if is_address(host) else frozenset({host.lower()})
    return given | {machine, f"{machine}.local"}


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, hub: Hub, started: Callable[[], None]) -> None:
        super().__init__(config)
        self._hub = hub
        self._started = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._started()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # uvicorn waits for open answers, and an event stream never ends by itself.
        self._hub.close()
        await super().shutdown(sockets)


def run(app: ASGIApp, server: socket.socket, hub: Hub, started: Callable[[], None]) -> None:
    """Serve `app` until Ctrl-C or SIGTERM. `started` is called once requests are answered."""
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, timeout_graceful_shutdown=GRACE, lifespan="off", server_header=False
    )
    try:
        _Server(config, hub, started).run(sockets=[server])
    except KeyboardInterrupt:
        # uvicorn raises the signal again after it has stopped in good order.
        return
    finally:
        server.close()
