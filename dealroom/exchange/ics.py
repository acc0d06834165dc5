"""A plan's dates as a calendar file (RFC 5545), for Google, Outlook and Apple.

Events are all-day and keep their UID, so that a later file replaces what an earlier one brought. The opened room makes
the same events in the browser (`client/src/room/calendar.ts`); who takes in both has each date once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from dealroom.plan.model import Milestone, Plan, Status
from dealroom.room.inline import plain
from dealroom.room.locale import Locale
from dealroom.schedule.backward import MilestoneDates

GO_LIVE = "go-live"

# RFC 5545, section 3.1: no line is longer, in octets without its end.
_LINE = 75

# A revision's number has to grow from one file to the next: minutes since this one leave room for 4,000 years.
_FIRST_REVISION = datetime(2020, 1, 1, tzinfo=UTC)

# RFC 5545, section 3.3.11, and what it does not allow in a text at all.
_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})
_CONTROL = str.maketrans(dict.fromkeys([*range(0x20), *range(0x7F, 0xA0)]))


@dataclass(frozen=True, slots=True)
class Entry:
    """A day in the plan. `id` is unique in its room and never changes; what was dropped is `cancelled`."""

    id: str
    day: date
    title: str
    notes: tuple[str, ...] = ()
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class CalendarFacts:
    """The room's id, by which events of two rooms never meet; the calendar's name; when the file is made.

    `address` is the room's, without a secret, where it is known.
    """

    room: str
    name: str
    stamp: datetime
    address: str | None = None


def entries(
    plan: Plan, dates: Mapping[str, MilestoneDates], locale: Locale, person: str | None = None
) -> tuple[Entry, ...]:
    """The dates of a plan: go-live, milestones, and steps with a day of their own.

    With a `person`, by id, they are those of the milestones and steps that this person answers for, and go-live.
    """
    go_live = locale.text("client.calendar_go_live", title=plain(plan.title))
    first = Entry(GO_LIVE, plan.go_live.date, go_live)
    return (first, *(entry for each in plan.milestones for entry in _of_work(each, plan, dates, locale, person)))


def write_calendar(found: Iterable[Entry], facts: CalendarFacts) -> bytes:
    """The entries as a file. The same entries and facts give the same bytes."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//dealroom//dealroom//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escape_text(facts.name)}",
        *(line for entry in found for line in _event(entry, facts)),
        "END:VCALENDAR",
    ]
    return "".join(f"{fold(line)}\r\n" for line in lines).encode()


def escape_text(text: str) -> str:
    """A text as a value of RFC 5545."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return lines.translate(_ESCAPED).translate(_CONTROL)


def fold(line: str) -> str:
    """A line in pieces of at most 75 octets, the later ones after a space. No character is cut in two."""
    folded, size = [], 0
    for character in line:
        octets = len(character.encode())
        if size + octets > _LINE:
            folded.append("\r\n ")
            size = 1
        folded.append(character)
        size += octets
    return "".join(folded)


def _of_work(
    milestone: Milestone, plan: Plan, dates: Mapping[str, MilestoneDates], locale: Locale, person: str | None
) -> Iterator[Entry]:
    """A milestone and its steps, as far as the person answers for them."""
    owners = [owner for owner in (milestone.owners.buyer, milestone.owners.seller) if owner]
    found = dates.get(milestone.id)
    finish = found.finish if found and not found.has_no_room else None
    own = person is None or person in owners
    cancelled = milestone.state is Status.DROPPED
    if own and finish and milestone.id != plan.go_live.milestone:
        title = _title(milestone.title, milestone.state is Status.DONE, locale)
        yield Entry(f"milestone-{milestone.id}", finish, title, _owners(plan, owners, locale), cancelled)
    part_of = locale.text("client.calendar_step_of", title=plain(milestone.title))
    for step in milestone.steps:
        # What has no day of its own is due with its milestone, which an owner of that has already.
        day = step.due or (None if own else finish)
        if day and (person is None or step.owner == person):
            notes = (part_of, *_owners(plan, [step.owner] if step.owner else [], locale))
            title = _title(step.title, step.done is not None, locale)
            yield Entry(f"step-{milestone.id}--{step.id}", day, title, notes, cancelled)


def _owners(plan: Plan, ids: Iterable[str], locale: Locale) -> tuple[str, ...]:
    """The line that names people, if there are any."""
    people = ", ".join(plain(person.name) for id in ids if (person := plan.stakeholder(id)))
    return (locale.text("client.calendar_owners", people=people),) if people else ()


def _title(title: str, done: bool, locale: Locale) -> str:
    return locale.text("client.calendar_done", title=plain(title)) if done else plain(title)


def _event(entry: Entry, facts: CalendarFacts) -> Iterator[str]:
    anchor = "plan" if entry.id == GO_LIVE else entry.id
    address = f"{facts.address}#{anchor}" if facts.address else None
    stamp = facts.stamp.astimezone(UTC)
    made = f"{stamp:%Y%m%dT%H%M%SZ}"
    yield "BEGIN:VEVENT"
    yield f"UID:{entry.id}@{facts.room}"
    yield f"DTSTAMP:{made}"
    yield f"LAST-MODIFIED:{made}"
    yield f"SEQUENCE:{(stamp - _FIRST_REVISION) // timedelta(minutes=1)}"
    yield f"DTSTART;VALUE=DATE:{entry.day:%Y%m%d}"
    # The end is the first day after.
    yield f"DTEND;VALUE=DATE:{entry.day + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{escape_text(entry.title)}"
    yield f"DESCRIPTION:{escape_text(chr(10).join([facts.name, *entry.notes, *([address] if address else [])]))}"
    if address:
        yield f"URL:{address}"
    yield f"STATUS:{'CANCELLED' if entry.cancelled else 'CONFIRMED'}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"
