"""What changed in the plan, in its readers' language: the history of its commitments, for those who see them.

The history knows every milestone that ever was, and not who could read it then. So only what a view shows now is told
of, under its name of now, and without texts that are gone: they may have been meant for others.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from markupsafe import Markup

from dealroom.plan.history import PLAN, Change, History, changes, recorded
from dealroom.plan.model import Plan
from dealroom.room.inline import inline, label
from dealroom.room.locale import Locale
from dealroom.room.people import People
from dealroom.room.values import ChangeLine, DateMove, Day, Link, Revision
from dealroom.schedule.calendar import Calendars

# Of a SHA-256: enough to tell a room's changes apart on a device that remembers which it has shown.
_KEY_DIGITS = 8


@dataclass(frozen=True, slots=True)
class Past:
    """A plan's past as one view tells it: revisions, newest first, and the moves of each milestone's date, by id."""

    revisions: tuple[Revision, ...]
    moves: dict[str, tuple[DateMove, ...]]


def compose_past(plan: Plan, history: History, calendars: Calendars, people: People, locale: Locale) -> Past:
    """The past of `plan`, the view's. What is not published yet is the newest revision, without a day."""
    teller = _Teller(plan, calendars, people, locale)
    written: list[tuple[date | None, Sequence[Change]]] = [(one.date, one.changes) for one in history.revisions]
    if written and (pending := changes(history.until(), recorded(plan))):
        written.append((None, pending))
    found = [revision for on, every in written if (revision := teller.revision(on, every))]
    moves: dict[str, list[DateMove]] = {}
    for on, every in written:
        for change in every:
            if move := teller.move(on, change):
                moves.setdefault(change.id, []).append(move)
    return Past(tuple(reversed(found)), {id: tuple(each) for id, each in moves.items()})


def told_changes(
    plan: Plan, every: Sequence[Change], calendars: Calendars, people: People, locale: Locale
) -> tuple[ChangeLine, ...]:
    """What is told of these changes to those who see `plan`, the view's."""
    told = _Teller(plan, calendars, people, locale).revision(None, every)
    return told.lines if told else ()


class _Teller:
    def __init__(self, plan: Plan, calendars: Calendars, people: People, locale: Locale) -> None:
        self._calendars = calendars
        self._people = people
        self._locale = locale
        self._milestones = {milestone.id: milestone for milestone in plan.milestones}
        self._criteria = {criterion.id: criterion for criterion in plan.success_criteria}

    def revision(self, on: date | None, every: Sequence[Change]) -> Revision | None:
        """What is told of one revision, if anything."""
        begins = any(
            (change.kind, change.id) == PLAN and change.field is None and change.was is None for change in every
        )
        lines = (self._beginning(every),) if begins else tuple(self._lines(every))
        if not lines:
            return None
        key = hashlib.sha256("\n".join(f"{line.subject and line.subject.href} {line.text}" for line in lines).encode())
        return Revision(self._day(on) if on else None, lines, key.hexdigest()[:_KEY_DIGITS])

    def move(self, on: date | None, change: Change) -> DateMove | None:
        """How a milestone's date was set or moved; nothing of any other change."""
        if change.kind != "milestone" or change.id not in self._milestones:
            return None
        if change.field is None and isinstance(change.now, dict):
            was, now = None, _date(change.now.get("due"))
        elif change.field == "due":
            was, now = _date(change.was), _date(change.now)
        else:
            return None
        if was is None and now is None:
            return None
        text = self._due(change.id, was, now) if was or change.field else self._text("dated", now=self._written(now))
        return DateMove(self._day(on) if on else None, text)

    def _beginning(self, every: Sequence[Change]) -> ChangeLine:
        first = next(change.now for change in every if (change.kind, change.id) == PLAN)
        seen = sum(change.kind == "milestone" and change.id in self._milestones for change in every)
        texts = [self._locale.plural("changes.begun", seen)]
        if go_live := _date(first.get("go_live")) if isinstance(first, dict) else None:
            texts.append(self._text("begun_go_live", date=self._written(go_live)))
        return ChangeLine(None, Markup(" ").join(Markup.escape(text) for text in texts))

    def _lines(self, every: Sequence[Change]) -> Iterator[ChangeLine]:
        for (kind, id), group in groupby(every, key=lambda change: (change.kind, change.id)):
            subject = self._subject(kind, id)
            texts = [text for change in group if subject and (text := self._told(change))]
            if subject and texts:
                yield ChangeLine(subject, Markup("; ").join(texts))

    def _subject(self, kind: str, id: str) -> Link | None:
        if (kind, id) == PLAN:
            return Link("#plan", Markup.escape(self._locale.texts["head.go_live"]))
        if kind == "milestone" and id in self._milestones:
            return Link(f"#milestone-{id}", label(self._milestones[id].title))
        if kind == "criterion" and id in self._criteria:
            return Link(f"#criterion-{id}", label(self._criteria[id].statement))
        return None

    def _told(self, change: Change) -> Markup | None:
        if change.field is None:
            return self._text("new") if change.was is None else None
        return self._dated(change) or self._worded(change)

    def _dated(self, change: Change) -> Markup | None:
        if change.field in ("due", "go_live"):
            return self._due(change.id, _date(change.was), _date(change.now))
        if change.field == "done":
            done = _date(change.now)
            return self._text("done", date=self._written(done)) if done else self._text("reopened")
        if change.field == "dropped":
            return self._text("dropped" if change.now else "taken_up")
        return None

    def _worded(self, change: Change) -> Markup | None:
        now = change.now if self._is_current(change) else None
        if change.field in ("buyer", "seller", "owner"):
            person = self._people.get(change.now)
            return self._text("owner", person=person.name) if person else self._text("no_owner")
        if change.field == "done_when":
            return self._text("conditions")
        if change.field in ("title", "statement") and now:
            return self._text("renamed", name=label(str(now)))
        if change.field in ("baseline", "target") and now:
            return self._text(change.field, value=inline(str(now)))
        if change.field == "proven_by" and (proof := self._milestones.get(str(change.now))):
            return self._text("proven_by", milestone=label(proof.title))
        return None

    def _is_current(self, change: Change) -> bool:
        known = self._milestones if change.kind == "milestone" else self._criteria
        written = getattr(known.get(change.id), str(change.field), None)
        # The history has texts in one line.
        return bool(change.now == (" ".join(written.split()) if isinstance(written, str) else written))

    def _due(self, id: str, was: date | None, now: date | None) -> Markup:
        if was and now:
            known = self._milestones.get(id)
            calendar = self._calendars.of(known) if known else self._calendars.both
            days = calendar.working_days_between(was, now)
            key = "changes.later" if now > was else "changes.earlier"
            moved = self._text("moved", was=self._written(was), now=self._written(now))
            return moved + Markup.escape(f" ({self._locale.plural(key, abs(days))})") if days else moved
        return self._text("dated", now=self._written(now)) if now else self._text("undated")

    def _text(self, key: str, **values: Any) -> Markup:
        return Markup.escape(self._locale.texts[f"changes.{key}"]).format(**values)

    def _written(self, day: date | None) -> str:
        return self._day(day).text if day else ""

    def _day(self, day: date) -> Day:
        return self._locale.day(day)


def _date(written: object) -> date | None:
    """A day from a line of history, where anything may stand."""
    try:
        return date.fromisoformat(written) if isinstance(written, str) else None
    except ValueError:
        return None
