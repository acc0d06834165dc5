"""A change of a reply in the words in which the seller reads it. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dealroom.inbox import payload as said
from dealroom.inbox.payload import Change
from dealroom.inbox.subject import Seen
from dealroom.schedule.words import long_date


def in_words(seen: Seen, change: Change, title: str) -> str:
    """A change of what is called `title`."""
    return _WORDS[type(change)](seen, change, title)


def _done(_seen: Seen, change: said.Done, title: str) -> str:
    return f"{title}: done on {long_date(change.date)}"


def _date(_seen: Seen, change: said.Date, title: str) -> str:
    what = "go-live" if change.target == "plan" else title
    was = f" instead of {long_date(change.was)}" if change.was else ""
    return f"{what}: {long_date(change.date)}{was}" + (f" ({change.reason})" if change.reason else "")


def _blocked(seen: Seen, change: said.Blocked, title: str) -> str:
    return f"{title}: blocked, {change.by}" + (f", up to {seen.name(change.owner)}" if change.owner else "")


def _unblocked(_seen: Seen, _change: said.Unblocked, title: str) -> str:
    return f"{title}: not blocked any more"


def _owner(seen: Seen, change: said.Owner, title: str) -> str:
    side = f" on the {change.side}'s side" if change.target.startswith("milestone:") else ""
    return f"{title}: {seen.name(change.person)} is to own it{side}, instead of {seen.name(change.was)}"


def _person(_seen: Seen, change: said.Person, _title: str) -> str:
    one = change.person
    about = ", ".join(filter(None, (one.title, one.role, one.email)))
    return f"new person of the {one.side}'s side: {one.name}" + (f" ({about})" if about else "")


def _step(seen: Seen, change: said.Step, title: str) -> str:
    due = f", due on {long_date(change.due)}" if change.due else ""
    owner = f", by {seen.name(change.owner)}" if change.owner else ""
    return f"{title}: new step “{change.title}”{owner}{due}"


def _current(_seen: Seen, change: said.Current, title: str) -> str:
    was = f" instead of {change.was}" if change.was else ""
    return f"{title}: now at {change.value}{was}"


def _agree(_seen: Seen, change: said.Agree, _title: str) -> str:
    return f"agrees to the plan as it was shown ({change.digest[:12]})"


def _comment(_seen: Seen, change: said.Comment, title: str) -> str:
    return f"{title}: {change.text}"


def _question(_seen: Seen, change: said.Question, title: str) -> str:
    return f"{title}: question: {change.text}"


_WORDS: dict[type[said.Said], Callable[[Seen, Any, str], str]] = {
    said.Done: _done,
    said.Date: _date,
    said.Blocked: _blocked,
    said.Unblocked: _unblocked,
    said.Owner: _owner,
    said.Person: _person,
    said.Step: _step,
    said.Current: _current,
    said.Agree: _agree,
    said.Comment: _comment,
    said.Question: _question,
}
