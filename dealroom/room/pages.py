"""Markdown pages of a plan, rendered once and sanitised.

mkdocs reads them (`File`, `Page`, its table of contents), so front matter, titles and paths mean what they mean in
sellers' other docs. Its own build is never run; one Markdown instance serves all pages of a process.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from markupsafe import Markup

from dealroom.diagnostics import Diagnostic, Place, Severity
from dealroom.plan.model import Page as WrittenPage
from dealroom.plan.model import Plan
from dealroom.room.content import FileRef, Heading
from dealroom.room.images import image_size
from dealroom.room.links import FILE_SCHEME, Links, Source
from dealroom.room.markdown import convert
from dealroom.room.sanitise import sanitise

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.pages import Page as MkDocsPage
    from mkdocs.structure.toc import AnchorLink

# A page's first heading is its title, which the room prints itself.
_TITLE = re.compile(r"\s*<h1[^>]*>(.*?)</h1>", re.DOTALL)

_TASK = re.compile(r'(<input type="checkbox"[^>]*>.*?)(?=</li>|</p>|<ul|<ol)', re.DOTALL)

# Silent reading of non-fiction in English: Brysbaert (2019), doi:10.1016/j.jml.2019.104047.
WORDS_A_MINUTE = 238

_SUMMARY_LENGTH = 180


@dataclass(frozen=True, slots=True)
class LoadedPage:
    """A page ready for a room. `file` is as in the plan; `files` are what it links to and shows."""

    file: str
    anchor: str
    title: str
    html: Markup
    summary: str
    words: int
    toc: tuple[Heading, ...]
    files: tuple[FileRef, ...]


def load_pages(
    folder: Path, plan: Plan, root: Path, *, extensions: Sequence[str | Mapping[str, Any]] = ()
) -> tuple[tuple[LoadedPage, ...], tuple[Diagnostic, ...]]:
    """Read and render the pages of the plan in `folder`; `root` is the workspace, from which diagnostics count.

    `extensions` are the settings' `markdown_extensions`, as in `mkdocs.yml`. A page that is missing or cannot be
    read is left out: the plan's reader reports missing files.
    """
    if not plan.pages:
        return (), ()
    diagnostics: list[Diagnostic] = []
    pages: list[tuple[WrittenPage, MkDocsPage, Source]] = []
    anchors: set[str] = set()
    for written in plan.pages:
        anchor = _unique(f"page-{_slug(written.file)}", anchors)
        name = (folder / written.file).relative_to(root).as_posix() if folder.is_relative_to(root) else written.file
        try:
            page, text = _read(folder, written)
        except UnicodeDecodeError as error:
            diagnostics.append(_not_utf8(name, error))
        except OSError:
            continue
        else:
            pages.append((written, page, Source(_uri(written.file), name, text, anchor, written.audience)))
    links = Links(plan, folder, {source.uri: source for _, _, source in pages})
    names = json.dumps(list(extensions))
    loaded = tuple(_render(written, page, source, links, names) for written, page, source in pages)
    links.check_anchors(
        {source.uri: _ids(page.html, source.anchor) for (_, _, source), page in zip(pages, loaded, strict=True)}
    )
    return loaded, (*diagnostics, *sorted(links.diagnostics, key=lambda found: found.place.line or 0))


def _read(folder: Path, written: WrittenPage) -> tuple[MkDocsPage, str]:
    from mkdocs.structure.files import File
    from mkdocs.structure.pages import Page
    from mkdocs.utils import meta

    file = File(_uri(written.file), str(folder), str(folder), use_directory_urls=False)
    # A page asks its configuration for the site's and the repository's address only, and a room has neither.
    page = Page(written.title, file, cast("MkDocsConfig", {}))
    text = file.content_string
    page.markdown, page.meta = meta.get_data(text)
    return page, text


def _render(written: WrittenPage, page: MkDocsPage, source: Source, links: Links, extensions: str) -> LoadedPage:
    from mkdocs.structure.toc import get_toc

    converted = convert(extensions, page.markdown or "")
    links.check_schemes(source, converted.html)
    prefix = f"{source.anchor}--"
    html = sanitise(converted.html, id_prefix=prefix, rewrite=partial(links.resolve, source))
    heading = _TITLE.match(html)
    title = Markup(heading[1]).striptags() if heading else None
    if written.title is None and title and "title" not in page.meta:
        page.title = title
    if heading:
        html = html[heading.end() :]
    files = tuple(links.files.get(source.uri, {}).values())
    html = _sealed(html, {file.ref: image_size(links.folder / file.path) for file in files if file.kind == "image"})
    text = Markup(html).striptags()
    toc = get_toc(converted.toc)
    items = [child for item in toc for child in (item.children if item.title == title else [item])]
    return LoadedPage(
        file=written.file,
        anchor=source.anchor,
        title=str(page.title or title or written.file),
        html=Markup(html),
        summary=_summary(html),
        words=len(text.split()),
        toc=tuple(_heading(item, prefix) for item in items),
        files=files,
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


def _uri(file: str) -> str:
    return Path(file).as_posix()


def _slug(file: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", file.removesuffix(".md").lower()).strip("-") or "page"


def _unique(name: str, taken: set[str]) -> str:
    number, candidate = 1, name
    while candidate in taken:
        number += 1
        candidate = f"{name}-{number}"
    taken.add(candidate)
    return candidate


def _not_utf8(file: str, error: UnicodeDecodeError) -> Diagnostic:
    line = error.object.count(b"\n", 0, error.start) + 1
    column = error.start - error.object.rfind(b"\n", 0, error.start)
    return Diagnostic(
        "not-utf-8", Severity.ERROR, "this page is not UTF-8 text", Place(file, line, column), "save it as UTF-8"
    )
