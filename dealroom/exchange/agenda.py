"""The agenda of a review: what both sides look at together, made from the plan. Pure.

It tells only what everybody who is there may see; without anybody named it is the seller's own and tells all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from dealroom.plan.history import Commitments, changes, recorded
from dealroom.plan.model import Blocked, Milestone, Plan, Stakeholder, Status, Step, SuccessCriterion
from dealroom.room.changes import told_changes
from dealroom.room.digest_text import unmarked
from dealroom.room.inline import plain
from dealroom.room.locale import Locale
from dealroom.room.people import People
from dealroom.room.views import Viewer
from dealroom.schedule.backward import MilestoneDates
from dealroom.schedule.calendar import Calendars
from dealroom.schedule.next_steps import OpenTask, open_tasks

# How far a review looks ahead, and back when there was none before: what most teams meet by.
FORTNIGHT = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it; an empty one says so in its own words."""

    heading: str
    lines: tuple[str, ...]
    nothing: str


@dataclass(frozen=True, slots=True)
class Agenda:
    """`left_out` counts what somebody who is there may not see."""

    title: str
    standing: str
    sections: tuple[Section, ...]
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Span:
    """From which day an agenda looks back, today, and up to which it looks ahead."""

    since: date
    today: date
    until: date


@dataclass(frozen=True, slots=True)
class Course:
    """The whole plan on the calendar, and the language in which it is told."""

    plan: Plan
    dates: Mapping[str, MilestoneDates]
    calendars: Calendars
    locale: Locale


@dataclass(frozen=True, slots=True)
class Asked:
    """What waits in the inbox: questions, and all other replies, each in a line."""

    questions: tuple[str, ...] = ()
    replies: tuple[str, ...] = ()


def span_of(plan: Plan, today: date) -> Span:
    """Since the last review, up to the next one that it named; a fortnight where there is none."""
    past = [review for review in plan.reviews if review.on <= today]
    last = max(past, key=lambda review: review.on, default=None)
    until = last.next if last and last.next and last.next > today else today + FORTNIGHT
    return Span(last.on if last else today - FORTNIGHT, today, until)


def visible_to(plan: Plan, people: Iterable[Stakeholder]) -> Plan:
    """The plan without the parts that one of these people may not see."""
    viewers = [Viewer(person.id, person) for person in people]

    def seen(part: Milestone | SuccessCriterion) -> bool:
        return all(viewer.sees(part.audience) for viewer in viewers)

    return plan.model_copy(
        update={
            "milestones": tuple(filter(seen, plan.milestones)),
            "success_criteria": tuple(filter(seen, plan.success_criteria)),
        }
    )


def compose_agenda(course: Course, plan: Plan, before: Commitments, span: Span, asked: Asked) -> Agenda:
    """The agenda of what is in `plan`, which may be a part of the course's.

    `before` are the commitments as they stood at the last review; empty before anything was published.
    """
    teller = _Teller(course, plan, span)
    texts = course.locale.texts
    sections = (
        Section(teller.dated("agenda.done_since", span.since), tuple(teller.done()), texts["agenda.none_done"]),
        Section(teller.dated("agenda.moved_since", span.since), teller.moved(before), texts["agenda.none_moved"]),
        Section(texts["agenda.late"], teller.late(), texts["agenda.none"]),
        Section(texts["stand.blocked"], tuple(teller.blocked()), texts["agenda.none"]),
        Section(teller.dated("agenda.due_by", span.until), teller.ahead(), texts["agenda.none"]),
        Section(texts["agenda.questions"], (*asked.questions, *teller.unanswered()), texts["agenda.none"]),
        Section(texts["agenda.replies"], asked.replies, texts["agenda.none"]),
    )
    whole = course.plan
    hidden = len(whole.milestones) - len(plan.milestones) + len(whole.success_criteria) - len(plan.success_criteria)
    return Agenda(plain(plan.title), teller.standing(), sections, hidden)


class _Teller:
    """Tells what is in `plan`, in the language of the course."""

    def __init__(self, course: Course, plan: Plan, span: Span) -> None:
        self._course = course
        self._locale = course.locale
        self._plan = plan
        self._span = span
        self._people = {person.id: plain(person.name) for person in course.plan.stakeholders}
        self._tasks = sorted(_shared(open_tasks(plan, course.dates)), key=lambda each: each[0].by)

    def dated(self, key: str, day: date) -> str:
        return self._locale.text(key, date=self._locale.day(day).text)

    def standing(self) -> str:
        go_live = self._plan.go_live.date
        days = (go_live - self._span.today).days
        written = self._locale.day(go_live).text
        if days < 0:
            return self._locale.text("digest.passed", date=written)
        return self._locale.plural("digest.days", days, date=written) if days else self._locale.texts["digest.today"]

    def done(self) -> Iterator[str]:
        for milestone in self._plan.milestones:
            for step in milestone.steps:
                if step.done and self._span.since <= step.done <= self._span.today:
                    yield self._line(_titled(milestone, step), [step.owner], self._locale.day(step.done).short)
            if milestone.done and self._span.since <= milestone.done <= self._span.today:
                owners = [milestone.owners.buyer, milestone.owners.seller]
                yield self._line(_titled(milestone), owners, self._locale.day(milestone.done).short)

    def moved(self, before: Commitments) -> tuple[str, ...]:
        """What moved, of what is in the plan; that something is done stands elsewhere."""
        if not before:
            return ()
        found = [change for change in changes(before, recorded(self._plan)) if change.field != "done"]
        people = People(self._plan, self._locale)
        told = told_changes(self._plan, found, self._course.calendars, people, self._locale)
        return tuple(f"{unmarked(line.subject.text)}: {unmarked(line.text)}" for line in told if line.subject)

    def late(self) -> tuple[str, ...]:
        return tuple(
            self._line(_titled(task.milestone, task.step), owners, self._when("digest.was_due", task.by))
            for task, owners in self._tasks
            if task.by < self._span.today
        )

    def ahead(self) -> tuple[str, ...]:
        return tuple(
            self._line(_titled(task.milestone, task.step), owners, self._when("agenda.due", task.by))
            for task, owners in self._tasks
            if self._span.today <= task.by <= self._span.until
        )

    def blocked(self) -> Iterator[str]:
        for milestone in self._plan.milestones:
            if milestone.state in (Status.DONE, Status.DROPPED):
                continue
            if milestone.blocked:
                by = "; ".join(self._blocker(milestone.blocked))
            elif milestone.state is Status.BLOCKED:
                by = self._locale.texts["agenda.unwritten"]
            else:
                continue
            yield self._locale.text("agenda.blocked", title=plain(milestone.title), by=by)

    def _blocker(self, blocked: Blocked) -> Iterator[str]:
        days = (self._span.today - blocked.since).days if blocked.since else 0
        since = f", {self._locale.plural('agenda.days', days)}" if days > 0 else ""
        yield f"{plain(blocked.by)}{since}"
        if blocked.owner:
            yield self._locale.text("stand.can_clear", person=self._named([blocked.owner]))
        else:
            yield self._locale.texts["agenda.nobody_clears"]

    def unanswered(self) -> Iterator[str]:
        """What the plan itself leaves open."""
        for milestone in self._plan.milestones:
            is_open = milestone.state not in (Status.DONE, Status.DROPPED)
            if is_open and not milestone.owners.buyer and not milestone.owners.seller:
                yield self._locale.text("agenda.who_owns", title=plain(milestone.title))
        for criterion in self._plan.success_criteria:
            if not criterion.target:
                yield self._locale.text("agenda.which_target", title=plain(criterion.statement))
            if not criterion.owner:
                yield self._locale.text("agenda.who_measures", title=plain(criterion.statement))

    def _line(self, title: str, owners: Iterable[str | None], when: str) -> str:
        return self._locale.text("agenda.task", title=title, people=self._named(owners), when=when)

    def _named(self, ids: Iterable[str | None]) -> str:
        """Names in a list, or that nobody is named."""
        named = [self._people.get(id, id) for id in ids if id]
        return ", ".join(named) or self._locale.texts["agenda.nobody"]

    def _when(self, key: str, day: date) -> str:
        return self._locale.text(key, date=self._locale.day(day).short)


def _titled(milestone: Milestone, step: Step | None = None) -> str:
    """`Return the form (Security review)`."""
    title = plain(milestone.title)
    return f"{plain(step.title)} ({title})" if step else title


def _shared(tasks: Iterable[OpenTask]) -> list[tuple[OpenTask, list[str | None]]]:
    """Each task once, with all who own it."""
    found: dict[str, tuple[OpenTask, list[str | None]]] = {}
    for task in tasks:
        found.setdefault(task.id, (task, []))[1].append(task.owner)
    return list(found.values())
