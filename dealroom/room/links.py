"""Where the links and images of a page lead, and what is wrong with those that lead nowhere.

A link to another page or to a milestone becomes an anchor in the room. A link to a file beside the plan, and an
image, become a sealed file. All else that is relative is a fault, told with its place in the Markdown.
"""

from __future__ import annotations

import hashlib
import posixpath
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urlsplit

from dealroom.diagnostics import Diagnostic, Place, Severity, error
from dealroom.diagnostics.wording import did_you_mean, listed, quoted
from dealroom.files import file_fault, on_disk
from dealroom.plan.files import MARKDOWN_SUFFIXES
from dealroom.plan.model import Plan
from dealroom.room.content import FileKind, FileRef
from dealroom.room.media_types import media_type_of
from dealroom.room.sanitise import LINK_SCHEMES
from dealroom.room.views import Viewer

_REF_DIGITS = 12

# As many as fit into a line.
_HEADINGS_SHOWN = 5

# `href` of a sealed file until the page is sanitised; a scheme that no page can write, since nh3 drops it.
FILE_SCHEME = "dealroom-file:"

# What stands before the colon of an address (RFC 3986, section 3.1).
_SCHEME = re.compile(r"\s*([A-Za-z][A-Za-z0-9+.-]*):")

# A link or an image in Markdown's HTML; in code, `<` and `"` are escaped.
_ADDRESS = re.compile(r'<(a|img)\s(?:[^<>]*?\s)?(?:href|src)="([^"]*)"')

Audience = tuple[str, ...] | None


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """A page's Markdown as its `readers` see it: those who may open the page, and see the same blocks of it.

    `file` is its path for diagnostics, `uri` its path in the plan's folder. `lines` has for each line of `text` its
    line in the file. `title_id` is the anchor of the heading that the room prints as the page's title.
    """

    uri: str
    file: str
    text: str
    anchor: str
    audience: Audience
    lines: tuple[int, ...]
    readers: tuple[Viewer, ...]
    title_id: str | None = None


@dataclass(frozen=True, slots=True)
class Anchored:
    """A link to a heading, to be checked once every page's headings are known."""

    source: Source
    url: str
    page: str
    anchor: str


@dataclass(slots=True)
class Links:
    """Resolves the links of all pages of one plan and gathers what they need and what is wrong with them.

    `sources` are the pages by path, each as it is for those who see most of it.
    """

    plan: Plan
    folder: Path
    sources: Mapping[str, Source]
    files: dict[Source, dict[str, FileRef]] = field(default_factory=dict)
    anchored: list[Anchored] = field(default_factory=list)
    _found: dict[Diagnostic, None] = field(default_factory=dict)
    _hidden: dict[tuple[Place, str], list[str]] = field(default_factory=dict)

    @property
    def diagnostics(self) -> list[Diagnostic]:
        """What is wrong with the links, each fault once."""
        return [*self._found, *(_hidden_link(*found) for found in self._shut_out())]

    def resolve(self, source: Source, tag: str, url: str) -> str | None:
        """The address of a link (`a`) or an image (`img`) in the room; `None` drops it."""
        try:
            parts = urlsplit(url)
        except ValueError:
            self._report(
                source, url, "broken-link", f"{quoted(url)} is not a web address", "write it in full, with https://"
            )
            return None
        if tag == "img" and (parts.scheme or parts.netloc):
            hint = "save the picture beside the page: a room asks no other site for anything"
            self._report(source, url, "remote-image", f"the image {quoted(url)} is on another site", hint)
            return None
        if parts.scheme:
            return url
        if parts.netloc or url.startswith("/"):
            hint = "write a web address with https://, or a path beside the page"
            self._report(source, url, "broken-link", f"{quoted(url)} leads out of the plan's folder", hint)
            return None
        if not parts.path:
            return self._anchor(source, url, source.uri, unquote(parts.fragment))
        path = posixpath.normpath(posixpath.join(posixpath.dirname(source.uri), unquote(parts.path)))
        path = on_disk(self.folder, path)
        if tag == "a" and path in self.sources:
            self._check_audience(source, url, path, self.sources[path].audience)
            return self._anchor(source, url, path, unquote(parts.fragment))
        return self._file(source, url, path, tag)

    def check_schemes(self, source: Source, html: str) -> None:
        """Report links of a kind that no page may have, such as `javascript:`: the sanitiser drops them silently."""
        for tag, written in _ADDRESS.findall(html):
            url = unescape(written)
            match = _SCHEME.match(url)
            if match is None or match[1].lower() in LINK_SCHEMES:
                continue
            scheme = quoted(match[1] + ":")
            if tag == "img":
                hint = "save the picture as a file beside the page"
                self._report(source, url, "missing-image", f"a room shows no image from {scheme}", hint)
            else:
                hint = "begin it with https://, mailto: or tel:, or name a file beside the page"
                self._report(source, url, "broken-link", f"a link cannot begin with {scheme}", hint)

    def check_anchors(self, pages: Iterable[tuple[Source, set[str]]]) -> None:
        """Report links to headings that are not there, or not for all who read the link.

        `pages` are all sources with their headings' anchors.
        """
        headings: dict[str, list[tuple[Source, set[str]]]] = {}
        for source, ids in pages:
            headings.setdefault(source.uri, []).append((source, ids))
        for link in self.anchored:
            present = set[str]().union(*(ids for _, ids in headings[link.page]))
            if link.anchor in present:
                lacking = {
                    viewer.name
                    for source, ids in headings[link.page]
                    if link.anchor not in ids
                    for viewer in source.readers
                }
                self._hide(link.source, link.url, link.url, [one for one in link.source.readers if one.name in lacking])
            else:
                where = "this page" if link.page == link.source.uri else quoted(link.page)
                self._report(
                    link.source,
                    link.url,
                    "broken-anchor",
                    f"{where} has no heading {quoted('#' + link.anchor)}",
                    did_you_mean(link.anchor, present, _headings_hint(present)),
                )

    def _anchor(self, source: Source, url: str, page: str, anchor: str) -> str:
        if page == source.uri and (target := self._part_of_plan(source, url, anchor)):
            return target
        there = source if page == source.uri else self.sources[page]
        base = there.anchor
        if not anchor or anchor == there.title_id:
            return f"#{base}"
        self.anchored.append(Anchored(source, url, page, anchor))
        return f"#{base}--{anchor}"

    def _part_of_plan(self, source: Source, url: str, anchor: str) -> str | None:
        """`#milestone-ID` and `#criterion-ID` lead to the plan."""
        for kind, parts in (("milestone", self.plan.milestones), ("criterion", self.plan.success_criteria)):
            if not anchor.startswith(f"{kind}-"):
                continue
            wanted = anchor.removeprefix(f"{kind}-")
            audiences: dict[str, Audience] = {part.id: part.audience for part in parts}
            if wanted in audiences:
                self._check_audience(source, url, wanted, audiences[wanted])
            else:
                anchors = [f"#{kind}-{id}" for id in audiences]
                hint = did_you_mean(f"#{anchor}", anchors, f"link to the id of a {kind}")
                self._report(source, url, "broken-anchor", f"the plan has no {kind} {quoted(wanted)}", hint)
            return f"#{anchor}"
        return None

    def _file(self, source: Source, url: str, path: str, tag: str) -> str | None:
        code = "missing-image" if tag == "img" else "broken-link"
        fault = file_fault(self.folder, path)
        if fault:
            _, message, hint = fault
            self._report(source, url, code, message, hint)
            return None
        if path in self.sources:
            self._report(source, url, code, f"{quoted(path)} is a page, not a picture", "link to it, without the `!`")
            return None
        if posixpath.splitext(path)[1].lower() in MARKDOWN_SUFFIXES:
            hint = f"add {quoted(path)} to `pages:` in plan.yml"
            self._report(source, url, code, f"{quoted(path)} is not one of the plan's pages", hint)
            return None
        # Listed for different people under several titles, it is for all of them.
        listed_for = [document.audience for document in self.plan.documents if document.file == path]
        if listed_for:
            shut_out = [one for one in source.readers if not any(one.sees(audience) for audience in listed_for)]
            self._hide(source, url, path, shut_out)
        reference = file_ref(path, "image" if tag == "img" else "document")
        self.files.setdefault(source, {})[reference.ref] = reference
        return FILE_SCHEME + reference.ref

    def _check_audience(self, source: Source, url: str, target: str, audience: Audience) -> None:
        """Whoever reads the page must be able to follow the link."""
        self._hide(source, url, target, [viewer for viewer in source.readers if not viewer.sees(audience)])

    def _hide(self, source: Source, url: str, target: str, shut_out: Iterable[Viewer]) -> None:
        """Note that these readers see the link, but not where it leads."""
        for viewer in shut_out:
            names = self._hidden.setdefault((place_of(source, url), target), [])
            if viewer.name not in names:
                names.append(viewer.name)

    def _shut_out(self) -> Iterator[tuple[Place, str, list[str]]]:
        """Each link with those who see it and not its target, in the plan's order."""
        order = {person.id: number for number, person in enumerate(self.plan.stakeholders)}
        for (place, target), names in self._hidden.items():
            yield place, target, sorted(names, key=lambda name: order.get(name, len(order)))

    def _report(self, source: Source, url: str, code: str, message: str, hint: str | None) -> None:
        severity = Severity.WARNING if code == "remote-image" else Severity.ERROR
        self._found[Diagnostic(code, severity, message, place_of(source, url), hint)] = None


def _hidden_link(place: Place, target: str, names: list[str]) -> Diagnostic:
    message = f"`{target}` is hidden from readers of this page: {', '.join(names)}"
    hint = "remove the link, or give what it stands in and its target the same `audience:`"
    return error("hidden-link", message, place, hint)


def _headings_hint(present: set[str]) -> str:
    if not present:
        return "it has no headings to link to"
    return f"its headings are {listed(sorted('#' + name for name in present)[:_HEADINGS_SHOWN])}"


def file_ref(path: str, kind: FileKind) -> FileRef:
    """How the room names a file of the plan. The same path has the same `ref` in every view, and on every system."""
    name = unicodedata.normalize("NFC", path)
    digest = hashlib.sha256(name.encode()).hexdigest()[:_REF_DIGITS]
    media_type = media_type_of(path)
    return FileRef(f"file-{digest}", path, posixpath.basename(name), media_type, kind)


def place_of(source: Source, url: str) -> Place:
    """Where `url` stands in the Markdown: the first time it is a link's or an image's address, else anywhere."""
    quoted = re.escape(url)
    match = re.search(rf"(?<=[(<\"']){quoted}(?=[)>\"'\s])|(?<=: ){quoted}", source.text)
    start = match.start() if match else source.text.find(url)
    if start < 0:
        return Place(source.file)
    line = source.text.count("\n", 0, start)
    column = start - source.text.rfind("\n", 0, start)
    return Place(source.file, source.lines[line], column, column + len(url), source.text.split("\n")[line])
