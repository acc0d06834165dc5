"""The hosting server as an ASGI application."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp

from dealroom.serve.hosting.log import RequestLog, Write
from dealroom.serve.hosting.replies import Replies
from dealroom.serve.hosting.site import SiteFiles
from dealroom.serve.hosting.stored import ReplyStore

# Seconds for which the answer of /health stands: whoever asks often must not make the store work.
_HEALTH_LASTS = 5.0


def make_app(site: Path | None, replies: Replies, write: Write, clock: Callable[[], float] = time.time) -> ASGIApp:
    """The application: replies, health, and the files of `site` where there is one."""
    health = _Health(replies.store, clock)
    routes: list[BaseRoute] = [
        Route("/health", health.answer, methods=["GET"]),
        Route("/replies", replies.hand_out, methods=["GET"]),
        Route("/replies/{room}", replies.take, methods=["POST"]),
        Route("/replies/{room}", replies.allow, methods=["OPTIONS"]),
    ]
    if site is not None:
        routes.append(Mount("/", SiteFiles(str(site))))
    log = Middleware(RequestLog, write=write, clock=clock)
    app = Starlette(routes=routes, middleware=[log], exception_handlers={404: _not_found})
    app.router.redirect_slashes = False
    return app


@dataclass(slots=True)
class _Health:
    """Whether replies can be stored and read: what a balancer or a monitor asks."""

    store: ReplyStore
    clock: Callable[[], float]
    _known: tuple[float, bool] = field(default=(-_HEALTH_LASTS, False))

    async def answer(self, _request: Request) -> Response:
        at, is_well = self._known
        if self.clock() - at >= _HEALTH_LASTS:
            is_well = await run_in_threadpool(self._look)
            self._known = (self.clock(), is_well)
        status = {"status": "ok"} if is_well else {"status": "replies cannot be stored"}
        return JSONResponse(status, 200 if is_well else 503, {"Cache-Control": "no-store"})

    def _look(self) -> bool:
        try:
            self.store.check()
        except OSError:
            return False
        return True


async def _not_found(_request: Request, _error: Exception) -> Response:
    return PlainTextResponse("Nothing is here.\n", 404, {"Cache-Control": "no-store"})
