"""The Markdown of pages: which extensions it has, and one instance for all pages of a process."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown, inlinepatterns
from markdown.extensions import Extension
from markdown.extensions.toc import TocExtension, TocTreeprocessor, slugify_unicode
from markdown.treeprocessors import InlineProcessor
from markdown.util import AtomicString, Registry

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

# The regular expressions of inline patterns → what every text they match holds. Any other pattern, such as one of the
# settings' extensions, is asked by its own expression.
_SIGNS = {
    inlinepatterns.BACKTICK_RE: "`",
    inlinepatterns.ESCAPE_RE: r"\\",
    inlinepatterns.LINK_RE: r"\[",
    inlinepatterns.IMAGE_LINK_RE: r"\[",
    inlinepatterns.LINE_BREAK_RE: "  \n",
    inlinepatterns.AUTOMAIL_RE: "<",
    inlinepatterns.HTML_RE: "<",
    inlinepatterns.ENTITY_RE: "&",
}
# The same for the patterns of pymdownx.magiclink, by the names it registers them under.
_SIGNS_OF_MAGICLINK = {"autolink": "<", "magic-link": r"://|(?i:www\.)", "magic-mail": "@"}


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
    markdown = Markdown(extensions=known, extension_configs=options, output_format="html")
    # Looked through from its start, several hundred times a page.
    markdown.block_level_elements[:0] = ["p", "td", "li", "th", "tr"]
    inline = markdown.treeprocessors["inline"]
    # An extension that brings a processor of its own knows better.
    if type(inline) is InlineProcessor:
        markdown.treeprocessors.register(_SparingInline(markdown), "inline", 20)
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
        title, rest = toc_list[:1], toc_list[1:]
        if self._has_title and title and title[0]["level"] == 1:
            toc_list = [*title[0]["children"], *rest]
        return super().build_toc_div(toc_list)


class _Contents(TocExtension):
    TreeProcessorClass = _ContentsProcessor


class _SparingInline(InlineProcessor):
    """Python-Markdown's processor of inline patterns, spared the work that cannot find anything.

    It tries some twenty patterns on every cell, item and heading of a page, most of which are plain words. Looking for
    the patterns' signs first, in the page and then in each text, takes off a third to a half of a page's time.
    """

    def run(self, tree: Element, ancestors: list[str] | None = None) -> Element:
        page = "\n".join(tree.itertext())
        present = [(pattern, sign) for pattern, sign in self._signed if sign is None or re.search(sign, page)]
        self.inlinePatterns = _registry(pattern for pattern, _ in present)
        # Python-Markdown writes \x02 before the number of what it has set aside.
        signs = re.compile("|".join(dict.fromkeys(["\x02", *(sign for _, sign in present if sign)])))
        tests = [signs, *(pattern.getCompiledRegExp() for pattern, sign in present if sign is None)]
        plain = [
            element
            for element in tree.iter()
            if type(text := element.text) is str and not any(test.search(text) for test in tests)
        ]
        for element in plain:
            element.text = AtomicString(element.text or "")
        super().run(tree, ancestors)
        # Later processors, of abbreviations for one, pass over what they take for code.
        for element in plain:
            element.text = str(element.text)
        return tree

    @cached_property
    def _signed(self) -> list[tuple[inlinepatterns.Pattern, str | None]]:
        """Every pattern with its sign, where that is known."""
        patterns = self.md.inlinePatterns
        signs = dict(_SIGNS)
        for name, sign in _SIGNS_OF_MAGICLINK.items():
            if name in patterns:
                signs[patterns[name].getCompiledRegExp().pattern] = sign
        return [(pattern, signs.get(pattern.getCompiledRegExp().pattern)) for pattern in patterns]


def _registry(patterns: Iterable[inlinepatterns.Pattern]) -> Registry[Any]:
    registry: Registry[Any] = Registry()
    for number, pattern in enumerate(patterns):
        registry.register(pattern, str(number), -number)
    return registry
