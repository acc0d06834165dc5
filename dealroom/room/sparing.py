"""Python-Markdown, spared the work that cannot find anything on a page. What it gives is the same.

It tries every one of its processors on every block, text and element, and most pages use few of them. What each looks
for has a sign, a few characters that are on every page which it changes; where they are missing it is not tried.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown, inlinepatterns
from markdown.treeprocessors import InlineProcessor
from markdown.util import ETX, STX, AtomicString, Registry

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

# Preprocessors, processors of blocks and processors of the tree by the names of `dealroom.room.markdown.EXTENSIONS` →
# what is on every page that they change. A tab becomes spaces first. HTML may bring any element.
_SIGNS_OF_STEPS = {
    "fenced_code_block": "```|~~~",
    "html_block": "[<&]",
    "admonition": "!!!",
    "markdown_block": "<",
    "details": r"\?\?\?",
    "indent": "    |\t",
    "defindent": r":[ \t]|<",
    "code": "    |\t",
    "table": r"\|",
    "hashheader": "#",
    "hr": r"(?:-[ \t]{0,2}){3}|(?:_[ \t]{0,2}){3}|(?:\*[ \t]{0,2}){3}",
    "olist": r"\d\.[ \t]",
    "ulist": r"[*+-][ \t]",
    "deflist": r":[ \t]",
    "quote": ">",
    "footnote": r"\[\^",
    "footnote-duplicate": r"\[\^|<",
    "reference": r"\]:",
    "task-list": r"\[[ xX\t]\]",
    "attr_list": r"\{",
    "unescape": r"\\",
}

# What other steps look for by name.
_CALLED = ("inline", "prettify")

_COMPILED_SIGNS = [(name, re.compile(sign)) for name, sign in _SIGNS_OF_STEPS.items()]


class SparingMarkdown(Markdown):
    """Python-Markdown with the extensions of `dealroom.room.markdown.EXTENSIONS` and no others."""

    def __init__(self, **options: Any) -> None:
        self._block_level: dict[object, bool] = {}
        super().__init__(**options)

    def convert(self, source: str) -> str:
        # These two are removed, which may bring the halves of a sign together.
        if STX in source or ETX in source:
            return super().convert(source)
        absent = {name for name, sign in _COMPILED_SIGNS if not sign.search(source)}
        every = self.preprocessors, self.parser.blockprocessors, self.treeprocessors
        self.preprocessors, self.parser.blockprocessors, self.treeprocessors = (
            _registry((name, step) for name, step in _named(steps) if name not in absent) for steps in every
        )
        try:
            return super().convert(source)
        finally:
            self.preprocessors, self.parser.blockprocessors, self.treeprocessors = every

    def is_block_level(self, tag: Any) -> bool:
        # Asked several hundred times a page, of a dozen tags.
        known = self._block_level.get(tag)
        if known is None:
            known = self._block_level[tag] = super().is_block_level(tag)
        return known


class SparingInline(InlineProcessor):
    """Python-Markdown's processor of inline patterns, spared the work that cannot find anything.

    It tries some twenty patterns on every cell, item and heading of a page, most of which are plain words. Looking for
    the patterns' signs first, in the page and then in each text, takes off a third to a half of a page's time.
    """

    def run(self, tree: Element, ancestors: list[str] | None = None) -> Element:
        page = "\n".join(tree.itertext())
        present = [(pattern, sign) for pattern, sign in self._signed if sign is None or re.search(sign, page)]
        self.inlinePatterns = _registry((str(number), pattern) for number, (pattern, _) in enumerate(present))
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


def _named(steps: Registry[Any]) -> list[tuple[str, Any]]:
    """The steps with their names, in the order in which they are taken."""
    names = {id(steps[name]): name for name in (*_SIGNS_OF_STEPS, *_CALLED) if name in steps}
    return [(names.get(id(step), str(number)), step) for number, step in enumerate(steps)]


def _registry(steps: Iterable[tuple[str, Any]]) -> Registry[Any]:
    registry: Registry[Any] = Registry()
    for number, (name, step) in enumerate(steps):
        registry.register(step, name, -number)
    return registry
