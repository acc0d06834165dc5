"""The people of a plan, with what each of them owns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from markupsafe import Markup

from dealroom.health.recognition import is_economic_buyer, topics_in
from dealroom.plan.model import Plan, Side, Stakeholder
from dealroom.room.content import Person
from dealroom.room.inline import inline, label, plain
from dealroom.room.locale import Locale
from dealroom.room.values import Link

# The approvals without which no contract is signed, as roles.
_APPROVALS = ("legal", "security", "procurement")

# Lines that go deeper than this stand at the same distance: a phone has no more room.
_DEEPEST = 3


class People:
    """Stakeholders by id, ready to print."""

    def __init__(self, plan: Plan, locale: Locale) -> None:
        owned = _owned(plan)
        names = {stakeholder.id: label(stakeholder.name) for stakeholder in plan.stakeholders}
        self._people = {
            stakeholder.id: _person(stakeholder, owned.get(stakeholder.id, []), names, depth, locale)
            for stakeholder, depth in _by_reporting_line(plan.stakeholders)
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


def missing_roles(plan: Plan, locale: Locale) -> tuple[str, ...]:
    """What the roles are called that a decision needs and nobody on the buyer's side has, by role or by title."""
    team = [person for person in plan.stakeholders if person.side is Side.BUYER]
    roles = {person.role for person in team}
    known = topics_in([f"{person.role or ''} {person.title or ''}" for person in team], locale.lang)
    missing = [] if any(is_economic_buyer(person, locale.lang) for person in team) else ["economic-buyer"]
    missing += [role for role in ("champion",) if role not in roles]
    missing += [topic for topic in _APPROVALS if not any(one.value == topic for one in known)]
    return tuple(locale.named("role", role) for role in missing)


def _by_reporting_line(people: Sequence[Stakeholder]) -> Iterator[tuple[Stakeholder, int]]:
    """Everyone below the person they report to, with how many are above; otherwise in the plan's order."""
    ids = {person.id for person in people}
    below: dict[str | None, list[Stakeholder]] = {}
    for person in people:
        below.setdefault(person.reports_to if person.reports_to in ids else None, []).append(person)
    waiting = [(person, 0) for person in reversed(below.get(None, []))]
    while waiting:
        person, depth = waiting.pop()
        yield person, depth
        waiting.extend((one, depth + 1) for one in reversed(below.get(person.id, [])))


def _person(
    stakeholder: Stakeholder, owns: list[Link], names: Mapping[str, Markup], depth: int, locale: Locale
) -> Person:
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
        reports_to=names.get(stakeholder.reports_to or ""),
        depth=min(depth, _DEEPEST),
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
