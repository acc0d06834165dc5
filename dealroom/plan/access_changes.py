"""Granting, revoking and rotating access, as changes of what `access.yml` says. Pure: nothing is read or written."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from dealroom.diagnostics.wording import did_you_mean, quoted
from dealroom.errors import Problem
from dealroom.fields import ID_PATTERN, as_id
from dealroom.plan.access import SHARED_ID, PersonAccess, RoomAccess, SharedAccess, admitted
from dealroom.plan.model import Plan


@dataclass(frozen=True, slots=True)
class Files:
    """The files of a room, and those among them that somebody who loses access could read; by their paths."""

    every: frozenset[str]
    lost: frozenset[str]


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is to be said of a person's access, where anything is. `forever` takes the day of its end away."""

    name: str | None = None
    words: int | None = None
    expires: date | None = None
    forever: bool = False


def grant(plan: Plan, access: RoomAccess, person: str, wishes: Wishes) -> RoomAccess:
    """Let a person in, or change until when. Who had been revoked gets a new link and passphrase.

    Raises:
        Problem: nobody of that id is in the plan, and there is no name for one who is not.
    """
    if wishes.name is not None:
        _check_guest(plan, person)
    else:
        _check_known(plan, access, person, "to let in someone who is not in the plan, say the name: --name 'Ines Roth'")
    entry = access.person(person)
    changed = entry.model_copy(
        update={
            "name": wishes.name or entry.name,
            "epoch": entry.epoch + 1 if entry.revoked else entry.epoch,
            "words": wishes.words or entry.words,
            "expires": None if wishes.forever else wishes.expires or entry.expires,
            "revoked": None,
        }
    )
    listed_anyway = plan.stakeholder(person) in admitted(plan, RoomAccess(), date.min).people
    needed = access.has_entry(person) or not listed_anyway or changed != PersonAccess(id=person)
    return _with_people(access, [changed]) if needed else access


def revoke(plan: Plan, access: RoomAccess, person: str, today: date, files: Files) -> RoomAccess:
    """Take a person's access away. The shared passphrase, which they know, changes for all who use it.

    Raises:
        Problem: nobody of that id is in the plan or in the file, or they have no access.
    """
    _check_known(plan, access, person, "`dealroom access list` shows who has access")
    entry = access.person(person)
    if entry.revoked:
        raise Problem(f"the access of {quoted(person)} was taken away on {entry.revoked} already")
    if not entry.expires and person not in admitted(plan, access, today).ids:
        raise Problem(
            f"{quoted(person)} has no access that could be taken away", "the seller's side has none by itself"
        )
    gone = entry.model_copy(update={"revoked": today, "expires": None})
    return advance(_with_people(access, [gone], new_shared=plan.access.shared), files)


def rotate(plan: Plan, access: RoomAccess, person: str, files: Files) -> RoomAccess:
    """Give one person a new link and passphrase; the old ones open nothing later.

    Raises:
        Problem: nobody of that id is in the plan or in the file, or their access was taken away.
    """
    _check_known(plan, access, person, "`dealroom access list` shows who has access")
    entry = access.person(person)
    if entry.revoked:
        hint = f"`dealroom access grant` gives {quoted(person)} new access"
        raise Problem(f"the access of {quoted(person)} was taken away on {entry.revoked}", hint)
    return advance(_with_people(access, [_renewed(entry)]), files)


def rotate_shared(access: RoomAccess, files: Files) -> RoomAccess:
    """Change the shared passphrase."""
    return advance(_with_people(access, [], new_shared=True), files)


def rotate_all(plan: Plan, access: RoomAccess, today: date) -> RoomAccess:
    """Give everyone who has access a new link and passphrase, and seal everything anew."""
    people = [_renewed(access.person(person.id)) for person in admitted(plan, access, today).people]
    return rekey(_with_people(access, people, new_shared=plan.access.shared))


def advance(access: RoomAccess, files: Files) -> RoomAccess:
    """Seal everything with new keys but the files that whoever lost access could not read."""
    kept = {path: access.file_epoch(path) for path in sorted(files.every - files.lost)}
    return access.model_copy(update={"epoch": access.epoch + 1, "kept": kept})


def rekey(access: RoomAccess) -> RoomAccess:
    """Seal everything with new keys."""
    return access.model_copy(update={"epoch": access.epoch + 1, "kept": {}})


def _renewed(entry: PersonAccess) -> PersonAccess:
    return entry.model_copy(update={"epoch": entry.epoch + 1})


def _with_people(access: RoomAccess, changed: Iterable[PersonAccess], *, new_shared: bool = False) -> RoomAccess:
    """The file with these entries in the place of those of the same people, or at its end."""
    entries = {one.id: one for one in access.people} | {one.id: one for one in changed}
    shared = access.shared
    if new_shared:
        shared = SharedAccess(epoch=shared.epoch + 1, words=shared.words)
    return access.model_copy(update={"people": tuple(entries.values()), "shared": shared})


def _check_guest(plan: Plan, person: str) -> None:
    if plan.stakeholder(person) is not None:
        raise Problem(f"{quoted(person)} is in the plan, which says the name", "leave --name out")
    if not re.fullmatch(ID_PATTERN, person) or person == SHARED_ID:
        suggestion = "" if person == SHARED_ID else as_id(person)
        hint = "ids are lower-case letters, digits and hyphens" + (f": {quoted(suggestion)}" if suggestion else "")
        raise Problem(f"{quoted(person)} cannot be the id of a person", hint)


def _check_known(plan: Plan, access: RoomAccess, person: str, otherwise: str) -> None:
    known = [*(one.id for one in plan.stakeholders), *(one.id for one in access.people)]
    if person not in known:
        raise Problem(f"nobody of the plan has the id {quoted(person)}", did_you_mean(person, known, otherwise))
