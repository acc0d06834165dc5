"""What an opened room's page holds, told from its HTML alone: to show someone what they can read, and what not. Pure.

The parts are found by the anchors that `room.content` gives them, whatever theme has laid them out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

# What the anchors of parts begin with, by what the parts are. Headings inside a page have anchors with `--`.
_ANCHORS = {"page": "pages", "milestone": "milestones", "criterion": "success criteria", "person": "people"}
_ANCHOR = re.compile(rf"({'|'.join(_ANCHORS)})-(?!.*--).+")

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_TITLES = _HEADINGS | {"strong"}


@dataclass(frozen=True, slots=True)
class Inventory:
    """The titles of a page's parts by what they are, in the page's order, and the addresses that it links to."""

    titles: dict[str, tuple[str, ...]]
    links: tuple[str, ...]


def inventory(html: str) -> Inventory:
    """What the page of an opened room holds."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return Inventory(
        {kind: tuple(reader.found[kind]) for kind in _ANCHORS.values() if kind in reader.found},
        tuple(dict.fromkeys(reader.links)),
    )


@dataclass
class _Part:
    """A part whose title is being looked for. `inside` is the tag of its title once that was found."""

    kind: str
    anchor: str
    inside: str = ""
    text: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, list[str]] = {}
        self.links: list[str] = []
        self._part: _Part | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        address = attributes.get("href") or ""
        if tag == "a" and address.startswith(("http:", "https:")):
            self.links.append(address)
        anchor = _ANCHOR.fullmatch(attributes.get("id") or "")
        if anchor and tag not in _HEADINGS:
            self._end_part()
            self._part = _Part(_ANCHORS[anchor[1]], anchor[0])
        elif self._part and not self._part.inside and (tag in _TITLES or "data-title" in attributes):
            self._part.inside = tag

    def handle_data(self, data: str) -> None:
        if self._part and self._part.inside:
            self._part.text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if self._part and tag == self._part.inside:
            self._end_part()

    def close(self) -> None:
        super().close()
        self._end_part()

    def _end_part(self) -> None:
        """A part without a title, in a theme of its own, is told by its anchor."""
        if self._part:
            title = " ".join("".join(self._part.text).split())
            self.found.setdefault(self._part.kind, []).append(title or self._part.anchor)
            self._part = None
