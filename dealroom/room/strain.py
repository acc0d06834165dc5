"""What Python-Markdown would take minutes over: found before it is asked to read a page.

It looks from each opening bracket for the closing one, to the end of the paragraph, so also for the end of a link's
address, and from each `<` for the end of the tag. Where thousands are open, as in a pasted dump or a file that is no
text, that is quadratic.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

# Both take half a second then; twice as many take four times as long.
MOST_BRACKETS = 1_000
MOST_TAGS = 2_000

_BRACKET = re.compile(r"[\[\]]")
_ADDRESS = re.compile(r"(?<=\])\(|\)")
_TAG = re.compile(r"<(?=[A-Za-z/!?])|>")


def strained(lines: Sequence[str]) -> tuple[int, int, str] | None:
    """The first place of a page at which too much is open: the line, counted from 0, the column, and what it is."""
    for what, opening, signs, most, ends_with_paragraph in (
        ("brackets", "[", _BRACKET, MOST_BRACKETS, True),
        ("addresses of links", "(", _ADDRESS, MOST_BRACKETS, True),
        ("tags", "<", _TAG, MOST_TAGS, False),
    ):
        # Nearly every page has fewer of them than may be open.
        if sum(line.count(opening) for line in lines) <= most:
            continue
        open_now = 0
        for number, line in enumerate(lines):
            if ends_with_paragraph and not line.strip():
                open_now = 0
            for sign in signs.finditer(line):
                open_now = open_now + 1 if sign[0] == opening else max(0, open_now - 1)
                if open_now > most:
                    return number, sign.start(), what
    return None


def deepest(lines: Sequence[str]) -> int:
    """The line, counted from 0, on which most seems to be nested: a page that cannot be read must be told somewhere."""
    return max(range(len(lines)), key=lambda number: (_indent(lines[number]), -number))


def _indent(line: str) -> int:
    """How many characters of lists, quotes and boxes a line begins with."""
    return len(line) - len(line.lstrip(" \t-*+>:!?.)0123456789"))
