"""The inbox over HTTP: replies that a room in the preview sends, and the seller's answers. For this computer alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pydantic import ValidationError
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from dealroom.errors import Problem, as_problem
from dealroom.inbox.decide import Outcome
from dealroom.inbox.received import Received
from dealroom.serve.bodies import read_body
from dealroom.serve.hosting.replies import LARGEST_BODY, ROOM
from dealroom.serve.inbox import Decision, PreviewInbox
from dealroom.serve.listing import sentence
from dealroom.serve.protection import has_token, is_from_elsewhere, is_from_this_computer

# Bytes of a decision: two hundred numbers and the longest note in UTF-8.
LARGEST_DECISION = 32 * 1024

_ELSEWHERE = "the inbox answers only to the preview's own pages on this computer"


class InboxPages:
    """The routes. `token` is what the list's page carries, `headers` go out with every answer."""

    def __init__(self, inbox: PreviewInbox, token: str, headers: Mapping[str, str]) -> None:
        self._inbox = inbox
        self._token = token
        self._headers = dict(headers)

    @property
    def routes(self) -> list[Route]:
        """Where replies go and where they are answered."""
        return [
            Route("/replies/{room}", self.take, methods=["POST"]),
            Route("/-/inbox/{id}/accept", self.accept, methods=["POST"]),
            Route("/-/inbox/{id}/decline", self.decline, methods=["POST"]),
            Route("/-/inbox/{id}/discard", self.discard, methods=["POST"]),
        ]

    async def take(self, request: Request) -> Response:
        """`POST /replies/<room>`: as an endpoint on the web answers. See docs/format.md, "The endpoint"."""
        if not is_from_this_computer(request) or is_from_elsewhere(request):
            return self._refused(403, _ELSEWHERE)
        room = request.path_params["room"]
        if not ROOM.fullmatch(room):
            return self._refused(404, "there is no room of this name")
        body = await _body(request, LARGEST_BODY)
        if body is None:
            return self._refused(413, "this is larger than a reply can be")
        try:
            refusal = await run_in_threadpool(self._inbox.take, room, body)
        except Problem as fault:
            return self._refused(503, fault.message)
        if refusal:
            return self._refused(400, refusal)
        return PlainTextResponse("taken\n", 202, self._headers, background=BackgroundTask(self._inbox.refresh))

    async def accept(self, request: Request) -> Response:
        """Take changes into the plan."""
        return await self._decide(request, self._inbox.accept)

    async def decline(self, request: Request) -> Response:
        """Say no to changes."""
        return await self._decide(request, self._inbox.decline)

    async def discard(self, request: Request) -> Response:
        """Put a reply that is in quarantine aside."""
        if not self._is_own(request):
            return self._told(403, _ELSEWHERE)
        try:
            file = await run_in_threadpool(self._inbox.discard, request.path_params["id"])
        except Problem as fault:
            return self._told(409, _sentences(fault))
        return await self._done(f"Put aside: it is kept in {file}.")

    async def _decide(self, request: Request, decide: Callable[[str, Decision], tuple[Received, Outcome]]) -> Response:
        if not self._is_own(request):
            return self._told(403, _ELSEWHERE)
        body = await _body(request, LARGEST_DECISION)
        try:
            decision = Decision.model_validate_json(body or b"")
        except ValidationError as fault:
            return self._told(400, f"this cannot be used: {fault.errors()[0]['msg'].removeprefix('Value error, ')}")
        try:
            received, outcome = await run_in_threadpool(decide, request.path_params["id"], decision)
        except (Problem, OSError) as fault:
            return self._told(409, _sentences(as_problem(fault)))
        return await self._done(_said(received, outcome), has_left=bool(outcome.left))

    def _is_own(self, request: Request) -> bool:
        return is_from_this_computer(request) and not is_from_elsewhere(request) and has_token(request, self._token)

    async def _done(self, message: str, *, has_left: bool = False) -> Response:
        # Before the answer: the page then fetches the inbox as it is now.
        await run_in_threadpool(self._inbox.refresh)
        return self._told(200, message, has_left=has_left)

    def _told(self, status: int, message: str, *, has_left: bool = False) -> Response:
        return JSONResponse({"message": sentence(message), "left": has_left}, status, self._headers)

    def _refused(self, status: int, why: str) -> Response:
        return PlainTextResponse(f"{why}\n", status, self._headers)


async def _body(request: Request, largest: int) -> bytes | None:
    """The body; nothing when it is larger than it may be, or cut off."""
    try:
        return await read_body(request, largest)
    except ClientDisconnect:
        return None


def _said(received: Received, outcome: Outcome) -> str:
    """What became of the changes, for the seller who clicked."""
    told = [f"{one.answer}: {one.asked.splitlines()[0]}" for one in outcome.answered[:1]]
    if len(outcome.answered) > 1:
        told = [f"{len(outcome.answered)} answered"]
    if outcome.changed and outcome.changed.is_changed and received.slug:
        told.append(f"written to plans/{received.slug}/plan.yml")
    if outcome.answered:
        told.append(f"{received.sender} reads the answer once you publish")
    told += [f"change {number} still waits: {reason}" for number, reason in list(outcome.left.items())[:3]]
    return " ".join(sentence(part) for part in told)


def _sentences(fault: Problem) -> str:
    return " ".join(sentence(part) for part in (fault.message, fault.hint) if part)
