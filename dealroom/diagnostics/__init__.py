"""A finding about a file, as data: what is wrong, where, and what to do.

Every part of dealroom that reads what people wrote reports `Diagnostic` values; nothing prints on its own.
`dealroom.diagnostics.render` turns the same values into text for a person or a machine.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding matters. An error in a file stops its own plan from being built, a warning does not.

    What `dealroom.health` finds stops nothing; there, an error is what cannot be right in any deal.
    """

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a finding is. Lines and columns count from 1, columns in characters; `None` is the whole file.

    `file` is relative to the workspace, with forward slashes. `text` is the source line, without its line end.
    `end_column` is one past the last character of the span when it ends on the same line.
    """

    file: str
    line: int | None = None
    column: int | None = None
    end_column: int | None = None
    text: str = ""

    def __str__(self) -> str:
        parts = [self.file, *(str(number) for number in (self.line, self.column) if number is not None)]
        return ":".join(parts)

    @property
    def order(self) -> tuple[str, int, int]:
        """Sorts places as a reader meets them; a whole file comes before its lines."""
        return self.file, self.line or 0, self.column or 0


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding. `code` names the fault (`unknown-key`), `message` stands alone, `hint` says what to do."""

    code: str
    severity: Severity
    message: str
    place: Place
    hint: str | None = None


def error(code: str, message: str, place: Place, hint: str | None = None) -> Diagnostic:
    """A finding that stops its file from being used."""
    return Diagnostic(code, Severity.ERROR, message, place, hint)


def warning(code: str, message: str, place: Place, hint: str | None = None) -> Diagnostic:
    """A finding to look at; the file is used as it is."""
    return Diagnostic(code, Severity.WARNING, message, place, hint)


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Whether any of them is an error."""
    return any(diagnostic.severity is Severity.ERROR for diagnostic in diagnostics)


def in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The same findings by file, line and column, each once."""
    return tuple(sorted(dict.fromkeys(diagnostics), key=lambda diagnostic: diagnostic.place.order))
