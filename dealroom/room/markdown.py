"""The Markdown of pages: which extensions it has, and one instance for all pages of a process."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.extensions.toc import TocExtension, TocTreeprocessor, slugify_unicode
from markdown.treeprocessors import InlineProcessor

from dealroom.room.sparing import SparingInline, SparingMarkdown

# mkdocs's own defaults (toc, tables, fenced_code), and those that its themes made sellers expect.
EXTENSIONS = (
    "admonition",
    "attr_list",
    "def_list",
    "fenced_code",
    "footnotes",
    "md_in_html",
    "sane_lists",
    "tables",
    "toc",
    "pymdownx.details",
    "pymdownx.magiclink",
    "pymdownx.mark",
    "pymdownx.tasklist",
    "pymdownx.tilde",
)

# A line with this alone is where a page's table of contents goes.
CONTENTS = "[TOC]"

# No extensions of the settings, as `markdown_for` is given them.
NO_EXTENSIONS = "[]"


@lru_cache(maxsize=4)
def markdown_for(extensions: str, *, contents: bool = True) -> Markdown:
    """The instance for these `markdown_extensions` (as JSON, since the names and options of extensions are data).

    With `contents` a page may ask for its table of contents; looking where it does takes a twentieth of its time.
    """
    names = list(EXTENSIONS)
    options: dict[str, dict[str, Any]] = {
        "toc": {"slugify": slugify_unicode, "marker": CONTENTS if contents else ""},
        # A `style` attribute would be dropped, and the columns' alignment with it.
        "tables": {"use_align_attribute": True},
    }
    for extension in json.loads(extensions):
        for name, given in (extension if isinstance(extension, dict) else {extension: None}).items():
            names.append(name)
            options[name] = {**options.get(name, {}), **(given or {})}
    known: list[str | Extension] = list(dict.fromkeys(names))
    known[known.index("toc")] = _Contents(**options.pop("toc"))
    # What other extensions look for has no known sign.
    kind = SparingMarkdown if extensions == NO_EXTENSIONS else Markdown
    markdown = kind(extensions=known, extension_configs=options, output_format="html")
    inline = markdown.treeprocessors["inline"]
    # An extension that brings a processor of its own knows better.
    if type(inline) is InlineProcessor:
        markdown.treeprocessors.register(SparingInline(markdown), "inline", 20)
    return markdown


@dataclass(frozen=True, slots=True)
class Converted:
    """A page as Markdown gives it: HTML that is not sanitised yet, and the tokens of its table of contents."""

    html: str
    toc: list[Any]


def convert(extensions: str, text: str) -> Converted:
    """The HTML of a page. `extensions` are as in `markdown_for`."""
    # An extension of the settings' own may read other files, so that the same text gives something else next time.
    return _converted_before(text) if extensions == NO_EXTENSIONS else _convert(extensions, text)


# While a plan is edited its pages stay as they are: this many are remembered, which is more than one plan has.
@lru_cache(maxsize=32)
def _converted_before(text: str) -> Converted:
    return _convert(NO_EXTENSIONS, text)


def _convert(extensions: str, text: str) -> Converted:
    markdown = markdown_for(extensions, contents=CONTENTS in text)
    html = markdown.reset().convert(text)
    return Converted(html, getattr(markdown, "toc_tokens", []))


class _ContentsProcessor(TocTreeprocessor):
    """Python-Markdown's table of contents, without the page's title: the room prints that above the page."""

    def run(self, doc: Element) -> None:
        self._has_title = len(doc) > 0 and doc[0].tag == "h1"
        super().run(doc)

    def build_toc_div(self, toc_list: list[Any]) -> Element:
        if not self.marker:
            # It goes nowhere on this page.
            return Element("div")
        title, rest = toc_list[:1], toc_list[1:]
        if self._has_title and title and title[0]["level"] == 1:
            toc_list = [*title[0]["children"], *rest]
        return super().build_toc_div(toc_list)


class _Contents(TocExtension):
    TreeProcessorClass = _ContentsProcessor
