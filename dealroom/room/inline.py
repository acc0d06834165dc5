"""Inline Markdown for the short texts of a plan: emphasis, code and links, and nothing else.

A text goes through Python-Markdown's inline patterns alone, so `# 1` or `- x` stay as written, HTML is shown, not
obeyed, and what comes out is sanitised all the same.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from xml.etree.ElementTree import Element, SubElement

import nh3
from markdown import Markdown
from markdown.treeprocessors import InlineProcessor, Treeprocessor
from markupsafe import Markup, escape

from dealroom.room.strain import strained

_TAGS = {"a", "br", "code", "em", "strong"}
_LINK_SCHEMES = {"http", "https", "mailto"}

# Images and references need a page around them; raw HTML is never taken from a short text.
_PATTERNS_OF_PAGES = ("html", "image_link", "image_reference", "reference", "short_image_ref", "short_reference")

# Without one of these a text holds no Markdown, and escaping is all it needs.
_MARKDOWN = re.compile(r"[*_`\[<\\&\n\x02\x03]")

_MARKUP = re.compile("[<>&]")

# The space between a number and its unit or sign: a line that begins with `%` is read as a mistake. It begins with the
# space itself, since a regular expression finds a first character much faster than what stands before it.
_UNIT_APART = re.compile(
    r" (?:(?<=\d )(?=(?:%|‰|°[CF]?|€|\$|£|¥|[kMGT]?B|[kcm]?m|km/h|k?g|t|ml|l|h|min|s|ms|d|days?|weeks?|hours?|minutes?|"
    r"EUR|USD|GBP|CHF|Mio\.|Mrd\.|million|billion|x)(?![\w°%]))|(?:(?<=[€$£¥] )|(?<=(?:EUR|USD|GBP|CHF) ))(?=\d))"
)

# Python-Markdown marks its own placeholders with these; a text that holds them could conjure up another's.
_PLACEHOLDER_MARKS = str.maketrans("", "", "\x02\x03")

# The short texts of some hundred plans.
_REMEMBERED = 50_000


@lru_cache(maxsize=_REMEMBERED)
def inline(text: str) -> Markup:
    """`text` as safe HTML. A blank line becomes a line break. What would take minutes to read stays as written."""
    text = bound(text)
    if not _MARKDOWN.search(text) or strained(text.split("\n")):
        return escape(text)
    html = _converted(re.sub(r"\n\s*\n\s*", "  \n", text.translate(_PLACEHOLDER_MARKS).strip()))
    return Markup(
        nh3.clean(
            html,
            tags=_TAGS,
            attributes={"a": {"href", "title"}},
            url_schemes=_LINK_SCHEMES,
            link_rel="noopener noreferrer",
            set_tag_attribute_values={"a": {"target": "_blank"}},
        )
    )


@lru_cache(maxsize=_REMEMBERED)
def label(text: str) -> Markup:
    """`text` as safe HTML without links: for what is itself a link or can be opened."""
    html = inline(text)
    # Nothing to remove, and no character that nh3 writes in another way.
    if html.isprintable() and not _MARKUP.search(html):
        return html
    return Markup(nh3.clean(html, tags=_TAGS - {"a"}, attributes={}))


@lru_cache(maxsize=_REMEMBERED)
def plain(text: str) -> str:
    """`text` as a person would read it aloud: for titles, labels and file names."""
    if not _MARKDOWN.search(text):
        return bound(text)
    return " ".join(Markup(inline(text).replace("<br>", " ")).striptags().split())


def bound(text: str) -> str:
    """`text` with each number and the unit after it, as in `96.5 %`, on one line."""
    return _UNIT_APART.sub("\u00a0", text)


@cache
def _markdown() -> Markdown:
    markdown = Markdown(output_format="html")
    for name in _PATTERNS_OF_PAGES:
        markdown.inlinePatterns.deregister(name)
    return markdown


def _converted(text: str) -> str:
    markdown = _markdown()
    root = Element("div")
    SubElement(root, "p").text = text
    for name in ("inline", "unescape"):
        processor: Treeprocessor | InlineProcessor = markdown.treeprocessors[name]
        processor.run(root)
    html = markdown.serializer(root[0])
    for postprocessor in markdown.postprocessors:
        html = postprocessor.run(html)
    markdown.reset()
    return html.strip().removeprefix("<p>").removesuffix("</p>")
