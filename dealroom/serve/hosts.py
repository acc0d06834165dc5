"""Which names the preview answers to.

The preview hands out every room's links. A web page elsewhere could make its own name point to this machine ("DNS
rebinding") and then read them, unless the server refuses names that are not its own.
"""

from __future__ import annotations

import ipaddress

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send


class OwnHostsOnly:
    """ASGI middleware that answers only requests to an address of this machine or to one of `names`."""

    def __init__(self, app: ASGIApp, names: frozenset[str]) -> None:
        self._app = app
        self._names = names | {"localhost"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it with 421 Misdirected Request."""
        if scope["type"] != "http" or self._is_own(host_name(Headers(scope=scope).get("host", ""))):
            await self._app(scope, receive, send)
            return
        refusal = PlainTextResponse(
            "This preview answers only to localhost and to addresses in numbers.\n", status_code=421
        )
        await refusal(scope, receive, send)

    def _is_own(self, name: str) -> bool:
        # A rebinding page always comes by a name; an address in numbers is what the browser really connected to.
        return name in self._names or name.endswith(".localhost") or is_address(name)


def host_name(host: str) -> str:
    """The name in a Host header, without its port: `localhost`, `127.0.0.1`, `::1`."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    name, _, _ = host.partition(":")
    return name.lower().rstrip(".")


def is_address(name: str) -> bool:
    """Whether this is an IP address in numbers."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
