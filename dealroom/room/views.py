"""Who may read the same shares a view.

A view is the plan with everything its readers may not see taken out, and all that is `internal` at any level. It is
filtered before anything is composed from it, so what is hidden leaves no trace: no title, no gap, no count. Dates
are not in a view; they are computed from the whole plan, in which a hidden milestone keeps its place.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from pydantic import BaseModel

from dealroom.plan.model import Document, Milestone, Page, Plan, Side, Stakeholder, SuccessCriterion

Restrictable = Milestone | SuccessCriterion | Document | Page
P = TypeVar("P", bound=BaseModel)

# Half of a SHA-256: no two views of a room collide, and an id fits in a file name.
_VIEW_ID_DIGITS = 32


@dataclass(frozen=True, slots=True)
class View:
    """One version of the room and who reads it.

    `people` are ids of stakeholders, in the plan's order. `shared` tells that the room's shared passphrase opens this
    view: it is the view of someone who is in no audience, and has no people when everybody may see more.
    """

    id: str
    plan: Plan
    people: tuple[str, ...]
    shared: bool = False


def views(plan: Plan, guests: tuple[str, ...] = ()) -> tuple[View, ...]:
    """The views of a plan, the one of the first stakeholder first.

    A person of the seller's side may see everything; `guests`, ids of people who are not in the plan, see what is
    restricted to nobody. The view's id follows from which restricted parts it holds, so
    it stays the same while people come and go, and says nothing to someone who reads it.
    """
    restricted = tuple(part for part in _parts(plan) if part.audience is not None)
    readers: dict[tuple[bool, ...], list[str]] = {}
    for person in plan.stakeholders:
        sees = tuple(person.side is Side.SELLER or _is_in(person, part.audience) for part in restricted)
        readers.setdefault(sees, []).append(person.id)
    nothing_restricted = tuple(False for _ in restricted)
    if plan.access.shared or guests or not readers:
        readers.setdefault(nothing_restricted, []).extend(guests)
    return tuple(
        View(
            id=_view_id(part for part, seen in zip(restricted, sees, strict=True) if seen),
            # Most plans restrict nothing, and need no copy of each of their parts.
            plan=_filtered(plan, {id(part) for part, seen in zip(restricted, sees, strict=True) if not seen})
            if restricted
            else _public(plan),
            people=tuple(people),
            shared=plan.access.shared and sees == nothing_restricted,
        )
        for sees, people in readers.items()
    )


def may_see(person: Stakeholder, audience: tuple[str, ...] | None) -> bool:
    """Whether `audience` (`None` is everyone) includes this person; the seller's side always is."""
    return audience is None or person.side is Side.SELLER or _is_in(person, audience)


def _is_in(person: Stakeholder, audience: tuple[str, ...] | None) -> bool:
    return audience is None or person.id in audience or (person.role is not None and f"role:{person.role}" in audience)


def _parts(plan: Plan) -> Iterator[Restrictable]:
    yield from plan.milestones
    yield from plan.success_criteria
    yield from plan.documents
    yield from plan.pages


def _view_id(seen: Iterable[Restrictable]) -> str:
    names = sorted(f"{type(part).__name__}\0{_name(part)}" for part in seen)
    return hashlib.sha256("\0\0".join(["view", *names]).encode()).hexdigest()[:_VIEW_ID_DIGITS]


def _name(part: Restrictable) -> str:
    if isinstance(part, Document):
        return part.file or part.url or part.title
    return part.file if isinstance(part, Page) else part.id


def _filtered(plan: Plan, hidden: set[int]) -> Plan:
    """The plan without the parts whose `id()` is in `hidden`, and without what points at them."""
    hidden_milestones = {milestone.id for milestone in plan.milestones if id(milestone) in hidden}
    waits_for = _bridged(plan.predecessors(), hidden_milestones)
    milestones = tuple(
        _public(milestone).model_copy(update={"after": waits_for[milestone.id], "audience": None})
        for milestone in plan.milestones
        if milestone.id not in hidden_milestones
    )
    criteria = tuple(
        _public(criterion).model_copy(
            update={
                "audience": None,
                "proven_by": None if criterion.proven_by in hidden_milestones else criterion.proven_by,
            }
        )
        for criterion in plan.success_criteria
        if id(criterion) not in hidden
    )
    go_live = plan.go_live
    if go_live.milestone in hidden_milestones:
        go_live = go_live.model_copy(update={"milestone": None})
    return _public(plan).model_copy(
        update={
            "milestones": milestones,
            "success_criteria": criteria,
            "documents": tuple(_open(part) for part in plan.documents if id(part) not in hidden),
            "pages": tuple(_open(part) for part in plan.pages if id(part) not in hidden),
            "go_live": _public(go_live),
        }
    )


def _open(part: P) -> P:
    return _public(part).model_copy(update={"audience": None})


def _bridged(waits_for: Mapping[str, tuple[str, ...]], hidden: set[str]) -> dict[str, tuple[str, ...]]:
    """What each milestone waits for, with a hidden one replaced by what it waits for itself."""

    def visible(milestone: str) -> Iterator[str]:
        seen: set[str] = set()
        remaining = list(reversed(waits_for[milestone]))
        while remaining:
            before = remaining.pop()
            if before in seen:
                continue
            seen.add(before)
            if before in hidden:
                remaining.extend(reversed(waits_for.get(before, ())))
            else:
                yield before

    return {milestone: tuple(visible(milestone)) for milestone in waits_for}


def _public(part: P) -> P:
    """A copy of `part` without `internal`, at any depth. Parts that hold none are shared, not copied."""
    update: dict[str, object] = {}
    for name, value in vars(part).items():
        if name == "internal":
            if value is not None:
                update[name] = None
        elif isinstance(value, BaseModel):
            public = _public(value)
            if public is not value:
                update[name] = public
        elif isinstance(value, tuple) and value and isinstance(value[0], BaseModel):
            parts = tuple(_public(item) for item in value)
            if any(new is not old for new, old in zip(parts, value, strict=True)):
                update[name] = parts
    return part.model_copy(update=update) if update else part
