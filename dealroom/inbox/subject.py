"""What a change is about: the plan as it is and as its sender sees it, and the part that the change names. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from dealroom.plan.model import Milestone, Plan, Step, SuccessCriterion
from dealroom.plan.room_parts import Document
from dealroom.room.inline import plain
from dealroom.room.links import file_ref


@dataclass(frozen=True, slots=True)
class Seen:
    """The plan as it is and as the sender may see it, the dates it shows, and the digests of its published states."""

    plan: Plan
    visible: Plan | None
    dates: Mapping[str, date]
    digests: frozenset[str] = frozenset()
    sender: str = "they"
    kind: str = "buyer"
    person: str = ""
    sent: date = date.min
    people: Mapping[str, str] = field(default_factory=dict)

    def name(self, id: str | None) -> str:
        """A person's name, else what stands for it."""
        if id is None:
            return "nobody"
        person = self.plan.stakeholder(id)
        return person.name if person else self.people.get(id, id)


@dataclass(frozen=True, slots=True)
class Found:
    """What a change is about: a path in the plan, what is there, and how people call it."""

    path: tuple[str | int, ...]
    title: str
    part: Milestone | Step | SuccessCriterion | None = None


def locate(plan: Plan, target: str) -> Found | None:
    """What a target names, or nothing when the plan does not have it."""
    kind, _, id = target.partition(":")
    match kind:
        case "plan":
            return Found((), "the plan")
        case "milestone":
            return _milestone(plan, id)
        case "step":
            return _step(plan, *id.split("/", 1))
        case "criterion":
            return _criterion(plan, id)
        case "document":
            return _document(plan, id)
    person = plan.stakeholder(id)
    return Found(("stakeholders",), person.name) if person else None


def is_visible(seen: Seen, target: str) -> bool:
    """Whether the sender may see what a target names; one who may see nothing any more saw it before."""
    return seen.visible is None or locate(seen.visible, target) is not None


def _milestone(plan: Plan, id: str) -> Found | None:
    for number, milestone in enumerate(plan.milestones):
        if milestone.id == id:
            return Found(("milestones", number), plain(milestone.title), milestone)
    return None


def _step(plan: Plan, milestone_id: str, step_id: str) -> Found | None:
    found = _milestone(plan, milestone_id)
    if found and isinstance(found.part, Milestone):
        for number, step in enumerate(found.part.steps):
            if step.id == step_id:
                return Found((*found.path, "steps", number), plain(step.title), step)
    return None


def _criterion(plan: Plan, id: str) -> Found | None:
    for number, criterion in enumerate(plan.success_criteria):
        if criterion.id == id:
            return Found(("success_criteria", number), plain(criterion.statement), criterion)
    return None


def _document(plan: Plan, ref: str) -> Found | None:
    for number, document in enumerate(plan.documents):
        if ref in _refs(document):
            return Found(("documents", number), plain(document.title))
    return None


def _refs(document: Document) -> set[str | None]:
    """How a room calls a document: a file by a name that tells nothing, a link by its address."""
    return {document.url, file_ref(document.file, "document").ref if document.file else None} - {None}
