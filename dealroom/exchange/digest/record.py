"""`.dealroom/digests.json`: who was told what and when. Without it people would get the same mail twice."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from dealroom.errors import Problem
from dealroom.exchange.digest.gather import PersonDigest, Room, Told
from dealroom.files import replace_at_once
from dealroom.publish.lock import try_lock
from dealroom.workspace import Workspace

RECORD_FILE = "digests.json"

# Of a SHA-256: enough to tell one person's messages apart.
_DIGITS = 16


@dataclass(frozen=True, slots=True)
class Sent:
    """The last message of a room to a person: when, up to which revision, and what it asked for attention to."""

    on: date
    revisions: int
    matters: str


@dataclass(frozen=True, slots=True)
class Before:
    """What the record said of a person before a message: the room's last one, and the day of the last of any room."""

    sent: Sent | None
    day: date | None


class Record:
    """The file, read when made. Raises Problem where it cannot be used."""

    def __init__(self, workspace: Workspace) -> None:
        self._file = workspace.state / RECORD_FILE
        self._rooms: dict[str, dict[str, Sent]] = {}
        self._days: dict[str, date] = {}
        self._read()

    def told(self, room: Room, person: str) -> Told | None:
        """Up to where a person knows what changed."""
        sent = self.last(room, person)
        return Told(sent.revisions, sent.on) if sent else None

    def last(self, room: Room, person: str) -> Sent | None:
        """The last message of the room to a person."""
        return self._rooms.get(room.slug, {}).get(person)

    def day(self, address: str) -> date | None:
        """The day of the last message to an address, from whichever room."""
        return self._days.get(address.lower())

    def note(self, room: Room, one: PersonDigest, on: date) -> Before:
        """Write a message down, on the disk when this returns, and give what was there. Raises Problem."""
        address = _address(one)
        before = Before(self.last(room, one.person.id), self._days.get(address))
        self._rooms.setdefault(room.slug, {})[one.person.id] = Sent(on, one.revisions, matters_of(one))
        self._days[address] = on
        self._write()
        return before

    def restore(self, room: Room, one: PersonDigest, before: Before) -> None:
        """Write down again what was there before a message that did not go out. Raises Problem."""
        people, address = self._rooms.setdefault(room.slug, {}), _address(one)
        people.pop(one.person.id, None)
        self._days.pop(address, None)
        if before.sent:
            people[one.person.id] = before.sent
        if before.day:
            self._days[address] = before.day
        self._write()

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep others from sending meanwhile, and take in what they wrote before. Raises Problem."""
        folder = self._file.parent
        folder.mkdir(mode=0o700, exist_ok=True)
        descriptor = os.open(folder / f"{RECORD_FILE}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if not try_lock(descriptor):
                raise Problem(f"another dealroom is sending from {folder.parent}", "wait until it is done")
            self._read()
            yield
        finally:
            os.close(descriptor)

    def _read(self) -> None:
        try:
            written = json.loads(self._file.read_bytes())
            self._rooms = {slug: _people(people) for slug, people in written["rooms"].items()}
            self._days = {address: date.fromisoformat(day) for address, day in written["days"].items()}
        except FileNotFoundError:
            self._rooms, self._days = {}, {}
        except (ValueError, KeyError, TypeError, AttributeError, OSError):
            hint = "restore it, or remove it if nobody got a digest today"
            raise Problem(f"{self._file} cannot be read, so it is not known who was told what", hint) from None

    def _write(self) -> None:
        rooms = {
            slug: {
                person: {"on": sent.on.isoformat(), "revisions": sent.revisions, "matters": sent.matters}
                for person, sent in people.items()
            }
            for slug, people in self._rooms.items()
        }
        days = {address: day.isoformat() for address, day in self._days.items()}
        written = json.dumps({"rooms": rooms, "days": days}, ensure_ascii=False, indent=1, sort_keys=True)
        try:
            replace_at_once(self._file, f"{written}\n".encode())
            self._file.chmod(0o600)
        except OSError as fault:
            raise Problem(f"cannot write {self._file}: {fault.strerror}", "check its permissions") from fault


def matters_of(one: PersonDigest) -> str:
    """What a digest asks for attention to, so that two can be compared."""
    return hashlib.sha256("\0".join(one.digest.matters).encode()).hexdigest()[:_DIGITS]


def _address(one: PersonDigest) -> str:
    return (one.person.email or "").lower()


def _people(written: Any) -> dict[str, Sent]:
    return {person: _sent(one) for person, one in written.items()}


def _sent(written: Any) -> Sent:
    return Sent(date.fromisoformat(written["on"]), int(written["revisions"]), str(written["matters"]))
