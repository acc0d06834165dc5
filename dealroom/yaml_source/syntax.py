"""What the YAML parser says, in words for the person who wrote the file."""

from __future__ import annotations

from collections.abc import Callable

import yaml

# The parser's words (libyaml first, then PyYAML's own where they differ) → what is wrong, what to do, and whether the
# place to look at is where the construct began instead of where the parser gave up.
_PLAIN_WORDS: tuple[tuple[str, str, str, bool], ...] = (
    (
        "mapping values are not allowed",
        "a `:` is not allowed here",
        "put quotes around a text that contains `: `, or check the indentation",
        False,
    ),
    (
        "could not find expected ':'",
        "this line has no `:` after its key",
        "write `key: value`, or indent the line if it continues the text above",
        True,
    ),
    (
        "did not find expected key",
        "this line does not fit the lines above it",
        "check the indentation, and put quotes around a text that starts with a quote or a bracket",
        False,
    ),
    (
        "expected <block end>",
        "this line does not fit the lines above it",
        "check the indentation, and put quotes around a text that starts with a quote or a bracket",
        False,
    ),
    (
        "did not find expected '-' indicator",
        "this line does not fit the list above it",
        "start each item with `- `, all equally indented",
        False,
    ),
    ("did not find expected ',' or ']'", "this `[` is not closed", "add `]`, or a comma between two items", True),
    ("expected ',' or ']'", "this `[` is not closed", "add `]`, or a comma between two items", True),
    ("did not find expected ',' or '}'", "this `{` is not closed", "add `}`, or a comma between two keys", True),
    ("expected ',' or '}'", "this `{` is not closed", "add `}`, or a comma between two keys", True),
    ("found unexpected end of stream", "this quote is not closed", "add the closing quote", True),
    ("found unexpected document indicator", "this quote is not closed", "add the closing quote", True),
    (
        "unknown escape character",
        "this `\\` is not understood in double quotes",
        "use single quotes, or write `\\\\`",
        False,
    ),
    ("undefined alias", "this alias names an anchor that does not exist", "define it above with `&name`", False),
    ("duplicate anchor", "this anchor is defined twice", "give each anchor a name of its own", False),
    (
        "undefined tag handle",
        "a text cannot start with `!`",
        "put quotes around the text",
        True,
    ),
    ("did not find expected node content", "a value is missing here", "write the value, or close the bracket", False),
    (
        "did not find expected <document start>",
        "this line stands outside the plan's keys",
        "indent it, or give it a key",
        False,
    ),
    (
        "alphabetic or numeric character",
        "a text cannot start with `*` or `&`",
        "put quotes around the text",
        True,
    ),
    ("directive", "a line cannot start with `%`", "put quotes around the text", False),
)

_START_CHARACTERS = {
    "\t": ("tab", "a tab is used for indentation", "indent with spaces"),
    "@": ("syntax", "a text cannot start with `@`", "put quotes around the text"),
    "`": ("syntax", "a text cannot start with a backtick", "put quotes around the text"),
    "%": ("syntax", "a text cannot start with `%`", "put quotes around the text"),
}


def explain(
    fault: yaml.MarkedYAMLError, character_at: Callable[[yaml.Mark], str]
) -> tuple[str, str, str | None, yaml.Mark | None]:
    """Code, message, hint and mark of a parser's error; `character_at` looks into the text."""
    problem = (fault.problem or fault.context or "it is not YAML").strip()
    mark = fault.problem_mark or fault.context_mark
    if "cannot start any token" in problem and mark is not None:
        known = _START_CHARACTERS.get(character_at(mark))
        if known:
            return *known, mark
    if "tab character" in problem:
        return *_START_CHARACTERS["\t"], mark
    for words, message, hint, at_start in _PLAIN_WORDS:
        if words in problem:
            return "syntax", message, hint, (fault.context_mark or mark) if at_start else mark
    return "syntax", f"this is not YAML: {problem}", "check the quotes, brackets and indentation near here", mark
