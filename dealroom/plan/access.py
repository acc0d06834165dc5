"""`plans/<slug>/access.yml`: who opens the room beyond the plan's buyers, who no longer does, and until when.

    epoch: 3
    kept: {files/pricing.pdf: 1}
    people:
      - {id: marcus, revoked: 2026-11-20}
      - {id: dana, epoch: 2, expires: 2027-06-30}
      - {id: counsel, name: Ines Roth}

There is no secret in it. Without the file each person of the buyer's side has access, and so does everyone listed in
it, until they are revoked or their day has come. Epochs only go up: the content of the room is sealed with keys of its
`epoch`, which rises whenever someone loses access, so that what they kept opens nothing later.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from dealroom.diagnostics import Diagnostic, Place, error, in_order
from dealroom.diagnostics.wording import quoted
from dealroom.fields import Day, Id, Text, Written
from dealroom.plan.model import Plan, Side, Stakeholder
from dealroom.yaml_source import Source, read
from dealroom.yaml_source.validate import validate

ACCESS_FILE = "access.yml"

# How the shared passphrase is called where people are listed.
SHARED_ID = "shared"

# Six have 77 bits. More than twenty-four nobody types, and 256 bits are the end of what they could add.
FEWEST_WORDS, MOST_WORDS = 6, 24
# An epoch counts what people do; a larger number is a slip of the pen.
MOST_EPOCHS = 1_000_000


def _whole(lowest: int, highest: int, what: str) -> BeforeValidator:
    def check(value: object) -> int:
        if isinstance(value, int):
            return value
        if not isinstance(value, str) or not re.fullmatch(r"\d{1,9}", value.strip()):
            raise PydanticCustomError("wrong-type", "a whole number is expected here", {"hint": f"write {what}"})
        if not lowest <= int(value) <= highest:
            raise PydanticCustomError(
                "wrong-value", "{text} is out of bounds", {"text": value, "hint": f"write {what}"}
            )
        return int(value)

    return BeforeValidator(check)


Epoch = Annotated[
    int, _whole(1, MOST_EPOCHS, "1 or more"), WithJsonSchema({"type": "integer", "minimum": 1, "maximum": MOST_EPOCHS})
]
Words = Annotated[
    int,
    _whole(FEWEST_WORDS, MOST_WORDS, f"{FEWEST_WORDS} to {MOST_WORDS}"),
    WithJsonSchema({"type": "integer", "minimum": FEWEST_WORDS, "maximum": MOST_WORDS}),
]


class PersonAccess(Written):
    """One person's access. Whoever is listed and not revoked has it, until it expires."""

    id: Id
    """The stakeholder, or an id for someone whom the plan does not list."""
    name: Text | None = None
    """The name of someone whom the plan does not list. They see what everyone may see."""
    epoch: Epoch = 1
    """Goes up when this person gets a new link and passphrase."""
    words: Words | None = None
    """The number of words of the passphrase, where that is not the room's."""
    expires: Day | None = None
    """The first day without access."""
    revoked: Day | None = None
    """The day on which access was taken away. It counts from then on, whatever the date."""


class SharedAccess(Written):
    """The shared passphrase, where the plan allows one."""

    epoch: Epoch = 1
    """Goes up when it changes."""
    words: Words | None = None
    """Its number of words, where that is not the room's."""


class RoomAccess(Written):
    """`access.yml`: who opens the room beyond the plan's buyers, who no longer does, and until when."""

    epoch: Epoch = 1
    """Goes up when someone loses access: the room's pages and files are then sealed with new keys."""
    kept: dict[Text, Epoch] = Field(default_factory=dict)
    """Files with the keys of an earlier epoch, since nobody who lost access since could read them."""
    words: Words = FEWEST_WORDS
    """The number of words of generated passphrases."""
    people: tuple[PersonAccess, ...] = ()
    """People with an entry of their own; the others of the buyer's side have access by default."""
    shared: SharedAccess = SharedAccess()
    """The shared passphrase, where the plan allows one."""

    def person(self, id: str) -> PersonAccess:
        """The entry of a person; that of someone without one says nothing but the id."""
        return next((one for one in self.people if one.id == id), PersonAccess(id=id))

    def file_epoch(self, path: str) -> int:
        """The epoch of the keys of a file of the plan."""
        # However the letters of the name are composed: the file may have been written on another system.
        spellings = (path, *(unicodedata.normalize(form, path) for form in ("NFC", "NFD")))
        return next((self.kept[one] for one in spellings if one in self.kept), self.epoch)

    def has_entry(self, id: str) -> bool:
        """Whether the person has an entry of their own."""
        return any(one.id == id for one in self.people)


@dataclass(frozen=True, slots=True)
class Admitted:
    """Who may open the room on one day: stakeholders and guests by id, and those whose day has come.

    `lapsed` are the ids of people whose access has expired. They are not written down as revoked by anybody, so the
    keys of what they could read follow from who they are. `closed` says that the day of the whole room has come.
    """

    people: tuple[Stakeholder, ...]
    lapsed: tuple[str, ...]
    closed: bool

    @property
    def ids(self) -> frozenset[str]:
        """The ids of those who are admitted."""
        return frozenset(person.id for person in self.people)


def admitted(plan: Plan, access: RoomAccess, today: date) -> Admitted:
    """Who opens the room of `plan` on `today`, in the plan's order and then that of the file. Pure."""
    entries = {one.id: one for one in access.people}
    lapsed = tuple(sorted(one.id for one in access.people if not one.revoked and is_due(one.expires, today)))

    def has_access(person: Stakeholder) -> bool:
        entry = entries.get(person.id)
        if entry is None:
            return person.side is Side.BUYER
        return entry.revoked is None and person.id not in lapsed

    known = (*plan.stakeholders, *guests(plan, access))
    return Admitted(tuple(filter(has_access, known)), lapsed, is_due(plan.access.expires, today))


def guests(plan: Plan, access: RoomAccess) -> tuple[Stakeholder, ...]:
    """The people of `access` whom the plan does not list, revoked or not: they see what everyone may see."""
    listed = {person.id for person in plan.stakeholders}
    return tuple(
        Stakeholder(id=one.id, name=one.name, side=Side.BUYER)
        for one in access.people
        if one.name is not None and one.id not in listed
    )


def is_due(expires: date | None, today: date) -> bool:
    """Whether the day has come on which access ends."""
    return expires is not None and today >= expires


def read_access(folder: Path, root: Path) -> tuple[RoomAccess | None, Source]:
    """The access file of the plan in `folder`, or what stands for none; `None` when it cannot be used.

    Never raises for what is in the file: the findings are the source's.
    """
    file = folder / ACCESS_FILE
    name = file.relative_to(root).as_posix()
    if not file.exists() and not file.is_symlink():
        return RoomAccess(), Source(name)
    if not file.resolve().is_relative_to(folder.resolve()):
        outside = error(
            "symlink-outside", f"{name} is a link that leaves its folder", Place(name), "put the file itself there"
        )
        return None, Source(name, diagnostics=(outside,))
    source = read(file, name)
    access, found = validate(RoomAccess, source)
    source.diagnostics = found
    return access, source


def check_access(plan: Plan, access: RoomAccess, source: Source) -> tuple[Diagnostic, ...]:
    """What is wrong in an access file beyond the form of its fields."""
    return in_order(tuple(_faults(plan, access, source)))


def _faults(plan: Plan, access: RoomAccess, source: Source) -> Iterator[Diagnostic]:
    listed = {person.id for person in plan.stakeholders}
    seen: set[str] = set()
    for number, one in enumerate(access.people):
        place = source.place(("people", number, "id"))
        if one.id in seen:
            yield error("duplicate-id", f"{quoted(one.id)} has two entries", place, "make one of them")
        seen.add(one.id)
        # Who lost access may be gone from the plan since.
        if one.id not in listed and one.name is None and not one.revoked and not one.expires:
            hint = "add the person to the plan, or write `name:` to let in someone who is not in it"
            yield error("dangling-id", f"no stakeholder has the id {quoted(one.id)}", place, hint)
    for path, epoch in access.kept.items():
        if epoch > access.epoch:
            message = f"{quoted(path)} has an epoch that has not begun: {epoch}, when the room's is {access.epoch}"
            hint = f"raise the room's `epoch` to {epoch}; epochs never go down"
            yield error("wrong-value", message, source.place(("kept", path)), hint)
