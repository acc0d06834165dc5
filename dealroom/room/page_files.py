"""The Markdown files of a plan's pages, read as mkdocs reads them, and which blocks they hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from dealroom.plan.model import Plan
from dealroom.plan.references import person_fault
from dealroom.plan.room_parts import Page as WrittenPage
from dealroom.room.blocks import SIGN, Chain, Marked, mark

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import File
    from mkdocs.structure.pages import Page as MkDocsPage


@dataclass(frozen=True)
class PageFile:
    """A page as it lies on the disk. `name` is its path for diagnostics, `uri` its path in the plan's folder."""

    written: WrittenPage
    file: File
    name: str
    text: str

    @property
    def uri(self) -> str:
        return uri_of(self.written.file)

    @cached_property
    def front_matter(self) -> tuple[str, Mapping[str, Any]]:
        """The Markdown without its front matter, and the front matter."""
        from mkdocs.utils import meta

        return meta.get_data(self.text)

    def marked(self, plan: Plan) -> Marked:
        """The Markdown with its blocks."""
        body = self.front_matter[0]
        first_line = 1 + self.text.count("\n") - body.count("\n")
        return mark(self.name, body, first_line, lambda term: person_fault(plan.stakeholders, term))

    def page(self, markdown: str) -> MkDocsPage:
        """mkdocs's page of what some readers see of it, for its title."""
        from mkdocs.structure.pages import Page

        # A page asks its configuration for the site's and the repository's address only, and a room has neither.
        page = Page(self.written.title, self.file, cast("MkDocsConfig", {}))
        page.markdown, page.meta = markdown, dict(self.front_matter[1])
        return page


def read_page(folder: Path, written: WrittenPage, name: str) -> PageFile:
    """Read a page of the plan in `folder`; diagnostics call it `name`. Raises OSError and UnicodeDecodeError."""
    from mkdocs.structure.files import File

    file = File(uri_of(written.file), str(folder), str(folder), use_directory_urls=False)
    return PageFile(written, file, name, file.content_string)


def blocks_of_pages(folder: Path, plan: Plan) -> Mapping[str, frozenset[Chain]]:
    """The restricted blocks of the plan's pages, by the page's file. Pages that cannot be read have none."""
    marked = [page for page in plan.pages if SIGN.search(_text(folder / page.file))]
    pages = (read_page(folder, page, page.file) for page in marked)
    return chains_by_file((page.written.file, page.marked(plan)) for page in pages)


def chains_by_file(pages: Iterable[tuple[str, Marked]]) -> Mapping[str, frozenset[Chain]]:
    """The chains of the blocks of these pages, of those that have any."""
    return {file: frozenset(block.chain for block in page.blocks) for file, page in pages if page.blocks}


def uri_of(file: str) -> str:
    return Path(file).as_posix()


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return ""
