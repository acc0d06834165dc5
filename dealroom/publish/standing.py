"""Whether everything stands as a build of all rooms left it: then there is nothing to do, and nothing to load for it.

A build of everything looks at everything before it reads anything (`look.py`). When it is done, how that looked is
noted in the record, together with the days on which the same people open the same rooms. Any change of the record takes
the note away. A later look that finds the same, on one of those days, with every file of the site as it was written,
tells that another build would change nothing. What is in doubt is built.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from dealroom.publish.look import Look, has_safe_secrets
from dealroom.publish.place import STAGING
from dealroom.publish.records import Record, is_as_written, open_record, record_file
from dealroom.root import STATE

if TYPE_CHECKING:
    from dealroom.publish.built import BuiltRoom


@dataclass(frozen=True, slots=True)
class Standing:
    """How a build of all rooms left everything: how it looked, with which files beside, by their paths in the
    workspace; from and until which day its rooms are opened by the same people; and the plans."""

    looks: str
    beside: tuple[str, ...]
    first: str | None
    until: str | None
    rooms: tuple[str, ...]

    def holds_on(self, today: date) -> bool:
        """Whether on this day the same people open the same rooms."""
        # In this form days are in order as text.
        day = today.isoformat()
        return (self.first is None or self.first <= day) and (self.until is None or day < self.until)


def unchanged_rooms(
    root: Path, output: Path, look: Look, today: date, environ: Mapping[str, str]
) -> tuple[str, ...] | None:
    """The plans of all rooms, when a build of them into `output` would find nothing to do; nothing when in doubt.

    `look` is one of just now. Raises Problem.
    """
    state = root / STATE
    if (output / STAGING).exists() or not record_file(state, output).exists():
        # Somebody is writing, or was when the power failed; or nothing is known.
        return None
    with open_record(state, output) as record:
        standing = _from_text(record.standing)
        if (
            standing is None
            or not standing.holds_on(today)
            or look.beside(root, standing.beside).digest != standing.looks
            or not all(is_as_written(f"{output}/{path}", *found) for path, *found in record.every_file())
        ):
            return None
    return standing.rooms if has_safe_secrets(root, environ) else None


def settled_look(look: Look, root: Path, beside: tuple[str, ...], opened: int) -> Look | None:
    """A look from before anything was read, with some more files, of which only the names are known by now; nothing
    where something might be touched without showing. `opened` is the time of just now on the file system's clock."""
    full = look.beside(root, beside)
    return full if full.is_settled(opened) else None


def note_standing(record: Record, look: Look, beside: tuple[str, ...], rooms: Iterable[BuiltRoom]) -> None:
    """Note how everything stands after a build of all `rooms`, before which it looked like this with files `beside`.

    Nothing is noted where a room is made in every build: its plan has errors, or nobody knows what it is made from.
    """
    uses = {room.slug: None if room.failed else room.uses for room in rooms}
    known = [one for one in uses.values() if one and one.is_everything]
    if not uses or len(known) < len(uses):
        return
    firsts = [first.isoformat() for first, _ in (one.days for one in known) if first]
    untils = [until.isoformat() for _, until in (one.days for one in known) if until]
    first, until = max(firsts, default=None), min(untils, default=None)
    standing = Standing(look.digest, beside, first, until, tuple(uses))
    record.note_standing(json.dumps(asdict(standing), ensure_ascii=False, separators=(",", ":")))


def _from_text(text: str | None) -> Standing | None:
    try:
        found = json.loads(text or "")
        return Standing(found["looks"], tuple(found["beside"]), found["first"], found["until"], tuple(found["rooms"]))
    except (ValueError, KeyError, TypeError):
        return None
