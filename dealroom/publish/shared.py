"""What all rooms of a site share: the client, the themes' assets, the front page. Written when a room needs it."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import TYPE_CHECKING

from dealroom.errors import Problem
from dealroom.publish.built import Uses
from dealroom.publish.ledger import Ledger
from dealroom.publish.output import OutputFile
from dealroom.publish.records import SHARED
from dealroom.publish.write import Site

if TYPE_CHECKING:
    from dealroom.publish.builder import Builder

# Files that are to be brought, for the room `SHARED`.
Brought = Iterator[tuple[str, Collection[OutputFile]]]


class SharedFiles:
    """The shared files of one build, against those that are there. Either all of them are brought, or none.

    `builder` gives the one builder, when it is needed.
    """

    def __init__(self, site: Site, ledger: Ledger, builder: Callable[[], Builder]) -> None:
        self._ledger = ledger
        self._builder = builder
        self._count = site.whole([SHARED]).get(SHARED, 0)
        # Themes by name, each with a digest of what its assets are made from: as noted, and as this build needs them.
        self._noted = _noted_themes(site.record.made([SHARED]).get(SHARED, ""), ledger.site_state)
        self._needed: dict[str, str] = {}
        self._brings = not self._count or self._noted is None
        self._pages: list[OutputFile] = []

    @property
    def unchanged(self) -> dict[str, int]:
        """How many files stay as they are, so far."""
        return {} if self._brings else {SHARED: self._count}

    def begin(self, known: Iterable[Uses]) -> Brought:
        """What rooms that stay need."""
        for uses in known:
            self._needed.setdefault(_name(uses), self._ledger.theme_state(uses))
        if self._brings or not self._needed.items() <= (self._noted or {}).items():
            yield from self._bring()

    def for_room(self, uses: Uses) -> Brought:
        """What a room that has just been built needs, before it goes live."""
        name = _name(uses)
        if name in self._needed:
            return
        self._needed[name] = self._ledger.theme_state(uses)
        if self._brings:
            yield SHARED, self._assets(name)
        elif (self._noted or {}).get(name) != self._needed[name]:
            self._needed = {**(self._noted or {}), **self._needed}
            yield from self._bring()

    def end(self, *, every: bool) -> Brought:
        """The pages, after everything that they refer to. After `every` room, what none of them needs is gone."""
        if every and not self._brings and self._needed != self._noted:
            yield from self._bring()
        if self._brings:
            self._ledger.note_shared(json.dumps({"site": self._ledger.site_state, "themes": self._needed}))
            yield SHARED, self._pages

    def _bring(self) -> Brought:
        self._brings = True
        files = self._builder().shared_files(())
        self._pages = [file for file in files if file.is_page]
        yield SHARED, [file for file in files if not file.is_page]
        for name in [*self._needed]:
            yield SHARED, self._assets(name)

    def _assets(self, name: str) -> Collection[OutputFile]:
        theme, logo = json.loads(name)
        try:
            return self._builder().theme_files(theme, logo)
        except (Problem, OSError):
            # A theme of an earlier build that is gone; a room that needs it says so.
            self._needed.pop(name)
            return ()


def _name(uses: Uses) -> str:
    return json.dumps([*uses.theme])


def _noted_themes(text: str, site_state: str) -> dict[str, str] | None:
    """The themes that were brought before, where everything else is made from what is there now."""
    try:
        found = json.loads(text)
        themes = {str(name): str(state) for name, state in found["themes"].items()}
        return themes if found["site"] == site_state else None
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
