"""What of a page's Markdown someone sees, as if the blocks that are not for them had never been written. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from dealroom.diagnostics import Diagnostic, error
from dealroom.diagnostics.wording import quoted
from dealroom.room.blocks import Chain, Marked

# Rows of a table and items of a list, which a blank line between them would part.
_ROW = re.compile(r"[ \t]*\|")
_ITEM = re.compile(r"[ \t]*(?:[-*+]|\d+\.)[ \t]")
_NUMBERED = re.compile(r"([ \t]*)(\d+)(\.[ \t].*)", re.DOTALL)

# `[^note]: …` and `[label]: address`, as Python-Markdown finds them, and what may lead to either.
_NOTE = re.compile(r" {0,3}\[(\^[^\]]*)\]:")
_DEFINITION = re.compile(r" {0,3}\[([^\]]+)\]:")
_REFERENCE = re.compile(r"\[([^\[\]]+)\]")


# A line's number and what it says.
Line = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Markdown, and for each line of it the line of the page that it was, counted from 0."""

    lines: tuple[str, ...]
    numbers: tuple[int, ...]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


def excerpt(page: Marked, seen: Collection[Chain]) -> Excerpt:
    """The page without fences, without the blocks whose chain is not in `seen`, and without the notes of those."""
    if not page.blocks:
        return Excerpt(page.lines, tuple(range(len(page.lines))))
    everything = {block.chain for block in page.blocks}
    kept, whole = (list(_joined(page, _shown(page, chains))) for chains in (seen, everything))
    dropped = _notes_in_use(page, whole) - _notes_in_use(page, kept)
    gone = {number for label, lines in _notes(page, kept).items() if label in dropped for number, _ in lines}
    kept = [(number, line) for number, line in kept if number not in gone]
    return Excerpt(tuple(line for _, line in kept), tuple(number for number, _ in kept))


def check_definitions(page: Marked, shown: Excerpt) -> Iterator[Diagnostic]:
    """Notes and links in what is shown whose definition is in a block that is not."""
    hidden = set(range(len(page.lines))).difference(shown.numbers)
    here = {match[1].lower() for line in shown.lines if (match := _DEFINITION.match(line))}
    there = {match[1].lower() for number in hidden if (match := _DEFINITION.match(page.lines[number]))}
    missing = there - here
    for number in shown.numbers if missing else ():
        for reference in _REFERENCE.finditer(page.lines[number]) if number not in page.code else ():
            if reference[1].lower() in missing:
                message = f"{quoted(reference[0])} is written in a block that some readers of this do not see"
                hint = "write it outside of the block, or refer to it only in there"
                yield error("hidden-link", message, page.place(number, *reference.span()), hint)


def _shown(page: Marked, seen: Collection[Chain]) -> list[bool]:
    """Of each line whether it is shown."""
    shown = [True] * len(page.lines)
    for block in page.blocks:
        shown[block.first] = shown[block.last] = False
        if block.chain not in seen:
            shown[block.first : block.last + 1] = [False] * (block.last + 1 - block.first)
    return shown


def _joined(page: Marked, shown: Sequence[bool]) -> Iterator[Line]:
    """The lines that are shown with their numbers, and a blank one where others were."""
    last, gap = "", list[int]()
    number_before: tuple[str, str] | None = None
    for number, line in enumerate(page.lines):
        if not shown[number]:
            gap.append(number)
            continue
        if gap:
            if not _belong_together(last, line):
                yield gap[0], ""
            number_before = number_before or _number_of_hidden_list(page, gap)
            gap = []
        if line.strip():
            yield number, _renumbered(line, number_before)
            number_before, last = None, line
        else:
            yield number, line
            last = ""


def _belong_together(line: str, other: str) -> bool:
    return any(kind.match(line) and kind.match(other) for kind in (_ROW, _ITEM))


def _number_of_hidden_list(page: Marked, gap: Sequence[int]) -> tuple[str, str] | None:
    """Indentation and number of the first item, where a numbered list begins with what is hidden."""
    lines = (page.lines[number] for number in gap)
    first = next((line for line in lines if line.strip() and not line.lstrip().startswith(":::")), "")
    match = _NUMBERED.fullmatch(first)
    return (match[1], match[2]) if match else None


def _renumbered(line: str, before: tuple[str, str] | None) -> str:
    """The first item that is shown of a numbered list takes the number of the first one there was."""
    match = _NUMBERED.fullmatch(line) if before else None
    if before is None or match is None or match[1] != before[0] or int(match[2]) < int(before[1]):
        return line
    return f"{match[1]}{before[1]}{match[3]}"


def _notes(page: Marked, lines: Sequence[Line]) -> dict[str, list[Line]]:
    """The lines of each footnote: to the end of its paragraph, and what is indented below it."""
    notes: dict[str, list[Line]] = {}
    label, after_blank = "", False
    for number, line in lines:
        note = None if number in page.code else _NOTE.match(line)
        if note:
            label = note[1]
        elif after_blank and line.strip() and not line.startswith(("    ", "\t")):
            label = ""
        after_blank = not line.strip()
        if label:
            notes.setdefault(label, []).append((number, line))
    return notes


def _notes_in_use(page: Marked, lines: Sequence[Line]) -> set[str]:
    """The footnotes that the text in these lines leads to, and the notes of those."""
    notes = _notes(page, lines)
    inside = {number for note in notes.values() for number, _ in note}
    in_use: set[str] = set()
    waiting = _references((number, line) for number, line in lines if number not in inside)
    while waiting:
        label = waiting.pop()
        if label in notes and label not in in_use:
            in_use.add(label)
            waiting |= _references(notes[label])
    return in_use


def _references(lines: Iterable[Line]) -> set[str]:
    texts = [_NOTE.sub("", line) for _, line in lines]
    return {match[1] for text in texts for match in _REFERENCE.finditer(text) if match[1].startswith("^")}
