"""The people of a plan, with what each of them owns."""

from __future__ import annotations

from dealroom.plan.model import Plan, Side, Stakeholder
from dealroom.room.content import Link, Person
from dealroom.room.inline import inline, label, plain
from dealroom.room.locale import Locale


class People:
    """Stakeholders by id, ready to print."""

    def __init__(self, plan: Plan, locale: Locale) -> None:
        owned = _owned(plan)
        self._people = {
            stakeholder.id: _person(stakeholder, owned.get(stakeholder.id, []), locale)
            for stakeholder in plan.stakeholders
        }

    def get(self, id: str | None) -> Person | None:
        return self._people.get(id) if id else None

    def side(self, side: Side) -> tuple[Person, ...]:
        return tuple(person for person in self._people.values() if person.side == side)


def initials(name: str) -> str:
    """Up to two letters: of the first and the last word, without titles like `Dr.`"""
    every = [word for word in name.replace("-", " ").split() if word[0].isalnum()]
    words = [word for word in every if not word.endswith(".")] or every
    if not words:
        return name[:1]
    letters = words[0][0] + (words[-1][0] if len(words) > 1 else "")
    return letters.upper()


def _person(stakeholder: Stakeholder, owns: list[Link], locale: Locale) -> Person:
    return Person(
        id=stakeholder.id,
        name=label(stakeholder.name),
        plain_name=plain(stakeholder.name),
        initials=initials(plain(stakeholder.name)),
        side=stakeholder.side.value,
        title=inline(stakeholder.title) if stakeholder.title else None,
        role=locale.named("role", stakeholder.role) if stakeholder.role else None,
        email=stakeholder.email,
        owns=tuple(owns),
    )


def _owned(plan: Plan) -> dict[str, list[Link]]:
    owned: dict[str, list[Link]] = {}
    for milestone in plan.milestones:
        link = Link(f"#milestone-{milestone.id}", label(milestone.title))
        for owner in (milestone.owners.buyer, milestone.owners.seller):
            if owner:
                owned.setdefault(owner, []).append(link)
    for criterion in plan.success_criteria:
        if criterion.owner:
            link = Link(f"#criterion-{criterion.id}", label(criterion.statement))
            owned.setdefault(criterion.owner, []).append(link)
    return owned
