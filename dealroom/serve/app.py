"""The preview's pages: the list of rooms, the rooms themselves, and the stream of what changed."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import date

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from dealroom.publish.output import ASSETS, OutputFile
from dealroom.room.media_types import media_type_of
from dealroom.seal.unseal import PAGE
from dealroom.serve.events import Hub
from dealroom.serve.follow import LIST, Follower, topic_of
from dealroom.serve.hosts import OwnHostsOnly
from dealroom.serve.inbox import PreviewInbox
from dealroom.serve.inbox_pages import InboxPages
from dealroom.serve.listing import Listing, ShownInbox
from dealroom.serve.protection import is_from_this_computer
from dealroom.serve.rooms import Rooms, ServedRoom

# Bytes of the token that the page shows with each decision: nobody guesses it, and it lasts as long as the server.
TOKEN_SIZE = 32

# Bytes. A view's page is smaller; sealing so much takes less than a millisecond.
AT_ONCE = 256 * 1024

# Nothing of a preview is kept by a browser, framed by another page, or read from another origin.
HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
# For the preview's own pages; a room brings its own policy.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src data:; base-uri 'none'; form-action 'none'"
)


def make_app(
    rooms: Rooms,
    follower: Follower,
    hub: Hub,
    inbox: PreviewInbox,
    names: frozenset[str],
    today: Callable[[], date],
    token: str | None = None,
) -> Starlette:
    """The preview as an ASGI application that answers to `names` beside addresses in numbers and localhost.

    `token` is what the list's page shows when it changes something, by default a new one.
    """
    token = token or secrets.token_urlsafe(TOKEN_SIZE)
    pages = _Pages(rooms, follower, hub, Listing(rooms, follower, today), ShownInbox(inbox, token))
    routes = [
        Route("/", pages.list),
        Route("/-/rooms/{slug}", pages.entry),
        Route("/-/counts", pages.counts),
        Route("/-/inbox", pages.inbox),
        Route("/-/events", pages.events),
        *InboxPages(inbox, token, HEADERS).routes,
        Route("/-/{name}", pages.own_file),
        Route("/{path:path}", pages.file),
    ]
    return Starlette(routes=routes, middleware=[Middleware(OwnHostsOnly, names=names)])


class _Pages:
    def __init__(self, rooms: Rooms, follower: Follower, hub: Hub, listing: Listing, inbox: ShownInbox) -> None:
        self._rooms = rooms
        self._follower = follower
        self._hub = hub
        self._listing = listing
        self._inbox = inbox

    async def list(self, request: Request) -> Response:
        # Others may look at rooms where the seller lets them, but nobody else answers buyers or changes plans.
        inbox = self._inbox if is_from_this_computer(request) else None
        return _own_page(await run_in_threadpool(self._listing.page, inbox))

    async def inbox(self, request: Request) -> Response:
        if not is_from_this_computer(request):
            return _not_found()
        return _own_page(await run_in_threadpool(self._listing.inbox, self._inbox))

    async def entry(self, request: Request) -> Response:
        slug = request.path_params["slug"]
        if slug not in self._rooms:
            return _not_found()
        return _own_page(await run_in_threadpool(self._listing.entry, slug))

    async def counts(self, _request: Request) -> Response:
        return _own_page(await run_in_threadpool(self._listing.counts))

    async def events(self, request: Request) -> Response:
        path = request.query_params.get("path")
        if path is None:
            stream = self._hub.stream(LIST, "rooms", self._follower.list_state)
        else:
            found = await run_in_threadpool(self._rooms.at, path.strip("/"))
            if found is None:
                return _not_found()
            slug = found[0]
            stream = self._hub.stream(topic_of(slug), "state", lambda: self._follower.state(slug))
        return StreamingResponse(stream, media_type="text/event-stream", headers=HEADERS)

    async def own_file(self, request: Request) -> Response:
        file = self._listing.file(request.path_params["name"])
        return _sent(file) if file else _not_found()

    async def file(self, request: Request) -> Response:
        path = request.path_params["path"]
        # No room is in the folder of what they share, so that no plan has to be read to find that out.
        found = None if path.startswith(f"{ASSETS}/") else await run_in_threadpool(self._rooms.at, path)
        if found is None:
            shared = await run_in_threadpool(self._rooms.shared, path)
            return _sent(shared) if shared else _not_found()
        slug, rest = found
        if not rest and not path.endswith("/"):
            return RedirectResponse(f"/{path}/", headers=HEADERS)
        return self._in_room(await run_in_threadpool(self._rooms.room, slug), rest)

    def _in_room(self, room: ServedRoom, path: str) -> Response:
        if path not in {"", PAGE}:
            return _sent(room.files[path]) if path in room.files else _not_found()
        if not room.page:
            return _own_page(self._listing.waiting())
        return HTMLResponse(room.followed_page, headers=HEADERS)


def _sent(file: OutputFile) -> Response:
    if file.size <= AT_ONCE:
        # Each piece of a stream waits for a thread of its own, which takes longer than making one.
        return Response(b"".join(file.chunks()), media_type=media_type_of(file.path), headers=HEADERS)
    headers = {**HEADERS, "Content-Length": str(file.size)}
    return StreamingResponse(file.chunks(), media_type=media_type_of(file.path), headers=headers)


def _own_page(text: str) -> Response:
    return HTMLResponse(text, headers={**HEADERS, "Content-Security-Policy": POLICY})


def _not_found() -> Response:
    return PlainTextResponse("Nothing is here. The list of rooms is at /.\n", status_code=404, headers=HEADERS)
