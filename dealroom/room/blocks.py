"""Blocks of a page that are for some of its readers: from `::: {audience=cfo}` to `:::`, like Pandoc's fenced divs.

A line that begins with three colons is a fence wherever it stands, save inside fenced code: what was meant to hide
something must never be shown for having been written a little differently, so all that looks like it is told.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from markdown.extensions.fenced_code import FencedBlockPreprocessor

from dealroom.diagnostics import Diagnostic, Place, error
from dealroom.diagnostics.wording import did_you_mean, quoted

# A block's own audience, its terms in order.
Terms = tuple[str, ...]
# Who sees a block: whoever is in each of these, from that of the outermost block around it to its own.
Chain = tuple[Terms, ...]
# What is wrong with a term of an audience, as message and hint; `None` when nothing is.
TermFault = Callable[[str], tuple[str, str] | None]

_FENCE = re.compile(r"[ \t]*:{3,}")
_BRACES = re.compile(r"[ \t]*:{3,}[ \t]*\{([^{}]*)\}[ \t:]*$")
_CLOSING = re.compile(r"[ \t]*:{3,}[ \t]*$")
_ATTRIBUTE = re.compile(r"""[\s,]*([^\s=,"'\[\]]+)(?:\s*=\s*("[^"]*"|'[^']*'|\[[^\]]*\]|[^\s"'\[\]]+))?""")
_TERM = re.compile(r"[^\s,]+")
# An audience where it hides nothing: on a heading, a paragraph or a tag, in a quotation, behind a list's mark.
_STRAY = re.compile(r"""(?:\{|<\w)[^{}<>]*?\baudience\s*=""")
_CODE_SPAN = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)")
# Inside lists, where Python-Markdown knows no fenced code by itself but readers of the source do.
_INDENTED_CODE = re.compile(r"^([ \t]+)(`{3,}|~{3,})[^`\n]*\n(?:.*\n)*?\1\2[ \t]*$", re.MULTILINE)

# A page without one of these holds no block, and nothing that looks like one.
SIGN = re.compile(r":::|audience\s*=")

_HOW = "write `::: {audience=ID}` on a line of its own, and `:::` below what is for that person"


@dataclass(frozen=True, slots=True)
class Block:
    """Part of a page, from the line of its opening fence to that of its closing one, both counted from 0."""

    chain: Chain
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Marked:
    """A page's Markdown without its front matter, line by line, with its blocks in the order in which they open.

    `first_line` is the line of the file at which it begins, counted from 1. `code` are the lines of fenced code.
    """

    file: str
    lines: tuple[str, ...]
    first_line: int
    blocks: tuple[Block, ...] = ()
    code: frozenset[int] = frozenset()
    diagnostics: tuple[Diagnostic, ...] = field(default=(), compare=False)

    def place(self, line: int, start: int, end: int) -> Place:
        """Where the characters from `start` to `end` of a line stand in the file."""
        return Place(self.file, self.first_line + line, start + 1, end + 1, self.lines[line])


def mark(file: str, body: str, first_line: int, fault_of: TermFault) -> Marked:
    """Find the blocks of a page. `body` is its Markdown, which begins at `first_line` of `file`."""
    lines = tuple(body.split("\n"))
    if not SIGN.search(body):
        return Marked(file, lines, first_line)
    reader = _Reader(Marked(file, lines, first_line, code=frozenset(_code(body))), fault_of)
    for number, line in enumerate(lines):
        if number not in reader.page.code:
            reader.read(number, line)
    reader.end()
    blocks = tuple(sorted(reader.blocks, key=lambda block: block.first))
    found = tuple(reader.diagnostics)
    return Marked(file, lines, first_line, blocks, reader.page.code, found)


@dataclass(slots=True)
class _Reader:
    """Reads a page line by line, and keeps which blocks are open: the line and the audience of each."""

    page: Marked
    fault_of: TermFault
    open: list[tuple[int, Terms]] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)

    def read(self, number: int, line: str) -> None:
        if not _FENCE.match(line):
            self._look_for_strays(number, line)
        elif _CLOSING.match(line):
            self._close(number, line)
        elif braces := _BRACES.match(line):
            self.open.append((number, self._audience(number, braces)))
        else:
            # Taken as an opening all the same, so that its end is not told as well.
            self.open.append((number, ()))
            self._tell("invalid-block", number, line, "this begins no block", _HOW)

    def end(self) -> None:
        """The page ends here."""
        last = len(self.page.lines) - 1
        for number, _ in self.open:
            line = self.page.lines[number]
            hint = "write `:::` below the last line that is for this audience"
            self._tell("unclosed-block", number, line, "this block is never closed", hint)
        while self.open:
            self._add(last)

    def _close(self, number: int, line: str) -> None:
        if self.open:
            self._add(number)
        else:
            hint = f"remove it, or {_HOW}"
            self._tell("invalid-block", number, line, "this closes no block", hint)

    def _add(self, last: int) -> None:
        chain = tuple(terms for _, terms in self.open)
        self.blocks.append(Block(chain, self.open.pop()[0], last))

    def _audience(self, number: int, braces: re.Match[str]) -> Terms:
        """Who a block is for. An audience that cannot be understood is nobody's."""
        start, end = braces.span(1)
        line, terms = self.page.lines[number], set[str]()
        while line[start:end].strip(" \t,"):
            attribute = _ATTRIBUTE.match(line, start, end)
            if attribute is None:
                at = start + len(line[start:end]) - len(line[start:end].lstrip(" \t,"))
                self._tell_at("invalid-block", (number, at, end), f"{quoted(line[at:end])} cannot be read here", _HOW)
                return ()
            terms.update(self._attribute(number, attribute))
            start = attribute.end()
        if not terms and not any(found.place.line == self.page.first_line + number for found in self.diagnostics):
            self._tell("missing-value", number, line, "this block names nobody", "write `{audience=ID}`")
        return tuple(sorted(terms))

    def _attribute(self, number: int, attribute: re.Match[str]) -> Iterator[str]:
        name, value = attribute[1], attribute[2]
        if name != "audience":
            message = f"a block has no {quoted(name)}"
            hint = did_you_mean(name, ["audience"], "a block has only an audience: `{audience=ID}`")
            self._tell_at("unknown-key", (number, *attribute.span(1)), message, hint)
            return
        for term in _TERM.finditer((value or "").strip("\"'[]")):
            start = attribute.start(2) + (value[0] in "\"'[") + term.start()
            # `[dana, "role:legal"]`, as it is written in plan.yml.
            id = term[0].strip("\"'")
            if fault := self.fault_of(id):
                self._tell_at("dangling-id", (number, start, start + len(term[0])), *fault)
            yield id

    def _look_for_strays(self, number: int, line: str) -> None:
        prose = _CODE_SPAN.sub(lambda span: " " * len(span[0]), line)
        if stray := _STRAY.search(prose):
            self._tell_at("invalid-block", (number, *stray.span()), "an audience here hides nothing", _HOW)

    def _tell(self, code: str, number: int, line: str, message: str, hint: str) -> None:
        self._tell_at(code, (number, len(line) - len(line.lstrip()), len(line.rstrip())), message, hint)

    def _tell_at(self, code: str, span: tuple[int, int, int], message: str, hint: str | None) -> None:
        self.diagnostics.append(error(code, message, self.page.place(*span), hint))


def _code(body: str) -> Iterator[int]:
    """The lines of fenced code: what Python-Markdown takes for it, and what is indented with a list."""
    for pattern in (FencedBlockPreprocessor.FENCED_BLOCK_RE, _INDENTED_CODE):
        for block in pattern.finditer(body):
            yield from range(body.count("\n", 0, block.start()), body.count("\n", 0, block.end()) + 1)


def seen_chains(blocks: Sequence[Block], sees: Callable[[Terms], bool]) -> frozenset[Chain]:
    """The audiences of those blocks that someone sees who is in an audience when `sees` says so."""
    return frozenset(block.chain for block in blocks if all(sees(terms) for terms in block.chain))
