"""Values as YAML that reads back as exactly them, shaped by ruamel.yaml."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, TypeAlias

from dealroom.yaml_source import Value, parse

if TYPE_CHECKING:
    from ruamel.yaml import YAML

# What may be written: a text, a day, yes or no, and lists and mappings of them. `None` is an empty value.
Writable: TypeAlias = "str | date | bool | Sequence[Writable] | Mapping[str, Writable] | None"

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")

# ruamel breaks lines beyond this; nothing in a plan is as long.
_NO_BREAKS = 1_000_000


def as_read(value: Writable) -> Value:
    """`value` as the reader gives it back: days, `true` and `false` as texts."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return _written_bool(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: as_read(each) for key, each in value.items()}
    return [as_read(each) for each in value]


def in_flow(value: Writable) -> str:
    """`value` on one line, fit to stand between brackets: `{id: dana, name: 'Dana, W.'}`."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {in_flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return _written_bool(value)
    return "null" if value is None else "[" + ", ".join(map(in_flow, value)) + "]"


def _written_bool(value: bool) -> str:
    return "true" if value else "false"


def in_block(text: str, indent: int, newline: str) -> str:
    """A text as the value of a key: on one line, or as lines below `|-` that are `indent` spaces in."""
    lines = text.split("\n")
    # Lines that start or end with white space would need an indicator, or would not be seen.
    if len(lines) > 1 and all(line == line.strip() for line in lines) and lines[0] and _is_printable(text):
        margin = " " * indent
        written = newline.join(margin + line if line else "" for line in lines)
        return f"|-{newline}{written}"
    return _text(text)


def _is_printable(text: str) -> bool:
    return all(each.isprintable() or each == "\n" for each in text)


def like(text: str, style: str) -> str:
    """A text in the quotes that were there before, where it can be."""
    if style == "'" and "\n" not in text:
        return "'" + text.replace("'", "''") + "'"
    if style == '"':
        return _double_quoted(text)
    return _text(text)


def _text(text: str) -> str:
    """On one line, as plain as it can be, fit to stand between brackets too."""
    if _DAY.fullmatch(text):
        # ruamel would put quotes around what others take for a date; in a plan it is one.
        return text
    if "\n" not in text:
        stream = io.StringIO()
        # Inside brackets, where more has to be quoted than outside: what is fit for them is fit everywhere.
        _yaml().dump(_flow([text]), stream)
        written = stream.getvalue().strip()[1:-1]
        # libyaml, which reads the plan, is stricter than ruamel here and there.
        if _reads_as(written, text):
            return written
    return _double_quoted(text)


def _reads_as(written: str, text: str) -> bool:
    return parse(f"a: [{written}]", "").data == {"a": [text]} and parse(f"a: {written}", "").data == {"a": text}


def _double_quoted(text: str) -> str:
    # Every escape of JSON is one of YAML's double quotes (YAML 1.2, section 5.7); DEL and such are none of JSON's.
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(each if each.isprintable() or each == " " else _escaped(each) for each in quoted)


def _escaped(character: str) -> str:
    return f"\\U{ord(character):08x}"


def _flow(values: list[str]) -> Any:
    from ruamel.yaml.comments import CommentedSeq

    sequence = CommentedSeq(values)
    sequence.fa.set_flow_style()
    return sequence


def _yaml() -> YAML:
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.width = _NO_BREAKS
    return yaml
