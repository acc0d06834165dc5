"""Who may read the same shares a view.

A view is the plan with everything its readers may not see taken out, and all that is `internal` at any level. It is
filtered before anything is composed from it, so what is hidden leaves no trace: no title, no gap, no count. Dates
are not in a view; they are computed from the whole plan, in which a hidden milestone keeps its place. Of pages that
hold blocks for an audience, a view tells which of them its readers see.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeVar

from pydantic import BaseModel

from dealroom.plan.model import Milestone, Plan, Side, Stakeholder, SuccessCriterion
from dealroom.plan.room_parts import Document, Page
from dealroom.room.blocks import Chain

Restrictable = Milestone | SuccessCriterion | Document | Page
P = TypeVar("P", bound=BaseModel)

# Half of a SHA-256: no two views of a room collide, and an id fits in a file name.
_VIEW_ID_DIGITS = 32

# The blocks of pages that are restricted, by the page's file: of each its chain.
Blocks = Mapping[str, frozenset[Chain]]
NO_BLOCKS: Blocks = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Viewer:
    """Someone who opens the room: a stakeholder, or by `person=None` whoever is in no audience.

    `name` is what messages call them.
    """

    name: str
    person: Stakeholder | None

    def sees(self, audience: tuple[str, ...] | None) -> bool:
        """Whether `audience` (`None` is everyone) includes them; the seller's side always is."""
        if audience is None or self.person is None:
            return audience is None
        return self.person.side is Side.SELLER or _is_in(self.person, audience)

    def sees_chain(self, chain: Chain) -> bool:
        """Whether they are in every one of these audiences."""
        return all(self.sees(terms) for terms in chain)


@dataclass(frozen=True, slots=True)
class View:
    """One version of the room and who reads it.

    `people` are ids of stakeholders, in the plan's order. `shared` tells that the room's shared passphrase opens this
    view: it is the view of someone who is in no audience, and has no people when everybody may see more. `blocks` are
    those that are shown, of pages that have any.
    """

    id: str
    plan: Plan
    people: tuple[str, ...]
    shared: bool = False
    blocks: Blocks = field(default_factory=dict)


def viewers(plan: Plan, guests: Sequence[str] = ()) -> tuple[Viewer, ...]:
    """Everybody who may open a room of the plan, stakeholders first; somebody in any case.

    `guests` are the ids of people who are not in the plan: they see what is restricted to nobody.
    """
    named = [Viewer(person.id, person) for person in plan.stakeholders]
    named += [Viewer(guest, None) for guest in guests]
    if plan.access.shared:
        named.append(Viewer("whoever opens the room with the shared passphrase", None))
    return tuple(named) or (Viewer("whoever opens the room", None),)


def views(plan: Plan, guests: tuple[str, ...] = (), blocks: Blocks = NO_BLOCKS) -> tuple[View, ...]:
    """The views of a plan, the one of the first stakeholder first.

    A person of the seller's side may see everything; `guests`, ids of people who are not in the plan, see what is
    restricted to nobody. `blocks` are those of the plan's pages. The view's id follows from which restricted parts it
    holds, so it stays the same while people come and go, and says nothing to someone who reads it.
    """
    restricted = tuple(part for part in _parts(plan) if part.audience is not None)
    in_pages = tuple(_restricted_blocks(plan, blocks))
    readers: dict[tuple[bool, ...], list[str]] = {}
    for viewer in viewers(plan, guests):
        sees = tuple(viewer.sees(part.audience) for part in restricted)
        sees += tuple(viewer.sees(audience) and viewer.sees_chain(chain) for _, audience, chain in in_pages)
        ids = readers.setdefault(sees, [])
        if viewer.person or viewer.name in guests:
            ids.append(viewer.name)
    return tuple(
        _view(plan, restricted, [(file, chain) for file, _, chain in in_pages], sees, people)
        for sees, people in readers.items()
    )


def _view(
    plan: Plan,
    restricted: Sequence[Restrictable],
    in_pages: Sequence[tuple[str, Chain]],
    sees: tuple[bool, ...],
    people: Iterable[str],
) -> View:
    """The view of those who see what `sees` says of the restricted parts, and then of the blocks of pages."""
    sees_parts, sees_blocks = sees[: len(restricted)], sees[len(restricted) :]
    shown = [block for block, seen in zip(in_pages, sees_blocks, strict=True) if seen]
    hidden = {id(part) for part, seen in zip(restricted, sees_parts, strict=True) if not seen}
    return View(
        id=_view_id((part for part, seen in zip(restricted, sees_parts, strict=True) if seen), shown),
        # Most plans restrict nothing, and need no copy of each of their parts.
        plan=_filtered(plan, hidden) if restricted else _public(plan),
        people=tuple(people),
        shared=plan.access.shared and not any(sees),
        blocks={file: frozenset(chain for of, chain in shown if of == file) for file, _ in shown},
    )


def _restricted_blocks(plan: Plan, blocks: Blocks) -> Iterator[tuple[str, tuple[str, ...] | None, Chain]]:
    """The pages' blocks in an order of their own: the file, the page's audience, and the block's chain."""
    for page in plan.pages:
        for chain in sorted(blocks.get(page.file, ())):
            yield page.file, page.audience, chain


def _is_in(person: Stakeholder, audience: tuple[str, ...]) -> bool:
    return person.id in audience or (person.role is not None and f"role:{person.role}" in audience)


def _parts(plan: Plan) -> Iterator[Restrictable]:
    yield from plan.milestones
    yield from plan.success_criteria
    yield from plan.documents
    yield from plan.pages


def _view_id(seen: Iterable[Restrictable], blocks: Iterable[tuple[str, Chain]]) -> str:
    names = [f"{type(part).__name__}\0{_name(part)}" for part in seen]
    names += ["\0".join(["Block", file, *("\0".join(["", *terms]) for terms in chain)]) for file, chain in blocks]
    names.sort()
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
