"""The agenda of a review: what both sides look at together, made from the plan. Pure.

It tells only what everybody who is there may see; without anybody named it is the seller's own and tells all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dealroom.plan.history import Commitments, changes, recorded
from dealroom.plan.model import Milestone, Plan, Stakeholder, Status, SuccessCriterion
from dealroom.room.inline import plain
from dealroom.room.views import Viewer
from dealroom.schedule.backward import MilestoneDates
from dealroom.schedule.calendar import Calendars
from dealroom.schedule.moves import in_words
from dealroom.schedule.next_steps import OpenTask, open_tasks
from dealroom.schedule.words import long_date, short_date

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


def compose_agenda(
    plan: Plan,
    whole: Plan,
    dates: Mapping[str, MilestoneDates],
    calendars: Calendars,
    before: Commitments,
    span: Span,
    asked: Asked,
) -> Agenda:
    """The agenda of what is in `plan`, which may be a part of the `whole`; `dates` are those of the whole.

    `before` are the commitments as they stood at the last review; empty before anything was published.
    """
    names = _Names(whole)
    tasks = sorted(_shared(open_tasks(plan, dates)), key=lambda each: each[0].by)
    late = [names.task(task, owners, "was due") for task, owners in tasks if task.by < span.today]
    ahead = [names.task(task, owners, "due") for task, owners in tasks if span.today <= task.by <= span.until]
    sections = (
        Section(f"Done since {long_date(span.since)}", tuple(_done(plan, span, names)), "nothing was finished"),
        Section(f"Moved since {long_date(span.since)}", _moved(plan, calendars, before), "no commitment moved"),
        Section("Past its date", tuple(late), "nothing"),
        Section("Blocked", tuple(_blocked(plan, span, names)), "nothing"),
        Section(f"Due by {long_date(span.until)}", tuple(ahead), "nothing"),
        Section("Open questions", (*asked.questions, *_unanswered(plan)), "none"),
        Section("Replies that wait for an answer", asked.replies, "none"),
    )
    hidden = len(whole.milestones) - len(plan.milestones) + len(whole.success_criteria) - len(plan.success_criteria)
    return Agenda(plain(plan.title), _standing(plan, span), sections, hidden)


class _Names:
    def __init__(self, plan: Plan) -> None:
        self._people = {person.id: plain(person.name) for person in plan.stakeholders}

    def of(self, ids: Iterable[str | None]) -> str:
        """Names in a list, or that nobody is named."""
        return ", ".join(self._people.get(id, id) for id in ids if id) or "nobody"

    def task(self, task: OpenTask, owners: Sequence[str | None], said: str) -> str:
        """`Return the form (Security review): Dana Whitfield, due 4 Dec`."""
        title = plain(task.milestone.title)
        title = f"{plain(task.step.title)} ({title})" if task.step else title
        return f"{title}: {self.of(owners)}, {said} {short_date(task.by)}"


def _shared(tasks: Iterable[OpenTask]) -> list[tuple[OpenTask, list[str | None]]]:
    """Each task once, with all who own it."""
    found: dict[str, tuple[OpenTask, list[str | None]]] = {}
    for task in tasks:
        found.setdefault(task.id, (task, []))[1].append(task.owner)
    return list(found.values())


def _standing(plan: Plan, span: Span) -> str:
    days = (plan.go_live.date - span.today).days
    written = long_date(plan.go_live.date)
    if days < 0:
        return f"go-live was on {written}"
    return (
        f"go-live is today, {written}"
        if days == 0
        else f"{days} {'day' if days == 1 else 'days'} to go-live on {written}"
    )


def _done(plan: Plan, span: Span, names: _Names) -> Iterator[str]:
    for milestone in plan.milestones:
        title = plain(milestone.title)
        for step in milestone.steps:
            if step.done and span.since <= step.done <= span.today:
                yield f"{plain(step.title)} ({title}): {names.of([step.owner])}, {short_date(step.done)}"
        if milestone.done and span.since <= milestone.done <= span.today:
            owners = names.of([milestone.owners.buyer, milestone.owners.seller])
            yield f"{title}: {owners}, {short_date(milestone.done)}"


def _moved(plan: Plan, calendars: Calendars, before: Commitments) -> tuple[str, ...]:
    """What moved, of what is in `plan`; that something is done stands elsewhere."""
    if not before:
        return ()
    shown = {id for part in (plan.milestones, plan.success_criteria) for id in (each.id for each in part)}
    found = [
        change
        for change in changes(before, recorded(plan))
        if change.field != "done" and (change.kind == "plan" or change.id in shown)
    ]
    return in_words(found, before, plan, calendars)


def _blocked(plan: Plan, span: Span, names: _Names) -> Iterator[str]:
    for milestone in plan.milestones:
        if milestone.state in (Status.DONE, Status.DROPPED):
            continue
        blocked = milestone.blocked
        if blocked is None:
            if milestone.state is Status.BLOCKED:
                yield f"{plain(milestone.title)}: nobody wrote what it waits for"
            continue
        days = (span.today - blocked.since).days if blocked.since else 0
        since = f", for {days} {'day' if days == 1 else 'days'}" if days > 0 else ""
        clears = f"; {names.of([blocked.owner])} can clear it" if blocked.owner else "; nobody is named to clear it"
        yield f"{plain(milestone.title)}: {plain(blocked.by)}{since}{clears}"


def _unanswered(plan: Plan) -> Iterator[str]:
    """What the plan itself leaves open."""
    for milestone in plan.milestones:
        is_open = milestone.state not in (Status.DONE, Status.DROPPED)
        if is_open and not milestone.owners.buyer and not milestone.owners.seller:
            yield f"Who owns {plain(milestone.title)}?"
    for criterion in plan.success_criteria:
        if not criterion.target:
            yield f"What is the target of {plain(criterion.statement)}?"
        if not criterion.owner:
            yield f"Who measures {plain(criterion.statement)}?"
