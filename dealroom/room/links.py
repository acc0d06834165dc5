"""Where the links and images of a page lead, and what is wrong with those that lead nowhere.

A link to another page or to a milestone becomes an anchor in the room. A link to a file beside the plan, and an
image, become a sealed file. All else that is relative is a fault, told with its place in the Markdown.
"""

from __future__ import annotations

import difflib
import hashlib
import mimetypes
import posixpath
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from dealroom.diagnostics import Diagnostic, Place, Severity
from dealroom.plan.model import Plan, Side
from dealroom.room.content import FileRef
from dealroom.room.views import may_see

# The plan itself and what stands beside it are for the seller alone, whoever links to them.
_SELLERS_FILES = {"plan.yml", "access.yml", "history.jsonl"}

# How alike two names must be for one to be offered for the other (difflib's own default).
_ALIKE = 0.6

_REF_DIGITS = 12

# `href` of a sealed file until the page is sanitised; a scheme that no page can write, since nh3 drops it.
FILE_SCHEME = "dealroom-file:"

Audience = tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Source:
    """A page's Markdown. `file` is its path for diagnostics, `uri` its path in the plan's folder."""

    uri: str
    file: str
    text: str
    anchor: str
    audience: Audience


@dataclass(frozen=True, slots=True)
class Anchored:
    """A link to a heading, to be checked once every page's headings are known."""

    source: Source
    url: str
    page: str
    anchor: str


@dataclass(slots=True)
class Links:
    """Resolves the links of all pages of one plan and gathers what they need and what is wrong with them."""

    plan: Plan
    folder: Path
    sources: Mapping[str, Source]
    files: dict[str, dict[str, FileRef]] = field(default_factory=dict)
    anchored: list[Anchored] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)

    def resolve(self, source: Source, tag: str, url: str) -> str | None:
        """The address of a link (`a`) or an image (`img`) in the room; `None` drops it."""
        try:
            parts = urlsplit(url)
        except ValueError:
            self._report(source, url, "broken-link", f"`{url}` is not a web address", "write it in full, with https://")
            return None
        if tag == "img" and (parts.scheme or parts.netloc):
            hint = "save the picture beside the page: a room asks no other site for anything"
            self._report(source, url, "remote-image", f"the image `{url}` is on another site", hint)
            return None
        if parts.scheme:
            return url
        if parts.netloc or url.startswith("/"):
            hint = "write a web address with https://, or a path beside the page"
            self._report(source, url, "broken-link", f"`{url}` leads out of the plan's folder", hint)
            return None
        if not parts.path:
            return self._anchor(source, url, source.uri, unquote(parts.fragment))
        path = posixpath.normpath(posixpath.join(posixpath.dirname(source.uri), unquote(parts.path)))
        if tag == "a" and path in self.sources:
            self._check_audience(source, url, path, self.sources[path].audience)
            return self._anchor(source, url, path, unquote(parts.fragment))
        return self._file(source, url, path, tag)

    def check_anchors(self, headings: Mapping[str, set[str]]) -> None:
        """Report links to headings that are not there. `headings` are the anchors of each page, by its path."""
        for link in self.anchored:
            present = headings[link.page]
            if link.anchor not in present:
                near = nearest(link.anchor, present)
                where = "this page" if link.page == link.source.uri else f"`{link.page}`"
                hint = f"did you mean `#{near}`?" if near else f"{where} has no headings to link to"
                if not near and present:
                    hint = "its headings are " + ", ".join(f"`#{name}`" for name in sorted(present)[:5])
                message = f"{where} has no heading `#{link.anchor}`"
                self._report(link.source, link.url, "broken-anchor", message, hint)

    def _anchor(self, source: Source, url: str, page: str, anchor: str) -> str:
        if page == source.uri and (target := self._part_of_plan(source, url, anchor)):
            return target
        base = self.sources[page].anchor
        if not anchor:
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
                near = nearest(wanted, audiences)
                hint = f"did you mean `#{kind}-{near}`?" if near else f"link to the id of a {kind}"
                self._report(source, url, "broken-anchor", f"the plan has no {kind} `{wanted}`", hint)
            return f"#{anchor}"
        return None

    def _file(self, source: Source, url: str, path: str, tag: str) -> str | None:
        code = "missing-image" if tag == "img" else "broken-link"
        noun = "image" if tag == "img" else "file"
        if path.startswith("../") or not is_inside(self.folder / path, self.folder):
            hint = f"copy the {noun} into the plan's folder"
            self._report(source, url, code, f"`{url}` is outside the plan's folder", hint)
            return None
        name = posixpath.basename(path)
        if name in _SELLERS_FILES or any(part.startswith(".") for part in path.split("/")):
            self._report(source, url, code, f"`{path}` is for sellers only", "link to a page or to a file in `files/`")
            return None
        if not (self.folder / path).is_file():
            self._missing(source, url, path, tag)
            return None
        if path.endswith(".md"):
            hint = f"add `{path}` to `pages:` in plan.yml"
            self._report(source, url, code, f"`{path}` is not one of the plan's pages", hint)
            return None
        listed = next((document for document in self.plan.documents if document.file == path), None)
        if listed:
            self._check_audience(source, url, path, listed.audience)
        reference = file_ref(path, "image" if tag == "img" else "document")
        self.files.setdefault(source.uri, {})[reference.ref] = reference
        return FILE_SCHEME + reference.ref

    def _missing(self, source: Source, url: str, path: str, tag: str) -> None:
        noun = "image" if tag == "img" else "page or file"
        present = [*self.sources, *files_below(self.folder)]
        near = nearest(path, present)
        base = posixpath.dirname(source.uri) or "."
        hint = f"did you mean `{posixpath.relpath(near, base)}`?" if near else "paths count from the page's own folder"
        code = "missing-image" if tag == "img" else "broken-link"
        self._report(source, url, code, f"there is no {noun} `{path}`", hint)

    def _check_audience(self, source: Source, url: str, target: str, audience: Audience) -> None:
        """Whoever reads the page must be able to follow the link."""
        if audience is None:
            return
        buyers = [person for person in self.plan.stakeholders if person.side is Side.BUYER]
        shut_out = [
            person.id for person in buyers if may_see(person, source.audience) and not may_see(person, audience)
        ]
        if self.plan.access.shared and source.audience is None:
            shut_out.append("whoever opens the room with the shared passphrase")
        if shut_out:
            who = ", ".join(shut_out)
            message = f"`{target}` is hidden from readers of this page: {who}"
            hint = "remove the link, or give page and target the same `audience:`"
            self._report(source, url, "hidden-link", message, hint)

    def _report(self, source: Source, url: str, code: str, message: str, hint: str) -> None:
        severity = Severity.WARNING if code == "remote-image" else Severity.ERROR
        self.diagnostics.append(Diagnostic(code, severity, message, place_of(source, url), hint))


def file_ref(path: str, kind: str) -> FileRef:
    """How the room names a file of the plan. The same path has the same `ref` in every view."""
    digest = hashlib.sha256(path.encode()).hexdigest()[:_REF_DIGITS]
    media_type = mimetypes.guess_type(path)[0] or "application/octet-stream"
    return FileRef(f"file-{digest}", path, posixpath.basename(path), media_type, kind)


def place_of(source: Source, url: str) -> Place:
    """Where `url` stands in the Markdown: the first time it is a link's or an image's address, else anywhere."""
    quoted = re.escape(url)
    match = re.search(rf"(?<=[(<\"']){quoted}(?=[)>\"'\s])|(?<=: ){quoted}", source.text)
    start = match.start() if match else source.text.find(url)
    if start < 0:
        return Place(source.file)
    line = source.text.count("\n", 0, start) + 1
    column = start - source.text.rfind("\n", 0, start)
    return Place(source.file, line, column, column + len(url), source.text.splitlines()[line - 1])


def nearest(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate that looks most like `name`, if any does."""
    by_lower = {candidate.lower(): candidate for candidate in candidates}
    found = difflib.get_close_matches(name.lower(), by_lower, n=1, cutoff=_ALIKE)
    return by_lower[found[0]] if found else None


def files_below(folder: Path) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*")) if path.is_file()]


def is_inside(path: Path, folder: Path) -> bool:
    """Whether `path`, with every symbolic link followed, is in `folder`."""
    return path.resolve().is_relative_to(folder.resolve())
