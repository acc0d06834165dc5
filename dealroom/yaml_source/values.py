"""A YAML text into plain values, one pass over the parser's events.

PyYAML's own composer and constructor are not used here: they interpret scalars, recurse in C without a bound, keep
the last of two equal keys without a word, and take twice the time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias, cast

import yaml

from dealroom.diagnostics import Diagnostic, Place, error
from dealroom.diagnostics.wording import quoted
from dealroom.yaml_source.decode import LINE_BREAK
from dealroom.yaml_source.places import MERGE, Parser, place_of_marks
from dealroom.yaml_source.syntax import explain

Value: TypeAlias = "str | list[Value] | dict[str, Value] | None"

# A plan nests six deep. More than this is a mistake, and would exhaust the stack of whoever walks the values.
DEEPEST = 50

# How many values aliases may stand for in one file. Real plans repeat a few dozen; a YAML bomb repeats millions.
MOST_ALIASED = 10_000

_WRITE_OUT = "write the values out instead"

_NULLS = frozenset({"", "~", "null", "Null", "NULL"})

# Tags that say what is so without them.
_HARMLESS_TAGS = frozenset({None, "!", *(f"tag:yaml.org,2002:{kind}" for kind in ("str", "map", "seq"))})


class _Unusable(Exception):
    """Nothing can be made of the rest of the file."""

    def __init__(self, finding: Diagnostic) -> None:
        super().__init__(finding.message)
        self.finding = finding


def load_values(text: str, name: str) -> tuple[Value, list[Diagnostic]]:
    """The file's one document as plain values, `None` when there is none, and what is wrong with it."""
    reader = _Reader(text, name)
    try:
        value = reader.document()
    except _Unusable as fault:
        return None, [*reader.findings, fault.finding]
    except yaml.MarkedYAMLError as fault:
        return None, [*reader.findings, reader.syntax_error(fault)]
    except yaml.YAMLError as fault:
        return None, [*reader.findings, error("syntax", f"this is not YAML: {fault}", Place(name))]
    return value, reader.findings


class _Reader:
    def __init__(self, text: str, name: str) -> None:
        self._text = text
        self._name = name
        self._next = cast("Callable[[], yaml.Event]", Parser(text).get_event)
        self._anchors: dict[str, tuple[Value, int]] = {}
        self._open_anchors: set[str] = set()
        self._count = 0
        self._aliased = 0
        self.findings: list[Diagnostic] = []

    def document(self) -> Value:
        self._next()
        start = self._next()
        if isinstance(start, yaml.StreamEndEvent):
            raise _Unusable(error("empty-file", "this file is empty", Place(self._name)))
        value = self._value(self._next(), DEEPEST)
        self._next()
        after = self._next()
        if isinstance(after, yaml.DocumentStartEvent):
            hint = "remove this line, or move what follows into a file of its own"
            self._report("several-documents", "a second document starts here", after, hint)
        if value is None:
            raise _Unusable(error("empty-file", "this file has no content", Place(self._name)))
        return value

    def _value(self, event: yaml.Event, depth: int) -> Value:
        if type(event) is yaml.ScalarEvent:
            self._count += 1
            value: Value = event.value
            if event.implicit[0] and value in _NULLS:
                value = None
            if event.tag not in _HARMLESS_TAGS:
                self._refuse_tag(event)
            if event.anchor:
                self._anchors[event.anchor] = (value, 1)
            return value
        if type(event) is yaml.AliasEvent:
            return self._alias(event)
        return self._collection(cast("yaml.CollectionStartEvent", event), depth)

    def _collection(self, event: yaml.CollectionStartEvent, depth: int) -> Value:
        if depth == 0:
            hint = "a plan needs no more than six levels"
            raise _Unusable(
                error("too-deep", f"this is nested more than {DEEPEST} levels deep", self._place(event), hint)
            )
        if event.tag not in _HARMLESS_TAGS:
            self._refuse_tag(event)
        anchor, count = event.anchor, self._count
        self._count += 1
        if anchor:
            self._open_anchors.add(anchor)
        value = self._mapping(depth - 1) if type(event) is yaml.MappingStartEvent else self._sequence(depth - 1)
        if anchor:
            self._open_anchors.discard(anchor)
            self._anchors[anchor] = (value, self._count - count)
        return value

    def _sequence(self, depth: int) -> list[Value]:
        items: list[Value] = []
        while type(event := self._next()) is not yaml.SequenceEndEvent:
            items.append(self._value(event, depth))
        return items

    def _mapping(self, depth: int) -> dict[str, Value]:
        pairs: dict[str, Value] = {}
        merged: list[dict[str, Value]] = []
        key_events: dict[str, yaml.Event] = {}
        again: list[tuple[str, yaml.Event]] = []
        try:
            while type(event := self._next()) is not yaml.MappingEndEvent:
                key = self._key(event, depth)
                value_event = self._next()
                value = self._value(value_event, depth)
                if key is None:
                    continue
                if key in key_events:
                    again.append((key, event))
                    continue
                key_events[key] = event
                if key == MERGE and isinstance(event, yaml.ScalarEvent) and event.implicit[0]:
                    merged = self._merged(value, value_event)
                else:
                    pairs[key] = value
        finally:
            # Also when a syntax error ends the file here.
            self._report_duplicates(again, key_events)
        for mapping in merged:
            pairs = {**mapping, **pairs}
        return pairs

    def _key(self, event: yaml.Event, depth: int) -> str | None:
        value: Value
        if type(event) is yaml.ScalarEvent:
            # `null` is a word like any other before a colon.
            value = event.value
            if event.tag is not None or event.anchor:
                self._value(event, depth)
        else:
            value = self._value(event, depth)
        if value and isinstance(value, str):
            return value
        message = "a key has to be a plain word" if value else "a key is missing before this `:`"
        self._report("invalid-key", message, event, "write `key: value`")
        return None

    def _merged(self, value: Value, event: yaml.Event) -> list[dict[str, Value]]:
        given = value if isinstance(value, list) else [value]
        mappings = [mapping for mapping in given if isinstance(mapping, dict)]
        if len(mappings) == len(given):
            return mappings
        self._report(
            "wrong-type",
            "`<<` merges keys and values, and this has none",
            event,
            "write an alias of a mapping: `<<: *name`",
        )
        return []

    def _alias(self, event: yaml.AliasEvent) -> Value:
        anchor = str(event.anchor)
        if anchor in self._open_anchors:
            raise _Unusable(
                error(
                    "recursive-alias",
                    f"{quoted('*' + anchor)} stands inside what it stands for",
                    self._place(event),
                    _WRITE_OUT,
                )
            )
        if anchor not in self._anchors:
            hint = f"define it above with `&{anchor}`, or put quotes around a text that starts with `*`"
            message = f"{quoted('*' + anchor)} is not defined above this line"
            raise _Unusable(error("undefined-alias", message, self._place(event), hint))
        value, count = self._anchors[anchor]
        self._count += count
        self._aliased += count
        if self._aliased > MOST_ALIASED:
            message = f"aliases in this file stand for more than {MOST_ALIASED:,} values"
            raise _Unusable(error("too-many-aliases", message, self._place(event), _WRITE_OUT))
        return value

    def _refuse_tag(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent) -> None:
        tag = str(event.tag).replace("tag:yaml.org,2002:", "!!")
        self._report(
            "yaml-tag", f"the tag {quoted(tag)} is not allowed", event, "remove it, or put quotes around the text"
        )

    def _report_duplicates(self, again: list[tuple[str, yaml.Event]], first: dict[str, yaml.Event]) -> None:
        """What to say of keys that a mapping has `again`; `first` are all of its keys, in order."""
        if len(again) > 1 and again[0][0] == next(iter(first)):
            # From its first key on: a list whose items nobody started with a dash.
            key, event = again[0]
            hint = (
                f"start each item with `- `, as in `- {key}: …`; the first item begins on line {self._line(first[key])}"
            )
            self._report("duplicate-key", f"a second item starts here, with {quoted(key)}", event, hint)
            return
        for key, event in again:
            hint = f"keep one of the two; the other is on line {self._line(first[key])}"
            self._report("duplicate-key", f"{quoted(key)} is written twice", event, hint)

    def _line(self, event: yaml.Event) -> int | None:
        return self._place(event).line

    def _report(self, code: str, message: str, event: yaml.Event, hint: str | None = None) -> None:
        self.findings.append(error(code, message, self._place(event), hint))

    def _place(self, event: yaml.Event) -> Place:
        # Only events that a caller makes up have no marks.
        start, end = cast("yaml.Mark", event.start_mark), cast("yaml.Mark", event.end_mark)
        return place_of_marks(start, end, self._lines(), self._name)

    def _lines(self) -> tuple[str, ...]:
        return tuple(LINE_BREAK.split(self._text))

    def syntax_error(self, fault: yaml.MarkedYAMLError) -> Diagnostic:
        lines = self._lines()

        def character_at(mark: yaml.Mark) -> str:
            return lines[mark.line][mark.column : mark.column + 1] if mark.line < len(lines) else ""

        code, message, hint, mark = explain(fault, character_at)
        if mark is None:
            return error(code, message, Place(self._name), hint)
        return error(code, message, place_of_marks(mark, mark, lines, self._name), hint)


def value_at(data: Value, path: Sequence[str | int]) -> Value:
    """What is at a path, as in `("milestones", 3, "due")`; nothing where the path does not lead anywhere."""
    for part in path:
        if isinstance(data, dict) and isinstance(part, str):
            data = data.get(part)
        elif isinstance(data, list) and isinstance(part, int) and part < len(data):
            data = data[part]
        else:
            return None
    return data
