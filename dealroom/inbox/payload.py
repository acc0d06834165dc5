"""What a reply says, as JSON inside the seal. docs/format.md describes every member.

Everything here was written by somebody else: it is checked for form and size before anything is done with it, and every
text is plain. What a reply names may not exist any more; `inbox.proposals` compares it with the plan.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from dealroom.fields import FIRST_YEAR, ID_PATTERN, LAST_YEAR
from dealroom.seal.errors import CannotOpenReply

FORMAT = "dealroom-reply/1"

# More in one reply is no answer to a plan but another plan; the largest plans have some hundred milestones and steps.
MOST_CHANGES = 200
# Characters of a title or a name, of a comment or a reason, and of the note to the whole.
LONGEST_LINE, LONGEST_TEXT, LONGEST_NOTE = 200, 2_000, 4_000
LONGEST_ID = 100
# RFC 3696, erratum 1690.
LONGEST_EMAIL = 254
# What browsers and mail programs take for an address.
LONGEST_TARGET = 2_100

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
# They turn the order of letters around: a date or a name could read as another.
_DIRECTION = str.maketrans("", "", "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\ufeff")


def _readable(text: str) -> str:
    text = text.replace("\r\n", "\n").translate(_DIRECTION).strip()
    if not text:
        raise ValueError("a text is empty")
    if _CONTROL.search(text):
        raise ValueError("a text has control characters")
    return text


def _one_line(text: str) -> str:
    return " ".join(_readable(text).split())


def _in_range(day: date) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"a date is outside the years {FIRST_YEAR} to {LAST_YEAR}")
    return day


Id = Annotated[str, StringConstraints(pattern=ID_PATTERN, max_length=LONGEST_ID)]
Line = Annotated[str, StringConstraints(max_length=LONGEST_LINE), AfterValidator(_one_line)]
Text = Annotated[str, StringConstraints(max_length=LONGEST_TEXT), AfterValidator(_readable)]
Note = Annotated[str, StringConstraints(max_length=LONGEST_NOTE), AfterValidator(_readable)]
Day = Annotated[date, AfterValidator(_in_range)]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Email = Annotated[str, StringConstraints(max_length=LONGEST_EMAIL), AfterValidator(_one_line)]
Side = Literal["buyer", "seller"]

_ID = ID_PATTERN.strip("^$")
_TARGETS = {
    "plan": "plan",
    "milestone": f"milestone:{_ID}",
    "step": f"step:{_ID}/{_ID}",
    "criterion": f"criterion:{_ID}",
    "person": f"person:{_ID}",
    "document": r"document:\S+",
}


def _target(*kinds: str) -> StringConstraints:
    patterns = "|".join(_TARGETS[kind] for kind in kinds)
    return StringConstraints(pattern=f"^(?:{patterns})$", max_length=LONGEST_TARGET)


Anything = Annotated[str, _target(*_TARGETS)]
OnMilestone = Annotated[str, _target("milestone")]
OnWork = Annotated[str, _target("milestone", "step")]
OnDated = Annotated[str, _target("milestone", "step", "plan")]
OnOwned = Annotated[str, _target("milestone", "step", "criterion")]
OnCriterion = Annotated[str, _target("criterion")]
OnPlan = Annotated[str, _target("plan")]


class Said(BaseModel):
    """A part of a reply. Members that a later version adds are left out."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)


class Done(Said):
    """A milestone or a step was finished."""

    kind: Literal["done"]
    target: OnWork
    date: Day


class Date(Said):
    """Another date for a milestone, a step or the go-live. `was` is the date that was shown."""

    kind: Literal["date"]
    target: OnDated
    date: Day
    was: Day | None = None
    reason: Text | None = None


class Blocked(Said):
    """A milestone waits for something."""

    kind: Literal["blocked"]
    target: OnMilestone
    by: Text
    owner: Id | None = None
    since: Day | None = None


class Unblocked(Said):
    """A milestone waits no more."""

    kind: Literal["unblocked"]
    target: OnMilestone


class Owner(Said):
    """Another owner, of one side for a milestone. `was` is the one that was shown."""

    kind: Literal["owner"]
    target: OnOwned
    person: Id
    was: Id | None = None
    side: Side = "buyer"


class NewPerson(Said):
    """Someone who is not in the plan yet."""

    id: Id
    name: Line
    side: Side = "buyer"
    title: Line | None = None
    role: Id | None = None
    email: Email | None = None


class Person(Said):
    """A person for the plan."""

    kind: Literal["person"]
    target: OnPlan
    person: NewPerson


class Step(Said):
    """A step for a milestone."""

    kind: Literal["step"]
    target: OnMilestone
    title: Line
    owner: Id | None = None
    due: Day | None = None


class Current(Said):
    """Where a success criterion stands now. `was` is what was shown."""

    kind: Literal["current"]
    target: OnCriterion
    value: Line
    was: Text | None = None


class Comment(Said):
    """A remark."""

    kind: Literal["comment"]
    target: Anything
    text: Text


class Question(Said):
    """A question that the seller answers in words."""

    kind: Literal["question"]
    target: Anything
    text: Text


class Agree(Said):
    """Agreement to the plan as it stands: `digest` is that of the commitments that were shown."""

    kind: Literal["agree"]
    target: OnPlan
    digest: Digest


Change = Annotated[
    Done | Date | Blocked | Unblocked | Owner | Person | Step | Current | Comment | Question | Agree,
    Field(discriminator="kind"),
]


class Payload(Said):
    """A reply. `plan` is the digest of the commitments that its sender saw; `sequence` counts their replies up."""

    format: Literal["dealroom-reply/1"]
    room: Annotated[str, StringConstraints(max_length=LONGEST_ID)]
    id: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
    person: Id
    kind: Literal["buyer", "seller", "shared"]
    name: Line | None = None
    sequence: Annotated[int, Field(ge=1, le=2**53 - 1)]
    sent: AwareDatetime
    plan: Digest
    note: Note | None = None
    changes: Annotated[tuple[Change, ...], Field(max_length=MOST_CHANGES)]

    @property
    def sent_on(self) -> date:
        """The day on which it was sent, as its sender's clock had it."""
        moment: datetime = self.sent
        return moment.date()


def read_payload(written: bytes, room: str) -> Payload:
    """The payload of a reply to `room`.

    Raises:
        CannotOpenReply: not of this form, of a later version, for another room, or with nothing in it.
    """
    if b'"' + FORMAT.encode() + b'"' not in written and b'"dealroom-reply/' in written:
        raise CannotOpenReply("it is of a later version than this one can read; update dealroom")
    try:
        payload = Payload.model_validate_json(written)
    except ValidationError as fault:
        raise CannotOpenReply(f"it does not have the form of a reply: {_first(fault)}") from None
    if payload.room != room:
        raise CannotOpenReply("it was written for another room")
    if not payload.changes and payload.note is None:
        raise CannotOpenReply("it says nothing")
    return payload


def _first(fault: ValidationError) -> str:
    """The first thing that is wrong: where, and what. The sender's words are not repeated."""
    first = fault.errors(include_input=False, include_url=False, include_context=False)[0]
    # A list of more than it may be is told with what it has; a member by its path.
    where = ".".join(str(part + 1) if isinstance(part, int) else str(part) for part in first["loc"]) or "all of it"
    message = first["msg"].removeprefix("Value error, ")
    return f"{where}: {message[:1].lower()}{message[1:]}"[:LONGEST_LINE]
