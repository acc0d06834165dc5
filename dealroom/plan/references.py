"""What one field of a plan says of another: ids that repeat, ids that nobody has, milestones that wait in a circle.

Pure: a model in, findings out; `locate` gives the place of a path in the file.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from dealroom.diagnostics import Diagnostic, Place, error
from dealroom.diagnostics.wording import did_you_mean, listed, quoted
from dealroom.plan.model import Plan, Side, Stakeholder
from dealroom.yaml_source import PathKey

Path = tuple[PathKey, ...]
Locate = Callable[[Path], Place]

# More ids than this in one hint are a wall of text; the file has them all.
MOST_LISTED = 12
# What a circle's message shows of it at most.
LONGEST_CIRCLE = 8


@dataclass(frozen=True)
class Unread:
    """What a plan has that could not be understood, so that nothing is said to be missing that is there.

    `ids` has each list that lacks items, with what ids of theirs are known; the ids of a list in `lists` are not known
    at all. `damaged` are the paths of mappings that lack a key's value.
    """

    ids: Mapping[str, frozenset[str]] = field(default_factory=dict)
    lists: frozenset[str] = frozenset()
    damaged: frozenset[Path] = frozenset()


class _HasId(Protocol):
    @property
    def id(self) -> str: ...


def check_references(plan: Plan, locate: Locate, unread: Unread) -> Iterator[Diagnostic]:
    """Everything in `plan` that refers to something else wrongly."""
    yield from _duplicates(plan, locate)
    yield from _people(plan, locate, unread)
    yield from _sides(plan, locate)
    yield from _reporting_lines(plan, locate)
    yield from _milestone_references(plan, locate, unread)
    if _can_be_ordered(plan, unread):
        yield from _circles(plan, locate)


def _can_be_ordered(plan: Plan, unread: Unread) -> bool:
    """Whether it is clear what waits for what: every milestone is there, each under an id of its own."""
    ids = {milestone.id for milestone in plan.milestones}
    return "milestones" not in {*unread.ids, *unread.lists} and len(ids) == len(plan.milestones)


def _duplicates(plan: Plan, locate: Locate) -> Iterator[Diagnostic]:
    lists: list[tuple[Path, Sequence[_HasId], str]] = [
        (("stakeholders",), plan.stakeholders, "stakeholders"),
        (("success_criteria",), plan.success_criteria, "success criteria"),
        (("milestones",), plan.milestones, "milestones"),
    ]
    lists += [(("milestones", index, "steps"), each.steps, "steps") for index, each in enumerate(plan.milestones)]
    for path, items, noun in lists:
        first: dict[str, int] = {}
        for index, item in enumerate(items):
            if item.id in first:
                other = locate((*path, first[item.id], "id"))
                hint = f"the other one is on line {other.line}; give each an id of its own"
                message = f"two {noun} have the id {quoted(item.id)}"
                yield error("duplicate-id", message, locate((*path, index, "id")), hint)
            first.setdefault(item.id, index)


def _people(plan: Plan, locate: Locate, unread: Unread) -> Iterator[Diagnostic]:
    if "stakeholders" in unread.lists:
        return
    somebody = {person.id for person in plan.stakeholders}
    for path, id in _references_to_people(plan):
        if id in somebody:
            continue
        if fault := person_fault(plan.stakeholders, id, unread.ids.get("stakeholders")):
            message, hint = fault
            yield error("dangling-id", message, locate(path), hint)


def person_fault(
    stakeholders: Sequence[Stakeholder], id: str, unread: frozenset[str] | None = None
) -> tuple[str, str] | None:
    """Why `id`, or `role:…`, is nobody in a plan, as message and hint; `None` when it is somebody.

    `unread` are the known ids of stakeholders that could not be read, if there are such.
    """
    if id.startswith("role:"):
        role = id.removeprefix("role:")
        roles = list(dict.fromkeys(person.role for person in stakeholders if person.role))
        # Someone who could not be read may have any role.
        if role in roles or unread is not None:
            return None
        return f"nobody in this plan has the role {quoted(role)}", _suggest(role, roles, "roles", "role:")
    known = [person.id for person in stakeholders]
    if id in known or id in (unread or ()):
        return None
    return f"no stakeholder has the id {quoted(id)}", _suggest(id, known, "stakeholders")


def _references_to_people(plan: Plan) -> Iterator[tuple[Path, str]]:
    for index, person in enumerate(plan.stakeholders):
        yield from _present(("stakeholders", index, "reports_to"), person.reports_to)
    for index, criterion in enumerate(plan.success_criteria):
        path: Path = ("success_criteria", index)
        yield from _present((*path, "owner"), criterion.owner)
        yield from _each((*path, "audience"), criterion.audience or ())
    for index, milestone in enumerate(plan.milestones):
        path = ("milestones", index)
        yield from _present((*path, "owners", "buyer"), milestone.owners.buyer)
        yield from _present((*path, "owners", "seller"), milestone.owners.seller)
        for number, step in enumerate(milestone.steps):
            yield from _present((*path, "steps", number, "owner"), step.owner)
        yield from _present((*path, "blocked", "owner"), milestone.blocked.owner if milestone.blocked else None)
        yield from _each((*path, "audience"), milestone.audience or ())
    for index, document in enumerate(plan.documents):
        yield from _each(("documents", index, "audience"), document.audience or ())
    for index, page in enumerate(plan.pages):
        yield from _each(("pages", index, "audience"), page.audience or ())
    for index, review in enumerate(plan.reviews):
        yield from _each(("reviews", index, "with"), review.with_)
    for index, agreement in enumerate(plan.agreements):
        yield ("agreements", index, "by"), agreement.by


def _sides(plan: Plan, locate: Locate) -> Iterator[Diagnostic]:
    sides = {person.id: person.side for person in plan.stakeholders}
    for index, milestone in enumerate(plan.milestones):
        owners = {Side.BUYER: milestone.owners.buyer, Side.SELLER: milestone.owners.seller}
        for side, owner in owners.items():
            if owner in sides and sides[owner] is not side:
                message = f"{quoted(owner)} is on the {sides[owner]}'s side and cannot own this for the {side}"
                hint = f"write `{sides[owner]}: {owner}`, or name someone of the {side}'s side"
                yield error("wrong-side", message, locate(("milestones", index, "owners", side.value)), hint)


def _reporting_lines(plan: Plan, locate: Locate) -> Iterator[Diagnostic]:
    """Lines that lead to the other company, or back to where they began."""
    people = {person.id: person for person in plan.stakeholders}
    walked: set[str] = set()
    for index, person in enumerate(plan.stakeholders):
        place = ("stakeholders", index, "reports_to")
        manager = people.get(person.reports_to or "")
        if manager and manager.side is not person.side:
            message = f"{quoted(manager.id)} is on the {manager.side}'s side; {quoted(person.id)} cannot report there"
            yield error("wrong-side", message, locate(place), f"name someone of the {person.side}'s side")
        trail: dict[str, None] = {}
        above: Stakeholder | None = person
        while above and above.id not in walked:
            trail[above.id] = None
            walked.add(above.id)
            above = people.get(above.reports_to or "")
        if above and above.id in trail:
            circle = list(trail)[list(trail).index(above.id) :]
            message = f"people report to each other: {' → '.join([*circle, above.id])}"
            yield error("cycle", message, locate(place), "remove `reports_to` from whoever leads the team")


def _milestone_references(plan: Plan, locate: Locate, unread: Unread) -> Iterator[Diagnostic]:
    if "milestones" in unread.lists:
        return
    known = [milestone.id for milestone in plan.milestones]
    everything = unread.ids.get("milestones", frozenset()).union(known)
    references: list[tuple[Path, str]] = [*_present(("go_live", "milestone"), plan.go_live.milestone)]
    for index, criterion in enumerate(plan.success_criteria):
        references += _present(("success_criteria", index, "proven_by"), criterion.proven_by)
    for index, milestone in enumerate(plan.milestones):
        references += _each(("milestones", index, "after"), milestone.after or ())
    for path, id in references:
        if id not in everything:
            message = f"no milestone has the id {quoted(id)}"
            yield error("dangling-id", message, locate(path), _suggest(id, known, "milestones"))


def _circles(plan: Plan, locate: Locate) -> Iterator[Diagnostic]:
    """Milestones that wait for each other. What never leads into a circle is taken away first, then each is walked."""
    known = {milestone.id for milestone in plan.milestones}
    waits_for = {id: [before for before in ids if before in known] for id, ids in plan.predecessors().items()}
    for id in _without_circle(waits_for):
        del waits_for[id]
    walked: set[str] = set()
    for start in waits_for:
        trail: dict[str, None] = {}
        here = start
        while here not in walked and here not in trail:
            trail[here] = None
            here = next(before for before in waits_for[here] if before in waits_for)
        if here in trail:
            trail_ids = list(trail)
            yield _circle(plan, trail_ids[trail_ids.index(here) :], locate)
        walked.update(trail)


def _without_circle(waits_for: Mapping[str, Iterable[str]]) -> list[str]:
    """The milestones that can be put in an order, in one such order (Kahn's algorithm)."""
    open_count = {id: len(set(before)) for id, before in waits_for.items()}
    followers: dict[str, list[str]] = {id: [] for id in waits_for}
    for id, before in waits_for.items():
        for each in set(before):
            followers[each].append(id)
    ready = deque(id for id, count in open_count.items() if count == 0)
    ordered = []
    while ready:
        here = ready.popleft()
        ordered.append(here)
        for follower in followers[here]:
            open_count[follower] -= 1
            if open_count[follower] == 0:
                ready.append(follower)
    return ordered


def _circle(plan: Plan, ids: Sequence[str], locate: Locate) -> Diagnostic:
    position = {milestone.id: index for index, milestone in enumerate(plan.milestones)}
    following = dict(zip(ids, [*ids[1:], ids[0]], strict=True))
    # Nothing that is left to the order of the file waits for what is below it, so a circle has an `after` that does.
    cause = next(id for id in ids if position[following[id]] >= position[id])
    after = plan.milestones[position[cause]].after or ()
    place = locate(("milestones", position[cause], "after", after.index(following[cause])))
    if len(ids) == 1:
        return error("cycle", f"milestone {quoted(cause)} waits for itself", place, "remove it from `after`")
    turned = [*ids[ids.index(cause) :], *ids[: ids.index(cause)]]
    shown = turned if len(turned) <= LONGEST_CIRCLE else [*turned[: LONGEST_CIRCLE - 1], "…", turned[-1]]
    implied = [id for id in turned if plan.milestones[position[id]].after is None]
    hint = f"remove {quoted(following[cause])} from the `after` of {quoted(cause)}"
    if implied:
        hint += f", or give {quoted(implied[0])} an `after`: without one it waits for the milestone above it"
    return error("cycle", f"milestones wait for each other: {' → '.join([*shown, cause])}", place, hint)


def _present(path: Path, id: str | None) -> list[tuple[Path, str]]:
    return [] if id is None else [(path, id)]


def _each(path: Path, ids: Iterable[str]) -> list[tuple[Path, str]]:
    return [((*path, index), id) for index, id in enumerate(ids)]


def _suggest(id: str, known: Sequence[str], noun: str, prefix: str = "") -> str:
    if not known:
        return f"this plan has no {noun}"
    shown = listed(f"{prefix}{each}" for each in known[:MOST_LISTED])
    more = f", and {len(known) - MOST_LISTED} more" if len(known) > MOST_LISTED else ""
    return did_you_mean(id, known) or f"the {noun} are {shown}{more}"
