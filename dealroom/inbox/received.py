"""The replies in the inbox, opened: what each says, who sent it, and what was said to it so far."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from dealroom.diagnostics.wording import listed
from dealroom.errors import Problem
from dealroom.inbox.payload import Payload, read_payload
from dealroom.inbox.proof import Proof, prove, readership_of
from dealroom.inbox.store import Inbox, Stored
from dealroom.plan.answers import NOTE, Answer, Answered, answered_changes
from dealroom.plan.digest import commitments_digest
from dealroom.plan.folders import plan_slugs
from dealroom.plan.history import read_history
from dealroom.plan.read import LoadedPlan, read_plan
from dealroom.publish.readers import Readership
from dealroom.seal.access import room_id
from dealroom.seal.errors import CannotOpenReply
from dealroom.seal.keys import WorkspaceKey
from dealroom.seal.reply import open_reply
from dealroom.workspace import Workspace

# The digits of an id that people are shown and type: 32 bits, and a longer beginning is taken too.
SHOWN_DIGITS = 8
# Days that a sender's clock may be ahead: the other side of the world is one.
_AHEAD = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Received:
    """A reply in the inbox. Its `id` is the reply's own, or that of its file when it cannot be trusted.

    `quarantine` says why nothing of it counts; else `payload`, `proof` and `loaded` are there. `answers` are by the
    number of the change.
    """

    id: str
    stored: Stored
    loaded: LoadedPlan | None = None
    payload: Payload | None = None
    proof: Proof | None = None
    quarantine: str | None = None
    answers: dict[int, Answer] = field(default_factory=dict)

    @property
    def short_id(self) -> str:
        """The id as people are shown it."""
        return self.id[:SHOWN_DIGITS]

    @property
    def slug(self) -> str | None:
        """The plan it is about."""
        return self.loaded.slug if self.loaded else None

    @property
    def sender(self) -> str:
        """Who sent it, as people call them; a name that was typed counts under the shared passphrase alone."""
        if self.proof is None or self.payload is None:
            return "somebody"
        if self.payload.kind == "shared" and self.payload.name:
            return self.payload.name
        return self.proof.person.name

    @property
    def saw_other_commitments(self) -> bool:
        """Whether the commitments have changed since its sender saw the plan."""
        if self.payload is None or self.loaded is None or self.loaded.plan is None:
            return False
        visible = self.proof.plan if self.proof else None
        # The page of somebody who may not read all of the plan has the digest of what it shows.
        return self.payload.plan not in {commitments_digest(one) for one in (self.loaded.plan, visible) if one}

    @property
    def open_changes(self) -> tuple[int, ...]:
        """The numbers of the changes that nothing was said to, and that of the note; none in quarantine."""
        if self.quarantine or self.payload is None:
            return ()
        numbers = [NOTE] if self.payload.note else []
        numbers += range(1, len(self.payload.changes) + 1)
        return tuple(number for number in numbers if number not in self.answers)


def open_inbox(workspace: Workspace, key: WorkspaceKey, today: date) -> tuple[Received, ...]:
    """Every reply, in the order in which they were sent; those in quarantine last. Raises Problem.

    A reply that came by two ways is there once.
    """
    opener = _Opener(workspace, key, today)
    found: dict[str, Received] = {}
    every: list[Received] = []
    for stored in Inbox(workspace).entries():
        one = opener.opened(stored)
        first = found.get(one.id)
        if one.payload is not None and first is not None:
            if one.payload == first.payload:
                continue
            one = Received(stored.name, stored, quarantine=f"its id is that of another reply, {first.short_id}")
        elif one.payload is not None:
            found[one.id] = one
        every.append(one)
    return tuple(sorted(every, key=_order))


def find_reply(replies: tuple[Received, ...], id: str) -> Received:
    """The one whose id begins so.

    Raises:
        Problem: none does, or several do.
    """
    matching = [one for one in replies if id and one.id.startswith(id.lower())]
    if len(matching) == 1:
        return matching[0]
    if matching:
        raise Problem(f"several replies begin with {id}", f"write more of it: {listed(one.id for one in matching)}")
    raise Problem(f"there is no reply `{id}` in the inbox", "`dealroom inbox list --all` shows what is there")


def _order(one: Received) -> tuple[bool, str, str, int, str]:
    payload = one.payload
    if payload is None:
        return True, "", str(one.stored.received), 0, one.id
    return False, one.slug or "", payload.sent.isoformat(), payload.sequence, one.id


class _Opener:
    def __init__(self, workspace: Workspace, key: WorkspaceKey, today: date) -> None:
        self._workspace = workspace
        self._key = key
        self._today = today
        self._slugs = {room_id(key, slug): slug for slug in plan_slugs(workspace)}
        self._loaded: dict[str, LoadedPlan] = {}
        self._answered: dict[str, tuple[Answered, ...]] = {}
        self._readers: dict[str, Readership] = {}

    def opened(self, stored: Stored) -> Received:
        """What is in a file of the inbox."""
        if stored.reply is None:
            return Received(stored.name, stored, quarantine="its file in .dealroom/inbox is damaged")
        slug = self._slugs.get(stored.reply.room)
        if slug is None:
            reason = "no plan here has its room: it belongs to another workspace, another key, or a renamed plan"
            return Received(stored.name, stored, quarantine=reason)
        loaded = self._plan(slug)
        try:
            opened = open_reply(self._key, stored.reply.room, stored.reply.sealed)
            payload = read_payload(opened.payload, stored.reply.room)
        except CannotOpenReply as fault:
            return Received(stored.name, stored, loaded, quarantine=fault.message)
        if loaded.plan is None:
            reason = f"the plan has errors, so it cannot be said who sent this: see `dealroom check {slug}`"
            return Received(stored.name, stored, loaded, quarantine=reason)
        if slug not in self._readers:
            self._readers[slug] = readership_of(self._key, loaded, self._today)
        proof = prove(self._key, loaded, self._readers[slug], payload, opened, self._today)
        if proof is None:
            reason = f"it says that it is from `{payload.person}`, and was not made with a key of theirs"
            return Received(stored.name, stored, loaded, quarantine=reason)
        if payload.sent_on > self._today + _AHEAD:
            reason = f"it says that it was sent on {payload.sent_on}, which is still to come"
            return Received(stored.name, stored, loaded, quarantine=reason)
        answers = answered_changes(self._answered[slug], payload.id)
        return Received(payload.id, stored, loaded, payload, proof, answers=answers)

    def _plan(self, slug: str) -> LoadedPlan:
        if slug not in self._loaded:
            folder, root = self._workspace.plans / slug, self._workspace.root
            self._loaded[slug] = read_plan(folder, root)
            self._answered[slug] = read_history(folder, root).answered
        return self._loaded[slug]


def waiting(replies: tuple[Received, ...]) -> Iterator[Received]:
    """Those to which something is still to be said."""
    return (one for one in replies if one.open_changes)
