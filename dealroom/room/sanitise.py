"""What HTML a page may hold. Everything else is dropped: scripts, handlers, styles, forms, frames, foreign classes.

The policy is an allow-list for nh3 (ammonia). Ids get a prefix, so that nothing in a page can pose as a part of
the room around it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import nh3

_TEXT = {"a", "abbr", "b", "br", "cite", "code", "del", "dfn", "em", "i", "ins", "kbd", "mark", "q", "s", "samp"}
_MORE_TEXT = {"small", "span", "strong", "sub", "sup", "time", "u", "var", "wbr"}
_BLOCKS = {"blockquote", "dd", "details", "div", "dl", "dt", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6"}
_MORE_BLOCKS = {"hr", "li", "ol", "p", "pre", "section", "summary", "ul"}
_TABLES = {"caption", "col", "colgroup", "table", "tbody", "td", "tfoot", "th", "thead", "tr"}
_OTHERS = {"img", "input"}
TAGS = _TEXT | _MORE_TEXT | _BLOCKS | _MORE_BLOCKS | _TABLES | _OTHERS

ATTRIBUTES = {
    "*": {"class", "dir", "id", "lang", "title"},
    "a": {"href"},
    "abbr": {"title"},
    "col": {"span"},
    "colgroup": {"span"},
    "details": {"open"},
    "img": {"alt", "src"},
    "input": {"checked", "disabled", "type"},
    "li": {"value"},
    "ol": {"reversed", "start", "type"},
    "td": {"align", "colspan", "rowspan"},
    "th": {"align", "colspan", "rowspan", "scope"},
    "time": {"datetime"},
}

# The classes that Markdown's extensions give and the base theme styles, and a few for sellers (`{.lead}`).
_ADMONITIONS = {
    "abstract",
    "bug",
    "danger",
    "example",
    "failure",
    "info",
    "note",
    "question",
    "quote",
    "success",
    "tip",
    "warning",
}
_EXTENSIONS = {"admonition", "admonition-title", "footnote", "footnote-backref", "footnote-ref"}
_TASKS = {"task-list", "task-list-control", "task-list-indicator", "task-list-item"}
_SELLERS = {"lead", "wide", "columns"}
CLASSES = _ADMONITIONS | _EXTENSIONS | _TASKS | _SELLERS

LINK_SCHEMES = {"http", "https", "mailto", "tel"}

Rewrite = Callable[[str, str], str | None]


@dataclass(frozen=True, slots=True)
class _Cleaned:
    """A page as it was cleaned: its links and images in order, the address that each was given, and what came of it."""

    asked: tuple[tuple[str, str], ...]
    addresses: tuple[str | None, ...]
    html: str


# While a plan is edited its pages stay as they are: this many are remembered, which is more than one plan has.
@lru_cache(maxsize=32)
def _before(_html: str, _id_prefix: str) -> list[_Cleaned]:
    """How this page was cleaned last; empty before the first time."""
    return []


def sanitise(html: str, *, id_prefix: str, rewrite: Rewrite) -> str:
    """`html` with what the policy allows. `rewrite(tag, url)` gives each link's and image's new address, or `None`.

    It is called once for each, in order. A page that was cleaned before is cleaned again only when one of them leads
    elsewhere now.
    """
    before = _before(html, id_prefix)
    if not before:
        asked: list[tuple[str, str]] = []
        given: list[str | None] = []

        def note(tag: str, url: str) -> str | None:
            asked.append((tag, url))
            given.append(rewrite(tag, url))
            return given[-1]

        clean = _clean(html, id_prefix, note)
        before[:] = [_Cleaned(tuple(asked), tuple(given), clean)]
        return clean
    last = before[0]
    addresses = tuple(rewrite(tag, url) for tag, url in last.asked)
    if addresses == last.addresses:
        return last.html
    following = iter(addresses)
    clean = _clean(html, id_prefix, lambda _tag, _url: next(following))
    before[:] = [_Cleaned(last.asked, addresses, clean)]
    return clean


def _clean(html: str, id_prefix: str, rewrite: Rewrite) -> str:
    def attribute(tag: str, name: str, value: str) -> str | None:
        if name == "class":
            return " ".join(word for word in value.split() if word in CLASSES) or None
        if name in {"href", "src"}:
            return rewrite(tag, value)
        if tag == "input" and name == "type":
            return "checkbox"
        return value

    return nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=attribute,
        url_schemes=LINK_SCHEMES,
        link_rel="noopener noreferrer",
        id_prefix=id_prefix,
        # A box that is ticked shows a state; nobody can tick it in the page.
        set_tag_attribute_values={"input": {"type": "checkbox", "disabled": ""}},
    )
