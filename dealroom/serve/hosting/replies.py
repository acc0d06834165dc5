"""Takes sealed replies from buyers' browsers, and hands them to their seller."""

from __future__ import annotations

import asyncio
import hmac
import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from dealroom.seal.armor import LINE, SealedReply, armor, find_replies, untouched_reply
from dealroom.seal.encoding import b64u_decode, padme
from dealroom.seal.errors import CannotOpenReply
from dealroom.seal.reply import LARGEST_SEALED
from dealroom.seal.token import token_digest
from dealroom.serve.bodies import read_body
from dealroom.serve.hosting.commit import Committer
from dealroom.serve.hosting.limits import Limits
from dealroom.serve.hosting.stored import Arrival, ReplyStore, name_of

# Bytes of a SHA-256.
_DIGEST_SIZE = 32

ROOM = re.compile(r"[a-z2-7]{24}")

# What the room's script sends is the plain text of one reply: base64 with line breaks (of two bytes on some systems),
# two lines around it and a head.
_LETTERS = LARGEST_SEALED * 4 // 3
LARGEST_BODY = padme(_LETTERS + 2 * (_LETTERS // LINE) + 1024)
# Seconds that a body may take: the largest in ten is 300 kbit/s, and most are a hundredth of it.
BODY_TIMEOUT = 20.0
# Bytes of a body that is read in a thread of its own.
_LARGE = 16 * 1024
# Replies in one answer to a seller, at most 45 MB where each is as large as can be.
PAGE = 100

_TOO_LARGE = "this is larger than a reply can be"
# Where a body was not read to its end, nothing more can follow on the connection.
_HANG_UP = {"Connection": "close"}
_NO_STORE = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


@dataclass(frozen=True, slots=True)
class Replies:
    """The endpoint. `origins` are other sites whose rooms may send here; `fetch_digest` is the SHA-256 of the seller's
    token, and without it nobody fetches. `behind_proxy` believes the nearest proxy's `X-Forwarded-For`."""

    store: ReplyStore
    limits: Limits
    origins: frozenset[str] = frozenset()
    fetch_digest: bytes | None = field(default=None, repr=False)
    behind_proxy: bool = False
    committer: Committer = field(init=False)

    def __post_init__(self) -> None:
        """Every server stores in batches of its own."""
        object.__setattr__(self, "committer", Committer(self.store))

    async def take(self, request: Request) -> Response:
        """`POST /replies/<room>`: 202 when the reply is stored for good. See docs/format.md."""
        answer = await self._take(request)
        for name, value in self._sharing(request).items():
            answer.headers[name] = value
        return answer

    async def allow(self, request: Request) -> Response:
        """`OPTIONS`: what a browser asks before it sends to another site."""
        headers = self._sharing(request)
        allowed = {"Access-Control-Allow-Methods": "POST", "Access-Control-Allow-Headers": "content-type"}
        return Response(status_code=204, headers={**_NO_STORE, **headers, **(allowed if headers else {})})

    async def hand_out(self, request: Request) -> Response:
        """`GET /replies?after=…`: a page of replies, for the seller alone."""
        if not self._is_seller(request):
            return JSONResponse(
                {"error": "this needs the seller's token"}, 401, {**_NO_STORE, "WWW-Authenticate": "Bearer"}
            )
        try:
            after = _arrival(request.query_params.get("after", ""))
        except ValueError:
            return JSONResponse({"error": "this is not a cursor"}, 400, _NO_STORE)
        return JSONResponse(await run_in_threadpool(self._page, after), headers=_NO_STORE)

    def _page(self, after: Arrival) -> dict[str, object]:
        waiting = [each for each in self.store.arrivals() if each > after]
        page = waiting[:PAGE]
        replies = [{"name": each.name, "text": self.store.read(each.name)} for each in page]
        return {"replies": replies, "next": _cursor(page[-1]) if page else None}

    async def _take(self, request: Request) -> Response:
        room = request.path_params["room"]
        refusal = self._unread(request, room)
        if refusal is not None:
            return refusal
        try:
            async with asyncio.timeout(BODY_TIMEOUT):
                body = await read_body(request, LARGEST_BODY)
        except TimeoutError:
            return _refused(408, "the reply came too slowly", _HANG_UP)
        except ClientDisconnect:
            return _refused(400, "the connection was lost")
        if body is None:
            return _refused(413, _TOO_LARGE, _HANG_UP)
        return await self._store(room, body)

    def _unread(self, request: Request, room: str) -> Response | None:
        """Why a request is refused before anything of its body is read."""
        if not ROOM.fullmatch(room):
            return _refused(404, "there is no room of this name", _HANG_UP)
        if not self._may_send(request):
            return _refused(403, "this page may not send here", _HANG_UP)
        if not self.limits.address_may(self._address(request)) or not self.limits.room_may(room):
            return _refused(429, "too many replies; try again in a minute", {**_HANG_UP, "Retry-After": "60"})
        declared = request.headers.get("content-length", "0")
        if not declared.isdecimal() or int(declared) > LARGEST_BODY:
            return _refused(413, _TOO_LARGE, _HANG_UP)
        return None

    async def _store(self, room: str, body: bytes) -> Response:
        # Most replies are read in a fraction of a millisecond; a large one must not keep the others waiting.
        reply = await run_in_threadpool(_only_reply, body) if len(body) > _LARGE else _only_reply(body)
        if isinstance(reply, str):
            return _refused(400, reply)
        if reply.room != room:
            return _refused(400, "this is a reply to another room")
        # Written anew: nothing that a sender put around the letters is kept.
        text = armor(reply)
        try:
            await self.committer.put(name_of(room, text), text)
        except OSError:
            return _refused(503, "the reply could not be stored; try again later", {"Retry-After": "60"})
        return PlainTextResponse("taken\n", 202, _NO_STORE)

    def _address(self, request: Request) -> str:
        forwarded = request.headers.getlist("x-forwarded-for") if self.behind_proxy else []
        # The last entry is the nearest proxy's own; those before it are whatever the sender claimed.
        nearest = ",".join(forwarded).rpartition(",")[2].strip()
        return nearest or (request.client.host if request.client else "")

    def _may_send(self, request: Request) -> bool:
        origin = request.headers.get("origin")
        return origin is None or origin in self.origins or urlsplit(origin).netloc == self._own_name(request.headers)

    def _own_name(self, headers: Headers) -> str:
        forwarded = headers.get("x-forwarded-host") if self.behind_proxy else None
        return forwarded or headers.get("host", "")

    def _sharing(self, request: Request) -> dict[str, str]:
        """What lets the page of another site read the answer (CORS)."""
        origin = request.headers.get("origin")
        return {"Access-Control-Allow-Origin": origin, "Vary": "Origin"} if origin in self.origins and origin else {}

    def _is_seller(self, request: Request) -> bool:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if self.fetch_digest is None or scheme.lower() != "bearer":
            return False
        return hmac.compare_digest(token_digest(token.strip()), self.fetch_digest)


def parse_fetch_digest(written: str) -> bytes:
    """The SHA-256 of the seller's token, from base64url. Raises ValueError."""
    digest = b64u_decode(written.strip())
    if len(digest) != _DIGEST_SIZE:
        raise ValueError(written)
    return digest


def _only_reply(body: bytes) -> SealedReply | str:
    """The one reply in a body, or why there is none."""
    try:
        text = body.decode("ascii")
    except UnicodeDecodeError:
        return "this is not the text of a reply"
    if untouched := untouched_reply(text):
        return untouched
    found = find_replies(text)
    if len(found) != 1:
        return "send one reply at a time" if found else "this is not the text of a reply"
    return str(found[0]) if isinstance(found[0], CannotOpenReply) else found[0]


def _refused(status: int, why: str, headers: dict[str, str] | None = None) -> Response:
    return PlainTextResponse(f"{why}\n", status, {**_NO_STORE, **(headers or {})})


def _cursor(arrival: Arrival) -> str:
    return f"{arrival.at}~{arrival.name}"


def _arrival(cursor: str) -> Arrival:
    """Raises ValueError."""
    at, _, name = cursor.partition("~")
    return Arrival(int(at), name) if cursor else Arrival(0, "")
