"""What is sent to whom: at most one message a day a person, nothing twice, nothing to who asked for none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from dealroom.errors import Problem
from dealroom.exchange.digest.gather import PersonDigest, Room
from dealroom.exchange.digest.message import Envelope, write_message
from dealroom.exchange.digest.record import Record, matters_of
from dealroom.exchange.digest.smtp import Lost, Postman, Refused
from dealroom.plan.model import Stakeholder

# Days after which what still waits is told again, though nothing about it changed.
REMINDER = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one person's digest: `reason` says why it was not sent, `failed` that it should have been."""

    one: PersonDigest
    reason: str | None = None
    hint: str | None = None
    failed: bool = False


def undeliverable(person: Stakeholder) -> str | None:
    """Why no message is for a person, whatever it says."""
    if not person.digest:
        return "asked for no digests"
    return None if person.email else "has no e-mail address in the plan"


def why_not(room: Room, one: PersonDigest, record: Record, today: date) -> str | None:
    """Why a digest is not sent, in words for the seller; nothing when it is."""
    person = one.person
    if reason := undeliverable(person):
        return reason
    if record.day(person.email or "") == today:
        return "got a digest today already"
    if one.digest.changes:
        return None
    if not one.digest.has_news:
        return "nothing new"
    last = record.last(room, person.id)
    if last and last.matters == matters_of(one) and today - last.on < REMINDER:
        return f"nothing new since {last.on}"
    return None


def deliver(
    room: Room, digests: Iterable[PersonDigest], postman: Postman, record: Record, envelope: Envelope
) -> Iterator[Outcome]:
    """Send what is to be sent, one after the other; whom a message fails for does not keep the others from theirs.

    A message is written down before it goes out: what is not known to have arrived is not sent again the same day.

    Raises:
        Problem: there is no connection, or the record cannot be written; nothing more is sent then.
    """
    today = envelope.made.date()
    for one in digests:
        reason = why_not(room, one, record, today)
        if reason:
            yield Outcome(one, reason)
            continue
        try:
            message = write_message(room, one, envelope)
        except Problem as fault:
            yield Outcome(one, fault.message, fault.hint, failed=True)
            continue
        postman.connect()
        before = record.note(room, one, today)
        try:
            postman.send(message)
        except Refused as fault:
            record.restore(room, one, before)
            yield Outcome(one, fault.message, fault.hint, failed=True)
        except Lost as fault:
            yield Outcome(one, fault.message, fault.hint, failed=True)
        else:
            yield Outcome(one)
