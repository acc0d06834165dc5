"""What changed in a plan's commitments, in words: `Security review: 17 Feb → 20 Feb (+3 working days)`. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import groupby
from typing import Any

from dealroom.plan.history import PLAN, Change, Commitments
from dealroom.plan.model import Milestone, Plan
from dealroom.schedule.calendar import Calendar, Calendars

# How a field is called where its change is told.
_FIELD_NAMES = {
    "baseline": "baseline",
    "target": "target",
    "owner": "owner",
    "proven_by": "proven by",
    "buyer": "buyer's owner",
    "seller": "seller's owner",
}


def in_words(changes: Iterable[Change], before: Commitments, plan: Plan, calendars: Calendars) -> tuple[str, ...]:
    """One line for each commitment that changed. `before` is the state that the changes start from.

    Names of people and calendars are those of `plan`, the plan as it is now.
    """
    found = tuple(changes)
    if any((change.kind, change.id) == PLAN and change.was is None and change.field is None for change in found):
        return (_beginning(found, plan),)
    teller = _Teller(before, plan, calendars)
    grouped = groupby(found, key=lambda change: (change.kind, change.id))
    return tuple(f"{teller.title(key, list_)}: {'; '.join(teller.parts(list_))}" for key, list_ in _listed(grouped))


def _listed(
    groups: Iterable[tuple[tuple[str, str], Iterator[Change]]],
) -> Iterator[tuple[tuple[str, str], list[Change]]]:
    for key, group in groups:
        yield key, list(group)


def _beginning(changes: tuple[Change, ...], plan: Plan) -> str:
    milestones = sum(change.kind == "milestone" for change in changes)
    criteria = sum(change.kind == "criterion" for change in changes)
    # The date as it was then: it may have moved since.
    then = next((change.now for change in changes if (change.kind, change.id) == PLAN), None)
    go_live = _day(then.get("go_live")) if isinstance(then, Mapping) else None
    return (
        f"The plan begins: {_count(milestones, 'milestone', 'milestones')}, "
        f"{_count(criteria, 'success criterion', 'success criteria')}, "
        f"go-live on {short_day(go_live or plan.go_live.date)}"
    )


class _Teller:
    """Tells the changes of one comparison."""

    def __init__(self, before: Commitments, plan: Plan, calendars: Calendars) -> None:
        self._before = before
        self._calendars = calendars
        self._year = plan.go_live.date.year
        self._people = {person.id: person.name for person in plan.stakeholders}
        self._milestones = {milestone.id: milestone for milestone in plan.milestones}
        self._titles = {criterion.id: criterion.statement for criterion in plan.success_criteria}
        self._titles |= {milestone.id: milestone.title for milestone in plan.milestones}

    def title(self, key: tuple[str, str], changes: list[Change]) -> str:
        """What the changed commitment was called before, or is called now that it is new."""
        if key == PLAN:
            return "Go-live"
        known: Mapping[str, Any] = self._before.get(key) or next(
            (change.now for change in changes if isinstance(change.now, Mapping)), {}
        )
        return str(known.get("title") or known.get("statement") or key[1])

    def parts(self, changes: list[Change]) -> Iterator[str]:
        """What is told of one commitment."""
        for change in changes:
            if change.field is None:
                yield self._whole(change)
            elif change.field in ("due", "go_live"):
                yield self._moved(change)
            elif change.field == "done":
                yield self._done(change)
            elif change.field == "dropped":
                yield "dropped" if change.now else "taken up again"
            elif change.field == "done_when":
                yield from self._done_when(change)
            elif change.field in ("title", "statement"):
                yield f"now called “{change.now}”"
            else:
                name = _FIELD_NAMES.get(change.field, change.field)
                yield f"{name} {self._value(change, change.was)} → {self._value(change, change.now)}"

    def _whole(self, change: Change) -> str:
        if change.now is None:
            return "no longer in the plan"
        due = _day(change.now.get("due"))
        return f"new, due {self._short(due)}" if due else "new"

    def _moved(self, change: Change) -> str:
        was, now = _day(change.was), _day(change.now)
        if was and now:
            days = self._calendar(change).working_days_between(was, now)
            counted = _count(abs(days), "working day", "working days")
            return f"{self._short(was)} → {self._short(now)} ({'−' if days < 0 else '+'}{counted})"
        if now:
            return f"dated {self._short(now)}"
        return f"no longer has a date of its own (was {self._short(was)})" if was else "date changed"

    def _done(self, change: Change) -> str:
        done = _day(change.now)
        if done is None:
            return "open again"
        due = _day(self._before.get((change.kind, change.id), {}).get("due"))
        if due is None:
            return f"done on {self._short(done)}"
        days = self._calendar(change).working_days_between(due, done)
        how = "as planned" if days == 0 else f"{_count(abs(days), 'working day', 'working days')} {_side(days)}"
        return f"done on {self._short(done)}, {how}"

    def _done_when(self, change: Change) -> Iterator[str]:
        was, now = list(change.was or ()), list(change.now or ())
        for text in now:
            if text not in was:
                yield f"done when also “{text}”"
        for text in was:
            if text not in now:
                yield f"no longer needs “{text}”"

    def _calendar(self, change: Change) -> Calendar:
        milestone: Milestone | None = self._milestones.get(change.id)
        return self._calendars.of(milestone) if milestone else self._calendars.both

    def _value(self, change: Change, value: Any) -> str:
        if value is None:
            return "nobody" if change.field in ("buyer", "seller", "owner") else "nothing"
        if change.field == "proven_by":
            return self._titles.get(value, str(value))
        return self._people.get(value, str(value)) if change.field in ("buyer", "seller", "owner") else str(value)

    def _short(self, day: date) -> str:
        return f"{day.day} {day:%b}" if day.year == self._year else short_day(day)


def short_day(day: date) -> str:
    """`1 Mar 2027`."""
    return f"{day.day} {day:%b %Y}"


def _side(days: int) -> str:
    return "early" if days < 0 else "late"


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _day(value: object) -> date | None:
    """A day from a line of history, where anything may stand."""
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
