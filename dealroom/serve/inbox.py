"""Buyers' replies in the preview: read, held against the plans, and answered.

The inbox is the workspace's own, and what is accepted goes into the real plan. What the list shows is worked out ahead
and kept: holding a change against its plan takes some hundredths of a second, and a page is asked for often.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from dealroom.errors import Problem, as_problem
from dealroom.inbox.carriers import carried_in_bytes
from dealroom.inbox.decide import Outcome, Wish, accept, decline
from dealroom.inbox.edited import edited
from dealroom.inbox.listing import changes_as_json, reply_as_json
from dealroom.inbox.payload import MOST_CHANGES, Change, Line, Note
from dealroom.inbox.received import Received, find_reply, open_inbox
from dealroom.inbox.review import review
from dealroom.inbox.store import Inbox
from dealroom.publish.record import git_author
from dealroom.seal.keys import WorkspaceKey
from dealroom.serve.rooms import Rooms
from dealroom.workspace import Workspace

# Waiting replies that the list shows with their changes; nobody goes through more in one sitting, and the rest follow.
MOST_SHOWN = 30
# Answered replies that can be read again in the list; `dealroom inbox list --all` has every one.
MOST_ANSWERED = 20
# What stands beside a reply in the inbox as where it came from.
SOURCE = "the preview"

# A reply as `inbox.listing` tells it, with its changes.
Told = dict[str, object]


class Decision(BaseModel):
    """What the page sends: which changes (all that wait when none is named), the words, another value for the one."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    changes: tuple[int, ...] = Field(default=(), max_length=MOST_CHANGES + 1)
    words: Note | None = None
    value: Line | None = None
    anyway: bool = False


@dataclass(frozen=True, slots=True)
class InboxState:
    """What the list shows. `waiting` counts all that wait, also those which are not among `shown`."""

    waiting: int = 0
    shown: tuple[Told, ...] = ()
    quarantined: tuple[Told, ...] = ()
    answered: tuple[Told, ...] = ()
    trouble: Problem | None = None


class PreviewInbox:
    """The inbox of a workspace. `changed` is called when what the list shows of it is another now.

    Everything here is called from threads.
    """

    def __init__(
        self, rooms: Rooms, key: WorkspaceKey, today: Callable[[], date], changed: Callable[[], None] = lambda: None
    ) -> None:
        self._rooms = rooms
        self._key = key
        self._today = today
        self._changed = changed
        # One change of a plan at a time; held by a decision from reading the plan to writing it.
        self._lock = threading.RLock()
        self._told: dict[str, tuple[object, Told]] = {}
        self.state = InboxState()

    def refresh(self) -> None:
        """Read the inbox again, and tell when anything is different."""
        with self._lock:
            before = self.state
            try:
                self.state = self._read()
            except (Problem, OSError) as fault:
                self.state = InboxState(trouble=as_problem(fault))
            is_other = _told(before) != _told(self.state)
        if is_other:
            self._changed()

    def take(self, room: str, text: bytes) -> str | None:
        """Store the reply to a room that is in a text, as `inbox add` does. Gives why there is none. Raises Problem."""
        carried = carried_in_bytes(text, SOURCE)
        if carried.faults:
            return carried.faults[0]
        if len(carried.replies) != 1:
            return "send one reply at a time" if carried.replies else "this is not the text of a reply"
        if carried.replies[0].room != room:
            return "this is a reply to another room"
        Inbox(self._rooms.workspace).add(carried.replies[0], self._today(), SOURCE)
        return None

    def accept(self, id: str, decision: Decision) -> tuple[Received, Outcome]:
        """Take changes of a reply into its plan. Raises Problem."""
        with self._lock:
            received = self._find(id)
            wish = replace(self._wish(decision), anyway=decision.anyway)
            if decision.value is not None:
                number, change = _only_change(received, decision)
                wish = replace(wish, instead={number: edited(change, decision.value)}, now={number: decision.value})
            numbers = _numbers(received, decision)
            return received, accept(self._rooms.workspace, received, numbers, wish)

    def decline(self, id: str, decision: Decision) -> tuple[Received, Outcome]:
        """Say no to changes of a reply. Raises Problem."""
        if decision.words is None:
            raise Problem("whoever asked wants to know why", "write a sentence for them")
        with self._lock:
            received = self._find(id)
            numbers = _numbers(received, decision)
            return received, decline(self._rooms.workspace, received, numbers, self._wish(decision))

    def discard(self, id: str) -> str:
        """Put a reply that is in quarantine aside, and give the file where it is kept. Raises Problem."""
        with self._lock:
            received = self._find(id)
            if not received.quarantine:
                raise Problem(f"the reply {received.short_id} is not in quarantine", "accept or decline it")
            workspace = self._rooms.workspace
            return Inbox(workspace).set_aside(received.stored.name).relative_to(workspace.root).as_posix()

    def _find(self, id: str) -> Received:
        return find_reply(open_inbox(self._rooms.workspace, self._key, self._today()), id)

    def _wish(self, decision: Decision) -> Wish:
        return Wish(self._today(), git_author(self._rooms.workspace.root), decision.words)

    def _read(self) -> InboxState:
        replies = open_inbox(self._rooms.workspace, self._key, self._today())
        waiting = [one for one in replies if one.open_changes]
        # The newest first: whoever looks something up has just answered it.
        closed = [one for one in replies if not one.open_changes and not one.quarantine]
        answered = sorted(closed, key=_sent, reverse=True)[:MOST_ANSWERED]
        shown = {one.id: self._tell(one) for one in waiting[:MOST_SHOWN]}
        self._told = {id: kept for id, kept in self._told.items() if id in shown}
        return InboxState(
            waiting=len(waiting),
            shown=tuple(shown.values()),
            quarantined=tuple(reply_as_json(one) for one in replies if one.quarantine),
            # From the history: what an answered change would do to the plan is of no interest any more.
            answered=tuple(
                reply_as_json(one) | {"changes": [asdict(one.answers[number]) for number in sorted(one.answers)]}
                for one in answered
            ),
        )

    def _tell(self, received: Received) -> Told:
        """A reply with its changes, worked out again only when its plan, the settings, an answer or the day changed."""
        source = received.loaded.source.text if received.loaded else ""
        workspace, today = self._rooms.workspace, self._today()
        state = (source, workspace, tuple(sorted(received.answers)), today)
        known, told = self._told.get(received.id, (None, {}))
        if known != state:
            told = self._review(received, today)
            self._told[received.id] = state, told
        return told

    def _review(self, received: Received, today: date) -> Told:
        told = reply_as_json(received)
        people = received.loaded.plan.stakeholders if received.loaded and received.loaded.plan else ()
        told |= {"people": [(one.id, one.name) for one in people], "changes": [], "trouble": None}
        try:
            reviewed = review(self._rooms.workspace, received, today)
        except Problem as fault:
            return told | {"trouble": fault.message}
        return told | {"changes": changes_as_json(received, reviewed)}


def folder_of_replies(workspace: Workspace) -> Path:
    """Where replies are kept, to be watched."""
    return Inbox(workspace).folder


def _told(state: InboxState) -> tuple[object, ...]:
    trouble = state.trouble.message if state.trouble else None
    return state.waiting, state.shown, state.quarantined, state.answered, trouble


def _sent(received: Received) -> str:
    return received.payload.sent.astimezone(UTC).isoformat() if received.payload else ""


def _numbers(received: Received, decision: Decision) -> tuple[int, ...]:
    numbers = tuple(dict.fromkeys(decision.changes)) or received.open_changes
    if not numbers and not received.quarantine:
        raise Problem(f"everything in {received.short_id} was answered", "the list shows what was said")
    return numbers


def _only_change(received: Received, decision: Decision) -> tuple[int, Change]:
    changes = received.payload.changes if received.payload else ()
    if len(decision.changes) != 1 or not 1 <= decision.changes[0] <= len(changes):
        raise Problem("another value is for one change", "name the change")
    return decision.changes[0], changes[decision.changes[0] - 1]
