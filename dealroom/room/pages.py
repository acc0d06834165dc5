"""Markdown pages of a plan, rendered once and sanitised; those with blocks for an audience, once for whom it differs.

mkdocs reads them (`File`, `Page`, its table of contents), so front matter, titles and paths mean what they mean in
sellers' other docs. Its own build is never run; one Markdown instance serves all pages of a process.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from dealroom.diagnostics import Diagnostic, Place, Severity, error, in_order
from dealroom.diagnostics.wording import quoted
from dealroom.errors import Problem
from dealroom.plan.model import Plan
from dealroom.room.blocks import Chain, Marked, seen_chains
from dealroom.room.content import FileRef, Heading
from dealroom.room.excerpt import check_definitions, excerpt
from dealroom.room.images import image_size
from dealroom.room.links import FILE_SCHEME, Links, Source
from dealroom.room.markdown import Converted, convert
from dealroom.room.page_files import PageFile, read_page
from dealroom.room.sanitise import sanitise
from dealroom.room.strain import deepest, strained
from dealroom.room.views import View, Viewer, viewers

if TYPE_CHECKING:
    from mkdocs.structure.toc import AnchorLink

# A page's first heading is its title, which the room prints itself.
_TITLE = re.compile(r'\s*<h1(?: id="(?P<id>[^"]*)")?[^>]*>(?P<title>.*?)</h1>', re.DOTALL)

_TASK = re.compile(r'(<input type="checkbox"[^>]*>.*?)(?=</li>|</p>|<ul|<ol)', re.DOTALL)

_TAG = re.compile("<[^>]*>")

# What shows the source of something, and what a block begins with.
_CODE = re.compile(r"<(pre|code)\b.*?</\1>", re.DOTALL)
_BLOCK = re.compile(r":{3,}[ \t]*\{")

# Silent reading of non-fiction in English: Brysbaert (2019), doi:10.1016/j.jml.2019.104047.
WORDS_A_MINUTE = 238

_SUMMARY_LENGTH = 180

# Hexadecimal digits that tell pages apart whose names are alike but for characters that anchors cannot have.
_ANCHOR_DIGITS = 6


@dataclass(frozen=True, slots=True)
class LoadedPage:
    """A page ready for a room. `file` is as in the plan; `files` are what it links to and shows.

    `shown` are the chains of the blocks that are in it: a page with blocks is there once for all who see the same.
    """

    file: str
    anchor: str
    title: str
    html: Markup
    summary: str
    words: int
    toc: tuple[Heading, ...]
    files: tuple[FileRef, ...]
    shown: frozenset[Chain] = frozenset()


@dataclass(frozen=True, slots=True)
class _Version:
    """What some readers see of a page, before its links are resolved."""

    page: PageFile
    shown: frozenset[Chain]
    source: Source
    converted: Converted


def load_pages(
    folder: Path,
    plan: Plan,
    root: Path,
    *,
    extensions: Sequence[str | Mapping[str, Any]] = (),
    guests: Sequence[str] = (),
) -> tuple[tuple[LoadedPage, ...], tuple[Diagnostic, ...]]:
    """Read and render the pages of the plan in `folder`; `root` is the workspace, from which diagnostics count.

    `extensions` are the settings' `markdown_extensions`, as in `mkdocs.yml`; `guests` the ids of people with access who
    are not in the plan. A page that is missing or cannot be read is left out: the plan's reader reports missing files.
    """
    if not plan.pages:
        return (), ()
    diagnostics: list[Diagnostic] = []
    versions: list[_Version] = []
    names = json.dumps(list(extensions))
    everybody = viewers(plan, guests)
    for written in plan.pages:
        anchor = _anchor_of(written.file)
        name = (folder / written.file).relative_to(root).as_posix() if folder.is_relative_to(root) else written.file
        try:
            page = read_page(folder, written, name)
        except UnicodeDecodeError as fault:
            diagnostics.append(_not_utf8(name, fault))
        except OSError:
            continue
        else:
            marked = page.marked(plan)
            diagnostics += [*marked.diagnostics, *_given_away(marked, folder, written.file, plan)]
            if strain := _strain(marked):
                diagnostics.append(strain)
                continue
            try:
                found = tuple(_versions(page, marked, anchor, everybody, names))
            except RecursionError:
                diagnostics.append(_too_deep(marked))
                continue
            versions += found
            diagnostics += [wrong for one in found for wrong in _faults(one, marked)]
    # Those who see most come last, and are who links are offered the headings of.
    links = Links(plan, folder, {one.source.uri: one.source for one in versions})
    loaded = tuple(_render(one, links) for one in versions)
    links.check_anchors((one.source, _ids(page.html, page.anchor)) for one, page in zip(versions, loaded, strict=True))
    return loaded, (*in_order(diagnostics), *sorted(links.diagnostics, key=lambda found: found.place.line or 0))


def pages_of(view: View, pages: Sequence[LoadedPage]) -> tuple[LoadedPage, ...]:
    """The pages of a view, each with the blocks that its readers see. `pages` are all pages of the plan.

    Raises:
        Problem: a page has other blocks than when the view was worked out.
    """
    read = {page.file for page in pages}
    versions = {(page.file, page.shown): page for page in pages}
    wanted = [(page.file, view.blocks.get(page.file, frozenset())) for page in view.plan.pages if page.file in read]
    for file, _ in [key for key in wanted if key not in versions]:
        raise Problem(f"the page {file} was changed while it was read", "build again")
    return tuple(versions[key] for key in wanted)


def _versions(
    page: PageFile, marked: Marked, anchor: str, everybody: Sequence[Viewer], extensions: str
) -> Iterator[_Version]:
    """The page as each group of readers sees it; once at least, although nobody may."""
    readers: dict[frozenset[Chain], list[Viewer]] = {}
    for viewer in everybody:
        if viewer.sees(page.written.audience):
            readers.setdefault(seen_chains(marked.blocks, viewer.sees), []).append(viewer)
    if not readers:
        readers[frozenset(block.chain for block in marked.blocks)] = []
    for shown, who in sorted(readers.items(), key=lambda group: len(group[0])):
        part = excerpt(marked, shown)
        converted = convert(extensions, part.text)
        title = _TITLE.match(converted.html)
        source = Source(
            page.uri,
            page.name,
            part.text,
            anchor,
            page.written.audience,
            tuple(marked.first_line + number for number in part.numbers),
            tuple(who),
            title["id"] if title else None,
        )
        yield _Version(page, shown, source, converted)


def _strain(marked: Marked) -> Diagnostic | None:
    """A page that Markdown would take minutes over."""
    found = strained(marked.lines)
    if found is None:
        return None
    line, column, what = found
    message = f"more {what} are open here than a page can have"
    hint = "put what was pasted here into a file beside the plan, and list it under `documents:`"
    return error("too-complex", message, marked.place(line, column, column + 1), hint)


def _too_deep(marked: Marked) -> Diagnostic:
    line = deepest(marked.lines)
    place = marked.place(line, 0, len(marked.lines[line]))
    return error("too-complex", "too much is nested in each other on this page", place, "write it flatter")


def _given_away(marked: Marked, folder: Path, file: str, plan: Plan) -> Iterator[Diagnostic]:
    """A page with blocks that is listed as a document too: whoever opens that has all of the Markdown."""
    if not marked.blocks:
        return
    page = (folder / file).resolve()
    documents = [folder / document.file for document in plan.documents if document.file]
    if any(document.resolve() == page for document in documents):
        line = marked.blocks[0].first
        message = "this block would be in the document that is the same file"
        hint = f"remove {quoted(file)} from `documents:`, or give those readers a file without blocks"
        yield error("private-file", message, marked.place(line, 0, len(marked.lines[line])), hint)


def _faults(version: _Version, marked: Marked) -> Iterator[Diagnostic]:
    """What shows only in what some readers see of a page."""
    if marked.blocks:
        yield from check_definitions(marked, excerpt(marked, version.shown))
    html = version.converted.html
    # An extension may bring other text into a page, which nobody has filtered.
    if not marked.diagnostics and ":::" in html and _BLOCK.search(_CODE.sub("", html)):
        hint = "write the block on the page itself"
        message = "a block that an extension brings into this page would be shown to everyone"
        yield Diagnostic("invalid-block", Severity.ERROR, message, Place(version.page.name), hint)


def _render(version: _Version, links: Links) -> LoadedPage:
    from mkdocs.structure.toc import get_toc

    written, source, converted = version.page.written, version.source, version.converted
    page = version.page.page(source.text)
    links.check_schemes(source, converted.html)
    prefix = f"{source.anchor}--"
    html = sanitise(converted.html, id_prefix=prefix, rewrite=partial(links.resolve, source))
    heading = _TITLE.match(html)
    title = Markup(heading["title"]).striptags() if heading else None
    if written.title is None and title and "title" not in page.meta:
        page.title = title
    if heading:
        html = html[heading.end() :]
    files = tuple(links.files.get(source, {}).values())
    html = _sealed(html, {file.ref: image_size(links.folder / file.path) for file in files if file.kind == "image"})
    toc = get_toc(converted.toc)
    items = [child for item in toc for child in (item.children if item.title == title else [item])]
    return LoadedPage(
        file=written.file,
        anchor=source.anchor,
        title=str(page.title or title or written.file),
        html=Markup(html),
        summary=_summary(html),
        words=_words(html),
        toc=tuple(_heading(item, prefix) for item in items),
        files=files,
        shown=version.shown,
    )


def _sealed(html: str, sizes: Mapping[str, tuple[int, int] | None]) -> str:
    """Sealed files carry their `ref` where the client looks for it; links out of the room open beside it."""

    def image(match: re.Match[str]) -> str:
        if match[1] not in sizes:
            # Text that only looks like it, as in an example of code.
            return match[0]
        size = sizes[match[1]]
        place = f' width="{size[0]}" height="{size[1]}"' if size else ""
        return f'data-object="{match[1]}"{place}'

    html = re.sub(rf'(?<=[ ])src="{FILE_SCHEME}([^"]+)"', image, html)
    # A box and its text belong together, for those who only hear them.
    html = _TASK.sub(r"<label>\1</label>", html)
    html = re.sub(rf'href="{FILE_SCHEME}([^"]+)"', r'href="#\1" data-object="\1"', html)
    return re.sub(r'<a href="(?=https?:)', '<a target="_blank" href="', html)


def _words(html: str) -> int:
    """How many words a page has. It is sanitised: whatever is between `<` and `>` is a tag."""
    return len(unescape(_TAG.sub("", html)).split())


def _summary(html: str) -> str:
    """The first paragraph, cut at a word."""
    paragraph = re.search(r"<p[^>]*>(.*?)</p>", html, re.DOTALL)
    text = Markup(paragraph[1]).striptags() if paragraph else ""
    if len(text) <= _SUMMARY_LENGTH:
        return text
    return text[:_SUMMARY_LENGTH].rsplit(" ", 1)[0].rstrip(",;:–-") + " …"


def _heading(item: AnchorLink, prefix: str) -> Heading:
    children = tuple(_heading(child, prefix) for child in item.children)
    return Heading(f"#{prefix}{item.id}", str(Markup(item.title).unescape()), children)


def _ids(html: str, anchor: str) -> set[str]:
    return set(re.findall(rf' id="{re.escape(anchor)}--([^"]+)"', html))


def _anchor_of(file: str) -> str:
    """The page's anchor in the room. It follows from the page's own name alone: a number after it, because another
    page is called alike, would tell those of the other who may not know of it."""
    slug = re.sub(r"[^a-z0-9]+", "-", file.removesuffix(".md").lower()).strip("-")
    if f"{slug}.md" == file:
        return f"page-{slug}"
    digest = hashlib.sha256(unicodedata.normalize("NFC", file).encode()).hexdigest()[:_ANCHOR_DIGITS]
    return "-".join(part for part in ("page", slug, digest) if part)


def _not_utf8(file: str, error: UnicodeDecodeError) -> Diagnostic:
    line = error.object.count(b"\n", 0, error.start) + 1
    column = error.start - error.object.rfind(b"\n", 0, error.start)
    return Diagnostic(
        "not-utf-8", Severity.ERROR, "this page is not UTF-8 text", Place(file, line, column), "save it as UTF-8"
    )
