"""Findings as annotations of a GitHub Actions run: one workflow command a line.

The form and its escapes are those of `actions/toolkit` (`packages/core/src/command.ts`): the message escapes `%` and
line ends; a property also `:` and `,`, which would end it. GitHub shows the first ten errors and the first ten warnings
of a step; the log has them all.
"""

from __future__ import annotations

from collections.abc import Iterable

from dealroom.diagnostics import Diagnostic

_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})


def render_github(diagnostics: Iterable[Diagnostic], prefix: str = "") -> str:
    """`::error file=…,line=…,col=…,title=CODE::message` for each finding, every line with its end.

    `prefix` is the way from the repository's root to the workspace, such as `deals/`.
    """
    return "".join(f"{_command(diagnostic, prefix)}\n" for diagnostic in diagnostics)


def _command(diagnostic: Diagnostic, prefix: str) -> str:
    place = diagnostic.place
    properties = {
        "file": prefix + place.file,
        "line": place.line,
        "col": place.column,
        "endColumn": place.end_column,
        "title": diagnostic.code,
    }
    written = ",".join(
        f"{name}={str(value).translate(_PROPERTY)}" for name, value in properties.items() if value is not None
    )
    text = f"{diagnostic.message}\n{diagnostic.hint}" if diagnostic.hint else diagnostic.message
    return f"::{diagnostic.severity} {written}::{text.translate(_DATA)}"
