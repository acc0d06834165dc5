"""Which rooms are as a build would make them, and what to note of those that are built.

A room is made from the files of its plan's folder, from settings, from its theme and those it extends, from the texts
and the logo that all rooms share, from the passphrases that the seller chose for it, from the key, from dealroom
itself, and from who is let in on the day. All of that is noted with the room; a room of which nothing differs, and
whose files are where they were put, needs no building. What is in doubt is built: that costs time, and gives the same
bytes.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date
from functools import cached_property
from pathlib import Path

from dealroom.publish.built import BuiltRoom, Made, Uses, made_from_text
from dealroom.publish.inputs import States, digest_of, states_of, unchanged, untouched
from dealroom.publish.passphrases import ChosenPassphrases, chosen_passphrases
from dealroom.publish.program import program_digest
from dealroom.publish.records import SHARED, MadeRows, Record
from dealroom.publish.sources import sources_of
from dealroom.root import SETTINGS_FILE
from dealroom.seal.keys import WorkspaceKey
from dealroom.workspace import Workspace


class Ledger:
    """The rooms of a workspace as they are on a day, against the record of what they were made from.

    `now` is the time in ns on the clock of the file system, before anything of the workspace was read. `seen` is how
    folders that rooms share were found, for the ledger of the next build: what was not touched is not read again.
    """

    def __init__(
        self,
        workspace: Workspace,
        key: WorkspaceKey,
        today: date,
        record: Record,
        now: int,
        seen: dict[Path, States] | None = None,
    ) -> None:
        self._seen = {} if seen is None else seen
        self._workspace = workspace
        self._key = key
        self._today = today
        self._record = record
        self._now = now
        self._found: dict[str, States] = {}
        self._built: dict[str, BuiltRoom] = {}
        self._digests: dict[str, str] = {}
        self._used: dict[tuple[tuple[str, ...], tuple[str, ...]], str] = {}
        self._shared: str | None = None

    def unchanged(self, slugs: Collection[str]) -> dict[str, Made]:
        """Those of the rooms that were made from exactly what is there now."""
        rows = self._record.made(slugs)
        known: dict[str, Made] = {}
        for slug in slugs:
            made = made_from_text(slug, rows[slug]) if slug in rows else None
            found = states_of(self._workspace.plans / slug, made.files if made else {}, self._now)
            self._found[slug] = found
            if made and self._is_current(made, found):
                known[slug] = made
        return known

    def renewed(self, known: Iterable[Made]) -> MadeRows:
        """What to note anew of rooms that are unchanged: files that had been too fresh to be known by their times."""
        return {
            made.room.slug: (made.uses.path, replace(made, files=self._found[made.room.slug]).text())
            for made in known
            if made.files != self._found[made.room.slug]
        }

    def add(self, room: BuiltRoom) -> None:
        """Keep what a room was built from until it has gone live."""
        if room.uses:
            self._built[room.slug] = room.without_files()

    def made(self, slugs: Collection[str]) -> MadeRows:
        """What these rooms, which have just gone live, were made from; nothing of those touched meanwhile."""
        rows: dict[str, tuple[str | None, str]] = {}
        if SHARED in slugs and self._shared is not None:
            rows[SHARED] = (None, self._shared)
        for slug in slugs:
            room, found = self._built.pop(slug, None), self._found.pop(slug, {})
            if room is None or room.uses is None or not room.uses.is_everything:
                continue
            if not untouched(found, self._workspace.plans / slug):
                continue
            made = Made(room, room.uses, self._common(slug, room.uses), found)
            rows[slug] = (room.uses.path, made.text())
        return rows

    @cached_property
    def site_state(self) -> str:
        """A digest of what the files that all rooms share are made from, but for the assets of plans' themes."""
        settings = [self._setting(name) for name in type(self._workspace.settings).model_fields]
        return self._digest("site", [self._always, *settings, self._path(self._workspace.themes)])

    def theme_state(self, uses: Uses) -> str:
        """A digest of what the assets of a room's theme are made from."""
        logo = uses.theme[1]
        parts = [*map(self._theme, uses.themes), self._path(self._workspace.root / logo) if logo else ""]
        return self._digest("theme", parts)

    def note_shared(self, text: str) -> None:
        """Keep what the shared files are made from until they have gone live."""
        self._shared = text

    def _is_current(self, made: Made, found: States) -> bool:
        return (
            made.uses.holds_on(self._today)
            and unchanged(made.files, found)
            and made.common == self._common(made.room.slug, made.uses)
        )

    def _common(self, slug: str, uses: Uses) -> str:
        """A digest of everything that a room is made from beside its plan's folder and the day."""
        # Most rooms use the same.
        used = self._used.get((uses.settings, uses.themes))
        if used is None:
            parts = [self._always, *map(self._setting, uses.settings), *map(self._theme, uses.themes)]
            used = self._used[uses.settings, uses.themes] = self._digest("used", parts)
        own = self._passphrases.by_plan.get(slug)
        if not own:
            return used
        # Under a key: nobody can try passphrases against the record.
        secret = self._key.derive("passphrases in the record")
        chosen = hmac.new(secret, json.dumps(sorted(own.items())).encode(), "sha256")
        return self._digest("used", [used, chosen.hexdigest()])

    @cached_property
    def _always(self) -> str:
        """What every room is made from."""
        settings = sources_of(self._workspace).settings - {self._workspace.root / SETTINGS_FILE}
        shared = [self._path(path) for path in sorted(settings)]
        # Which of the workspace's texts are known depends on what the templates of all themes ask for.
        themes = self._path(self._workspace.themes) if any(path.is_dir() for path in settings) else ""
        return self._digest("always", [program_digest(), self._key.fingerprint, *shared, themes])

    @cached_property
    def _passphrases(self) -> ChosenPassphrases:
        return chosen_passphrases(self._workspace)

    def _setting(self, name: str) -> str:
        if f"setting {name}" not in self._digests:
            written = self._workspace.settings.model_dump(mode="json", include={name})
            self._digests[f"setting {name}"] = json.dumps(written, sort_keys=True)
        return self._digests[f"setting {name}"]

    def _theme(self, name: str) -> str:
        if f"theme {name}" not in self._digests:
            self._digests[f"theme {name}"] = self._path(self._workspace.themes / name)
        return self._digests[f"theme {name}"]

    def _path(self, path: Path) -> str:
        """A digest of a file, or of a folder with everything in it."""
        if path.is_dir():
            self._seen[path] = states_of(path, self._seen.get(path, {}), self._now, hidden=True, follow=True)
            return digest_of(self._seen[path])
        try:
            return hashlib.sha256(path.read_bytes()).hexdigest()
        except OSError:
            return ""

    def _digest(self, what: str, parts: Iterable[str]) -> str:
        return hashlib.sha256(json.dumps([what, *parts]).encode("utf-8", "surrogatepass")).hexdigest()
