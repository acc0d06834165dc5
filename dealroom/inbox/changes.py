"""The edits of the plan that each kind of change asks for, and what speaks against them. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from dealroom.diagnostics.wording import quoted
from dealroom.fields import as_id
from dealroom.inbox import payload as said
from dealroom.inbox.literal import literal
from dealroom.inbox.payload import Change
from dealroom.inbox.subject import Found, Seen
from dealroom.plan.digest import commitments_digest, names_digest, short_digest
from dealroom.plan.edit import Add, Edit, Remove, Set
from dealroom.plan.model import Milestone, Side, Status, Step, SuccessCriterion
from dealroom.schedule.words import long_date

# Days that a sender's date may be ahead of the time of the reply, which is that of Greenwich.
_AHEAD = timedelta(days=1)
# Letters of an id made from a title: enough to know it by.
_LONGEST_ID = 40


@dataclass(frozen=True, slots=True)
class Meaning:
    """The edits that a change asks for. `conflict` is what speaks against doing them unseen: what its sender saw and
    what the plan says now. `is_so` tells that the plan says this already."""

    edits: tuple[Edit, ...] = ()
    conflict: str | None = None
    is_so: bool = False


class Obstacle(Exception):
    """The change cannot be taken into the plan."""


IS_SO = Meaning(is_so=True)


def meaning_of(seen: Seen, change: Change, found: Found) -> Meaning:
    """What a change means. Comments and questions mean no edit.

    Raises:
        Obstacle: there is nothing that the change could be applied to.
    """
    read = _READERS.get(type(change))
    return read(seen, change, found) if read else Meaning()


def _milestone(found: Found) -> Milestone:
    if not isinstance(found.part, Milestone):
        raise Obstacle(f"{found.title} is no milestone")
    return found.part


def _criterion(found: Found) -> SuccessCriterion:
    if not isinstance(found.part, SuccessCriterion):
        raise Obstacle(f"{found.title} is no success criterion")
    return found.part


def _done(seen: Seen, change: said.Done, found: Found) -> Meaning:
    part = found.part
    if not isinstance(part, Milestone | Step):
        return Meaning()
    if part.done == change.date:
        return IS_SO
    conflict = f"the plan says that it was done on {long_date(part.done)}" if part.done else None
    if change.date > seen.sent + _AHEAD:
        conflict = f"it was said on {long_date(seen.sent)}, before the day on which it was done"
    edits: list[Edit] = [Set((*found.path, "done"), change.date)]
    if isinstance(part, Milestone):
        if part.state is Status.DROPPED:
            conflict = "the plan says that it was dropped"
        if part.status is not None:
            edits.append(Set((*found.path, "status"), Status.DONE.value))
        if part.blocked:
            edits.append(Remove((*found.path, "blocked")))
    return Meaning(edits=tuple(edits), conflict=conflict)


def _date(seen: Seen, change: said.Date, found: Found) -> Meaning:
    if change.target == "plan":
        now = seen.plan.go_live.date
        conflict = _moved(seen, change, {now}, now)
        edit = Set(("go_live", "date"), change.date)
        return IS_SO if now == change.date else Meaning(edits=(edit,), conflict=conflict)
    part = found.part
    if not isinstance(part, Milestone | Step):
        return Meaning()
    if part.due == change.date:
        return IS_SO
    shown = seen.dates.get(part.id) if isinstance(part, Milestone) else None
    known = {day for day in (part.due, shown) if day}
    conflict = _moved(seen, change, known, part.due or shown)
    if part.done:
        conflict = f"the plan says that it was done on {long_date(part.done)}"
    edits: list[Edit] = [Set((*found.path, "due"), change.date)]
    if isinstance(part, Milestone) and part.due is None and part.after is None:
        # Without a date of its own it waits for the milestone above it; with one, only for what `after` says.
        waits_for = seen.plan.predecessors()[part.id]
        edits += [Set((*found.path, "after"), list(waits_for))] if waits_for else []
    return Meaning(edits=tuple(edits), conflict=conflict)


def _moved(seen: Seen, change: said.Date, known: Iterable[date], now: date | None) -> str | None:
    """The conflict when the sender saw another date than the plan has."""
    if change.was in set(known) or (change.was is None and now is None):
        return None
    saw = f"{seen.sender} saw {long_date(change.was)}" if change.was else f"{seen.sender} saw no date"
    return f"{saw}, the plan now says {long_date(now) if now else 'no date'}"


def _blocked(seen: Seen, change: said.Blocked, found: Found) -> Meaning:
    milestone = _milestone(found)
    by, since = literal(change.by), change.since or seen.sent
    _check_person(seen, change.owner)
    conflict = None
    path = (*found.path, "blocked")
    edits: list[Edit] = []
    if milestone.blocked is None:
        owner = {"owner": change.owner} if change.owner else {}
        edits.append(Set(path, {"by": by, **owner, "since": since}))
    elif milestone.blocked.by == by and change.owner in {None, milestone.blocked.owner}:
        return IS_SO
    else:
        conflict = f"the plan says that it is blocked by {milestone.blocked.by}"
        edits += [Set((*path, "by"), by), Set((*path, "since"), since)]
        edits += [Set((*path, "owner"), change.owner)] if change.owner else []
    if milestone.state in {Status.DONE, Status.DROPPED}:
        conflict = f"the plan says that it is {milestone.state}"
    if milestone.status not in {None, Status.BLOCKED}:
        edits.append(Set((*found.path, "status"), Status.BLOCKED.value))
    return Meaning(edits=tuple(edits), conflict=conflict)


def _unblocked(_seen: Seen, _change: said.Unblocked, found: Found) -> Meaning:
    milestone = _milestone(found)
    if milestone.state is not Status.BLOCKED and milestone.blocked is None:
        return IS_SO
    edits: list[Edit] = [Remove((*found.path, "blocked"))] if milestone.blocked else []
    if milestone.status is Status.BLOCKED:
        status = Status.IN_PROGRESS if milestone.started else Status.NOT_STARTED
        edits.append(Set((*found.path, "status"), status.value))
    return Meaning(edits=tuple(edits))


def _owner(seen: Seen, change: said.Owner, found: Found) -> Meaning:
    part = found.part
    if isinstance(part, Milestone):
        now = getattr(part.owners, change.side)
        path: tuple[Any, ...] = (*found.path, "owners", change.side)
        _check_person(seen, change.person, Side(change.side))
    elif isinstance(part, Step | SuccessCriterion):
        now, path = part.owner, (*found.path, "owner")
        _check_person(seen, change.person)
    else:
        return Meaning()
    if now == change.person:
        return IS_SO
    conflict = None
    if now != change.was:
        conflict = f"{seen.sender} saw {seen.name(change.was)}, the plan now says {seen.name(now)}"
    return Meaning(edits=(Set(path, change.person),), conflict=conflict)


def _check_person(seen: Seen, id: str | None, side: Side | None = None) -> None:
    """Raises Obstacle."""
    person = seen.plan.stakeholder(id)
    if id is not None and person is None:
        first = ": accept the new person first" if id in seen.people else ""
        raise Obstacle(f"nobody of the plan has the id {quoted(id)}{first}")
    if person and side and person.side is not side:
        raise Obstacle(f"{person.name} is of the {person.side}'s side")


def _person(seen: Seen, change: said.Person, _found: Found) -> Meaning:
    new = change.person
    known = seen.plan.stakeholder(new.id)
    if known is not None:
        if known.name == literal(new.name):
            return IS_SO
        raise Obstacle(f"the id {quoted(new.id)} is that of {known.name}; add the person by hand with another id")
    fields = {"id": new.id, "name": literal(new.name), "side": new.side}
    fields |= {"title": literal(new.title)} if new.title else {}
    fields |= {"role": new.role} if new.role else {}
    fields |= {"email": new.email} if new.email else {}
    twin = next((one for one in seen.plan.stakeholders if new.email and one.email == new.email), None)
    conflict = f"{twin.name} has this e-mail address" if twin else None
    return Meaning(edits=(Add(("stakeholders",), fields),), conflict=conflict)


def _step(seen: Seen, change: said.Step, found: Found) -> Meaning:
    milestone = _milestone(found)
    title = literal(change.title)
    if any(step.title == title for step in milestone.steps):
        return IS_SO
    _check_person(seen, change.owner)
    fields: dict[str, str | date] = {"id": _free_id(change.title, milestone), "title": title}
    if change.owner:
        fields["owner"] = change.owner
    if change.due:
        fields["due"] = change.due
    conflict = (
        f"the plan says that it is {milestone.state}" if milestone.state in {Status.DONE, Status.DROPPED} else None
    )
    return Meaning(edits=(Add((*found.path, "steps"), fields),), conflict=conflict)


def _free_id(title: str, milestone: Milestone) -> str:
    taken = {step.id for step in milestone.steps}
    base = as_id(title)[:_LONGEST_ID].strip("-") or "step"
    ids = (base, *(f"{base}-{number}" for number in range(2, len(taken) + 3)))
    return next(id for id in ids if id not in taken)


def _current(seen: Seen, change: said.Current, found: Found) -> Meaning:
    criterion = _criterion(found)
    value = literal(change.value)
    if criterion.current == value:
        return IS_SO
    conflict = None
    if _words(criterion.current) != _words(change.was):
        conflict = f"{seen.sender} saw {change.was or 'nothing'}, the plan now says {criterion.current or 'nothing'}"
    return Meaning(edits=(Set((*found.path, "current"), value),), conflict=conflict)


def _words(text: str | None) -> list[str]:
    return (text or "").split()


def _agree(seen: Seen, change: said.Agree, _found: Found) -> Meaning:
    if seen.kind == "shared" or seen.plan.stakeholder(seen.person) is None:
        raise Obstacle("whoever agrees has to be a person of the plan, with a link of their own")
    current = commitments_digest(seen.plan)
    # The page of somebody who may not read all of the plan has the digest of what it shows.
    shown = commitments_digest(seen.visible) if seen.visible else current
    digest = current if change.digest == shown else change.digest
    if any(one.by == seen.person and names_digest(one.of, digest) for one in seen.plan.agreements):
        return IS_SO
    conflict = None
    if digest != current:
        conflict = "the commitments have changed since: what is recorded is the agreement to the earlier ones"
        if digest not in seen.digests:
            conflict = "no published state of the plan has this digest: it cannot be said what was agreed to"
    agreement: dict[str, str | date] = {"by": seen.person, "on": seen.sent, "of": short_digest(digest)}
    return Meaning(edits=(Add(("agreements",), agreement),), conflict=conflict)


_READERS: dict[type[said.Said], Callable[[Seen, Any, Found], Meaning]] = {
    said.Done: _done,
    said.Date: _date,
    said.Blocked: _blocked,
    said.Unblocked: _unblocked,
    said.Owner: _owner,
    said.Person: _person,
    said.Step: _step,
    said.Current: _current,
    said.Agree: _agree,
}
