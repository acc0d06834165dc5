"""Diagnostics as text: `full` for a person, `concise` for an editor or grep, `json` for a program.

The three say the same; none prints. Colours are ANSI, and the caller decides whether they are wanted.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from dealroom.diagnostics import Diagnostic, Place, Severity

# Longer source lines are cut to the part round the span, so that line and caret stay together on a terminal.
WIDEST_LINE = 100
# What stays visible before the span of a line that is cut.
LEAD = 30
TAB = "    "

_BOLD, _RED, _YELLOW, _BLUE, _CYAN, _RESET = (f"\x1b[{number}m" for number in ("1", "1;31", "1;33", "1;34", "36", "0"))
_SEVERITY_COLOURS = {Severity.ERROR: _RED, Severity.WARNING: _YELLOW}

# Unicode's bidirectional controls change how the rest of a line is shown: a way to hide what is there.
_DIRECTION_CONTROLS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True, slots=True)
class _Paint:
    colour: bool

    def __call__(self, code: str, text: str) -> str:
        return f"{code}{text}{_RESET}" if self.colour and text else text


def render_full(diagnostics: Iterable[Diagnostic], *, colour: bool = False) -> str:
    """Each finding with its source line and a caret under the span, a blank line between two."""
    paint = _Paint(colour)
    return "\n".join(_full(diagnostic, paint) for diagnostic in diagnostics)


def render_concise(diagnostics: Iterable[Diagnostic], *, colour: bool = False) -> str:
    """`file:line:column: error[code] message`, one line a finding."""
    paint = _Paint(colour)
    return "".join(
        f"{paint(_BOLD, visible(str(each.place)))}: "
        f"{paint(_SEVERITY_COLOURS[each.severity], f'{each.severity}[{each.code}]')} {visible(each.message)}\n"
        for each in diagnostics
    )


def render_json(diagnostics: Iterable[Diagnostic]) -> str:
    """A list of objects: `code`, `severity`, `message`, `file`, `line`, `column`, `end_column`, `hint`."""
    text = json.dumps([as_json(each) for each in diagnostics], indent=2, ensure_ascii=False) + "\n"
    # Bytes of a file's name that are no text are escaped, as JSON can.
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def as_json(diagnostic: Diagnostic) -> dict[str, str | int | None]:
    """One finding as an object of JSON. Lines and columns count from 1; `null` stands for the whole file."""
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity.value,
        "message": diagnostic.message,
        "file": diagnostic.place.file,
        "line": diagnostic.place.line,
        "column": diagnostic.place.column,
        "end_column": diagnostic.place.end_column,
        "hint": diagnostic.hint,
    }


def visible(text: str) -> str:
    """`text` as it may go to a terminal: nothing in it moves the cursor, colours or reorders what follows."""
    if text.isprintable():
        return text
    return "".join(_visible_character(character) for character in text)


def _visible_character(character: str) -> str:
    if character.isprintable() or character in {"\u200d", "\ufe0f"}:
        return character
    if character == "\t":
        return TAB
    # A file's name can hold bytes that are no text (surrogates), which no stream can write.
    hidden = unicodedata.category(character) in {"Cc", "Cs"} or character in _DIRECTION_CONTROLS
    return (
        f"<U+{ord(character):04X}>" if hidden else " " if unicodedata.category(character).startswith("Z") else character
    )


def _full(diagnostic: Diagnostic, paint: _Paint) -> str:
    severity = paint(_SEVERITY_COLOURS[diagnostic.severity], f"{diagnostic.severity}[{diagnostic.code}]")
    lines = [f"{severity}: {paint(_BOLD, visible(diagnostic.message))}"]
    place = diagnostic.place
    number = str(place.line) if place.line is not None else ""
    margin = " " * max(len(number), 1)
    lines.append(f"{margin}{paint(_BLUE, '-->')} {visible(str(place))}")
    if place.line is not None:
        source, indent, carets = _clip(place)
        bar = paint(_BLUE, "|")
        lines.append(f"{margin} {bar}")
        lines.append(f"{paint(_BLUE, number)} {bar} {source}".rstrip())
        lines.append(f"{margin} {bar} {indent}{paint(_SEVERITY_COLOURS[diagnostic.severity], carets)}")
    if diagnostic.hint:
        lines.append(f"{margin}{paint(_CYAN, 'hint:')} {visible(diagnostic.hint)}")
    return "\n".join(lines) + "\n"


def _clip(place: Place) -> tuple[str, str, str]:
    """The source line, the blanks below it before the span, and the carets; cut when the line is too long."""
    start = max((place.column or 1) - 1, 0)
    end = max((place.end_column or start + 2) - 1, start + 1)
    before, span, after = place.text[:start], place.text[start:end], place.text[end:]
    before, span, after = visible(before), visible(span), visible(after)
    if width(before) + width(span) + width(after) > WIDEST_LINE:
        if width(before) > LEAD:
            before = "…" + _last(before, LEAD)
        room = WIDEST_LINE - width(before)
        if width(span) > room:
            span, after = _first(span, room) + "…", ""
        elif width(span) + width(after) > room:
            after = _first(after, room - width(span)) + "…"
    return before + span + after, " " * width(before), "^" * max(width(span), 1)


def width(text: str) -> int:
    """The columns `text` takes on a terminal: wide East Asian characters take two, combining marks none."""
    if text.isascii():
        return len(text)
    return sum(_character_width(character) for character in text)


def _character_width(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1


def _first(text: str, columns: int) -> str:
    while width(text) > columns:
        text = text[:-1]
    return text


def _last(text: str, columns: int) -> str:
    # Far more than fits is never looked at character by character.
    text = text[-columns:]
    while width(text) > columns:
        text = text[1:]
    return text
