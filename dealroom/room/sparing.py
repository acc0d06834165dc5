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
    # Of footnotes, and of those that read emphasis and marks from their delimiters.
    r"\[\^([^\]]*)\]": r"\[",
    r"\*|_": "[*_]",
    r"=|\~": "[=~]",
}
# The same for the patterns of pymdownx.magiclink, by the names it registers them under.
_SIGNS_OF_MAGICLINK = {"autolink": "<", "magic-link": r"://|(?i:www\.)", "magic-mail": "@"}

# Preprocessors, processors of blocks and processors of the tree by the names of `dealroom.room.markdown.EXTENSIONS` →
# what is on every page that they change, as one of some texts or as a pattern, which takes longer to look for. A tab
# becomes spaces first. HTML may bring any element.
_SIGNS_OF_STEPS: dict[str, tuple[str, ...] | re.Pattern[str]] = {
    "fenced_code_block": ("```", "~~~"),
    "html_block": ("<", "&"),
    "admonition": ("!!!",),
    "markdown_block": ("<",),
    "details": ("???",),
    "indent": ("    ", "\t"),
    "defindent": (": ", ":\t", "<"),
    "code": ("    ", "\t"),
    "table": ("|",),
    "hashheader": ("#",),
    "hr": re.compile(r"[-_*][ \t]{0,2}[-_*][ \t]{0,2}[-_*]"),
    "olist": re.compile(r"\d\.[ \t]"),
    "ulist": ("- ", "* ", "+ ", "-\t", "*\t", "+\t"),
    "deflist": (": ", ":\t"),
    "quote": (">",),
    "footnote": ("[^",),
    "footnote-duplicate": ("[^", "<"),
    "reference": ("]:",),
    "task-list": re.compile(r"\[[ xX\t]\]"),
    "attr_list": ("{",),
    "unescape": ("\\",),
}

# What other steps look for by name.
_CALLED = ("inline", "prettify")

# Sets of steps that are remembered: a page takes one of a dozen, as people write.
_REMEMBERED = 100


class SparingMarkdown(Markdown):
    """Python-Markdown with the extensions of `dealroom.room.markdown.EXTENSIONS` and no others."""

    def __init__(self, **options: Any) -> None:
        self._block_level: dict[object, bool] = {}
        self._present: dict[frozenset[str], tuple[Registry[Any], ...]] = {}
        super().__init__(**options)

    def convert(self, source: str) -> str:
        # These two are removed, which may bring the halves of a sign together.
        if STX in source or ETX in source:
            return super().convert(source)
        absent = frozenset(name for name, sign in _SIGNS_OF_STEPS.items() if not _is_in(source, sign))
        every = self.preprocessors, self.parser.blockprocessors, self.treeprocessors
        if absent not in self._present:
            if len(self._present) == _REMEMBERED:
                self._present.clear()
            self._present[absent] = tuple(
                _registry((name, step) for name, step in _named(steps) if name not in absent) for steps in every
            )
        self.preprocessors, self.parser.blockprocessors, self.treeprocessors = self._present[absent]
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


# The patterns that may find something, the signs of those in one expression, and the expressions of those without one.
_Patterns = tuple[Registry[Any], re.Pattern[str], tuple[re.Pattern[str], ...]]


class SparingInline(InlineProcessor):
    """Python-Markdown's processor of inline patterns, spared the work that cannot find anything.

    It tries some twenty patterns on every cell, item and heading of a page, most of which are plain words. Looking for
    the patterns' signs first, in the page and then in each text, takes off a third to a half of a page's time.
    """

    def run(self, tree: Element, ancestors: list[str] | None = None) -> Element:
        page = "\n".join(tree.itertext())
        self.inlinePatterns, signs, others = self._among(
            tuple(not sign or bool(sign.search(page)) for sign in self._signs)
        )
        plain = [
            element
            for element in tree.iter()
            if type(text := element.text) is str
            and not signs.search(text)
            and not any(other.search(text) for other in others)
        ]
        for element in plain:
            element.text = AtomicString(element.text or "")
        super().run(tree, ancestors)
        # Later processors, of abbreviations for one, pass over what they take for code.
        for element in plain:
            element.text = str(element.text)
        return tree

    def _among(self, present: tuple[bool, ...]) -> _Patterns:
        """Those of the patterns that are `present`."""
        if present not in self._known:
            if len(self._known) == _REMEMBERED:
                self._known.clear()
            every = list(zip(self.md.inlinePatterns, self._signs, present, strict=True))
            signs = [sign.pattern for _, sign, is_there in every if sign and is_there]
            self._known[present] = (
                _registry((str(number), pattern) for number, (pattern, _, is_there) in enumerate(every) if is_there),
                # Python-Markdown writes \x02 before the number of what it has set aside.
                re.compile("|".join(dict.fromkeys(["\x02", *signs]))),
                tuple(pattern.getCompiledRegExp() for pattern, sign, _ in every if not sign),
            )
        return self._known[present]

    @cached_property
    def _known(self) -> dict[tuple[bool, ...], _Patterns]:
        return {}

    @cached_property
    def _signs(self) -> tuple[re.Pattern[str] | None, ...]:
        """The sign of every pattern, where that is known."""
        patterns = self.md.inlinePatterns
        signs = dict(_SIGNS)
        for name, sign in _SIGNS_OF_MAGICLINK.items():
            if name in patterns:
                signs[patterns[name].getCompiledRegExp().pattern] = sign
        written = [pattern.getCompiledRegExp().pattern for pattern in patterns]
        return tuple(re.compile(signs[pattern]) if pattern in signs else None for pattern in written)


def _is_in(source: str, sign: tuple[str, ...] | re.Pattern[str]) -> bool:
    if isinstance(sign, tuple):
        return any(text in source for text in sign)
    return sign.search(source) is not None


def _named(steps: Registry[Any]) -> list[tuple[str, Any]]:
    """The steps with their names, in the order in which they are taken."""
    names = {id(steps[name]): name for name in (*_SIGNS_OF_STEPS, *_CALLED) if name in steps}
    return [(names.get(id(step), str(number)), step) for number, step in enumerate(steps)]


def _registry(steps: Iterable[tuple[str, Any]]) -> Registry[Any]:
    registry: Registry[Any] = Registry()
    for number, (name, step) in enumerate(steps):
        registry.register(step, name, -number)
    return registry
