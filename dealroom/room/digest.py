"""What one person is told of a plan by mail: what changed, what is theirs next, what is past its date. Pure.

It is put together from the view's plan, as the room is, so that a mail never says more than the room.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from markupsafe import Markup

from dealroom.health.facts import went_live
from dealroom.plan.history import Change
from dealroom.plan.model import Plan, Stakeholder
from dealroom.room.changes import told_changes
from dealroom.room.inline import label, plain
from dealroom.room.locale import Locale
from dealroom.room.people import People
from dealroom.room.values import ChangeLine
from dealroom.schedule.backward import MilestoneDates
from dealroom.schedule.calendar import Calendars
from dealroom.schedule.next_steps import open_tasks

T = TypeVar("T")

# A message is read between two meetings: a few of each, and the room has the rest.
MOST_NEXT, MOST_LATE, MOST_CHANGES = 3, 3, 6

# What a reply says that wants no more of them: the same in every language, as on phones.
STOP_WORD = "STOP"

# Days ahead that are worth a message of their own.
SOON = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Task:
    """Something open: `part_of` is its milestone's title when it is a step, `owner` a name, none when nobody has it."""

    id: str
    title: Markup
    part_of: Markup | None
    owner_id: str | None
    owner: Markup | None
    due: date
    due_text: str


@dataclass(frozen=True, slots=True)
class Listed:
    """The first tasks of a list, and how many more there are, in words."""

    tasks: tuple[Task, ...] = ()
    more: str | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """The way into the room: its address, and whether it holds this person's key."""

    address: str
    is_personal: bool


@dataclass(frozen=True, slots=True)
class Digest:
    """One person's message, ready to print. `own_late` are this person's tasks past their date, `late` those of others.

    `standing` says how far go-live is, `since` what the changes are told from. `matters` are the ids of what asks for
    attention now: a message with the same and without changes says nothing new.
    """

    title: Markup
    plain_title: str
    subject: str
    greeting: str
    standing: str | None
    own_late: Listed
    late: Listed
    next: Listed
    since: str
    changes: tuple[ChangeLine, ...]
    more_changes: str | None
    way: Way | None
    sender: str
    signature: str
    why: str
    stop: str
    matters: tuple[str, ...]

    @property
    def has_news(self) -> bool:
        """Whether there is anything that a message is worth."""
        return bool(self.changes or self.matters)


@dataclass(frozen=True, slots=True)
class Sender:
    """Who signs: the seller's company, and the person of it whom the reader knows, where the plan names one."""

    company: str
    person: str | None = None

    @property
    def signature(self) -> str:
        """`Tom Okafor, Northbay`."""
        return f"{self.person}, {self.company}" if self.person else self.company


@dataclass(frozen=True, slots=True)
class Seen:
    """The plan as one person sees it, with the dates of the whole plan, on a day."""

    plan: Plan
    dates: Mapping[str, MilestoneDates]
    calendars: Calendars
    today: date


@dataclass(frozen=True, slots=True)
class News:
    """What changed in the published commitments, and the day from which it is told, where there is one."""

    changes: Sequence[Change] = ()
    since: date | None = None


def compose_digest(
    seen: Seen, person: Stakeholder, news: News, locale: Locale, sender: Sender, way: Way | None = None
) -> Digest:
    """The message of `sender` for `person`."""
    people = People(seen.plan, locale)
    tasks = sorted(_tasks(seen, people, locale), key=lambda task: task.due)
    late = [task for task in tasks if task.due < seen.today]
    own = [task for task in tasks if task.owner_id == person.id]
    own_late = [task for task in own if task.due < seen.today]
    ahead = [task for task in own if task.due >= seen.today]
    lines = told_changes(seen.plan, news.changes, seen.calendars, people, locale)
    shown, more = _first(lines, MOST_CHANGES, locale)
    title = plain(seen.plan.title)
    matters = [task.id for task in (*own_late, *ahead) if task.due <= seen.today + SOON]
    return Digest(
        title=label(seen.plan.title),
        plain_title=title,
        subject=_subject(title, bool(own_late), bool(ahead), bool(lines), locale),
        greeting=locale.text("digest.hello", person=plain(person.name)),
        standing=_standing(seen, locale),
        own_late=_listed(own_late, MOST_LATE, locale),
        late=_listed([task for task in late if task.owner_id != person.id], MOST_LATE, locale),
        next=_listed(ahead, MOST_NEXT, locale),
        since=_since(news.since, locale),
        changes=tuple(shown),
        more_changes=more,
        way=way,
        sender=sender.company,
        signature=sender.signature,
        why=locale.text("digest.why", title=title),
        stop=locale.text("digest.stop", word=STOP_WORD),
        matters=tuple(matters),
    )


def _subject(title: str, late: bool, ahead: bool, changed: bool, locale: Locale) -> str:
    key = "late" if late else "changed" if changed else "next" if ahead else "standing"
    return locale.text(f"digest.subject_{key}", title=title)


def _standing(seen: Seen, locale: Locale) -> str | None:
    """How far go-live is; nothing once it is reached."""
    if went_live(seen.plan):
        return None
    go_live = seen.plan.go_live.date
    days, written = (go_live - seen.today).days, locale.day(go_live).text
    if days > 0:
        return locale.plural("digest.days", days, date=written)
    return locale.text("digest.today") if days == 0 else locale.text("digest.passed", date=written)


def _since(since: date | None, locale: Locale) -> str:
    return locale.text("digest.since", date=locale.day(since).text) if since else locale.text("changes.title")


def _tasks(seen: Seen, people: People, locale: Locale) -> Iterator[Task]:
    for task in open_tasks(seen.plan, seen.dates):
        owner = people.get(task.owner)
        key = "digest.was_due" if task.by < seen.today else "milestone.step_due"
        yield Task(
            id=task.id,
            title=label(task.step.title if task.step else task.milestone.title),
            part_of=label(task.milestone.title) if task.step else None,
            owner_id=task.owner,
            owner=owner.name if owner else None,
            due=task.by,
            due_text=locale.text(key, date=locale.day(task.by).text),
        )


def _listed(tasks: Sequence[Task], most: int, locale: Locale) -> Listed:
    shown, more = _first(_once(tasks), most, locale)
    return Listed(tuple(shown), more)


def _once(tasks: Iterable[Task]) -> list[Task]:
    """A milestone that both sides answer for is one thing in a list of others' tasks."""
    return list({task.id: task for task in reversed(list(tasks))}.values())[::-1]


def _first(items: Sequence[T], most: int, locale: Locale) -> tuple[Sequence[T], str | None]:
    # "and 1 more" would take the line that the one itself needs.
    if len(items) <= most + 1:
        return items, None
    return items[:most], locale.plural("client.more", len(items) - most)
