"""One edit of a YAML text: the characters of the value it is about, and no others.

Offsets are those of the text as it is; what the edit means for the data is `apply`'s business, which also verifies it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from dealroom.plan.edit.render import Writable, in_block, in_flow, like
from dealroom.plan.edit.tree import Node
from dealroom.yaml_source.places import PathKey

# Longer than this a new item of a list is hard to read on one line; the formatters of editors break lines here.
LONGEST_LINE = 120


class NoPlace(Exception):
    """The text is written in a way that this cannot change."""


@dataclass(frozen=True, slots=True)
class Document:
    """A text, its tree and the line end it uses."""

    text: str
    root: Node
    newline: str

    def replaced(self, start: int, end: int, written: str) -> str:
        """The text with other characters from `start` to `end`."""
        return self.text[:start] + written + self.text[end:]

    def line_start(self, offset: int) -> int:
        """Where the line begins that `offset` is on."""
        return self.text.rfind("\n", 0, offset) + 1

    def line_end(self, offset: int) -> int:
        """Where that line ends, before its line end."""
        end = self.text.find("\n", offset)
        end = len(self.text) if end < 0 else end
        return end - 1 if self.text[offset:end].endswith("\r") else end

    def line_added(self, offset: int, lines: str) -> str:
        """The text with whole lines below the one that `offset` is on."""
        end = self.line_end(offset)
        return self.replaced(end, end, self.newline + lines)


def set_value(document: Document, holder: Node, key: str, value: Writable, before: Sequence[str]) -> str:
    """Give `key` of a mapping a value. `before` are the keys that come before it in a plan, the nearest last."""
    node, key_node = holder.child(key), holder.key_node(key)
    if node is None or key_node is None:
        return _add_key(document, holder, key, value, before)
    if node.kind == "alias":
        return document.replaced(node.start, node.end, in_flow(value))
    if node.kind != "scalar":
        if node.anchor or node.tag:
            raise NoPlace
        colon = document.text.index(":", key_node.end) + 1
        return document.replaced(colon, node.end, " " + in_flow(value))
    return _set_scalar(document, holder, key_node, node, value)


def _set_scalar(document: Document, holder: Node, key: Node, node: Node, value: Writable) -> str:
    if node.is_empty:
        if document.text[node.start - 1 : node.start] == ":":
            return document.replaced(node.start, node.end, " " + _written(document, holder, key, value))
        # `{due, …}`: a key without even a colon.
        return document.replaced(node.start, node.end, ": " + in_flow(value))
    if node.tag not in {None, "!"}:
        raise NoPlace
    if isinstance(value, str) and node.style in {"'", '"'}:
        written = like(value, node.style)
    elif isinstance(value, date) and node.style in {"'", '"'}:
        written = f"{node.style}{value}{node.style}"
    else:
        written = _written(document, holder, key, value)
    text = document.replaced(node.start, node.end, written)
    return _moved_anchor(document, node, text, len(written) - (node.end - node.start)) if node.anchor else text


def _moved_anchor(document: Document, node: Node, text: str, shift: int) -> str:
    """The first alias takes the anchor over, with the value that it stood for."""
    alias = next((each for each in _nodes(document.root) if each.kind == "alias" and each.anchor == node.anchor), None)
    if alias is None or alias.start < node.start:
        return text
    old = document.text[node.start : node.end]
    return text[: alias.start + shift] + old + text[alias.end + shift :]


def _nodes(node: Node) -> list[Node]:
    inner = [*node.items, *(each for pair in node.pairs for each in pair)]
    return [node, *(each for child in inner for each in _nodes(child))]


def _written(document: Document, holder: Node, key: Node, value: Writable) -> str:
    if isinstance(value, str) and not holder.is_flow:
        return in_block(value, key.column + 2, document.newline)
    return in_flow(value)


def _add_key(document: Document, holder: Node, key: str, value: Writable, before: Sequence[str]) -> str:
    if holder.kind != "mapping":
        raise NoPlace
    known = {each.key: (each, node) for each, node in holder.pairs}
    above = next((known[name] for name in reversed(before) if name in known), None)
    above = above or (holder.pairs[-1] if holder.pairs else None)
    if holder.is_flow:
        if above is None:
            return document.replaced(holder.end - 1, holder.end - 1, f"{key}: {in_flow(value)}")
        end = _end_of_pair(document, *above)
        return document.replaced(end, end, f", {key}: {in_flow(value)}")
    if above is None:
        raise NoPlace
    # The first key of an item stands after a dash, so the column of any key is the margin.
    margin = above[0].column
    lines = _pair_lines(document, key, value, margin)
    apart = document.newline if _stands_apart(document, holder, above[0]) else ""
    return document.line_added(_end_of_pair(document, *above), apart + lines)


def _stands_apart(document: Document, holder: Node, above: Node) -> bool:
    """Whether the plan's own keys have blank lines between them, as far as the one `above` tells."""
    if holder is not document.root or above is holder.pairs[0][0]:
        return False
    before = document.text[: document.line_start(above.start)]
    return re.search(r"\n[ \t]*\r?\n(?:[ \t]*#[^\n]*\n)*\Z", before) is not None


def _end_of_pair(document: Document, key: Node, value: Node) -> int:
    if value.is_empty and document.text[key.end : value.start].strip() == ":":
        return value.start
    return max(key.end, value.end)


def _pair_lines(document: Document, key: str, value: Writable, margin: int) -> str:
    start = " " * margin + f"{key}:"
    if isinstance(value, str):
        return f"{start} {in_block(value, margin + 2, document.newline)}"
    if isinstance(value, Sequence) and value and all(isinstance(each, Mapping) for each in value):
        items = (_item_lines(document, each, margin + 2, None) for each in value)
        return document.newline.join([start, *items])
    return f"{start} {in_flow(value)}"


def add_item(document: Document, sequence: Node, value: Writable) -> str:
    """Put an item at the end of a list."""
    if sequence.is_flow:
        if not sequence.items:
            return document.replaced(sequence.end - 1, sequence.end - 1, in_flow(value))
        end = sequence.items[-1].end
        return document.replaced(end, end, f", {in_flow(value)}")
    last = sequence.items[-1]
    # On the same line as its item, or above it: the list's own dashes are in one column.
    dash = document.text.rfind("-", 0, last.start + 1 if last.is_empty else last.start)
    margin = dash - document.line_start(dash)
    if document.text[document.line_start(dash) : dash].strip(" "):
        raise NoPlace
    lines = _item_lines(document, value, margin, last)
    apart = document.newline if _is_spaced(document, sequence) else ""
    return document.line_added(last.end, apart + lines)


def _is_spaced(document: Document, sequence: Node) -> bool:
    """Whether a blank line stands between the last two items."""
    above, last = sequence.items[-2:-1], sequence.items[-1]
    return bool(above) and re.search(r"\n[ \t]*\r?\n", document.text[above[0].end : last.start]) is not None


def _item_lines(document: Document, value: Writable, margin: int, beside: Node | None) -> str:
    """An item, written like the one `beside` it: in braces on one line, or a line a key."""
    start = " " * margin + "- "
    on_one_line = start + in_flow(value)
    in_braces = beside.is_flow if beside else len(on_one_line) <= LONGEST_LINE
    if not isinstance(value, Mapping) or not value or in_braces:
        return on_one_line
    inner = margin + 2
    if beside is not None and document.line_start(beside.start) + beside.column == beside.start:
        # As wide as the dash of its neighbour: `-   id: …`.
        inner = max(inner, beside.column)
    lines = document.newline.join(_pair_lines(document, key, each, inner) for key, each in value.items())
    return start.ljust(inner) + lines[inner:]


def remove_key(document: Document, holder: Node, key: str) -> str:
    """Take a key and its value away."""
    keys = [each.key for each, _ in holder.pairs]
    number = keys.index(key)
    key_node, value = holder.pairs[number]
    end = _end_of_pair(document, key_node, value)
    if holder.is_flow:
        return _removed_in_flow(document, holder, number, end)
    start = document.line_start(key_node.start)
    if document.text[start : key_node.start].strip(" "):
        # The first key stands after the dash of its item; the next one takes its place.
        if number + 1 == len(keys):
            raise NoPlace
        return document.replaced(key_node.start, holder.pairs[number + 1][0].start, "")
    after = document.line_end(end)
    after += len(document.newline) if after < len(document.text) else 0
    return document.replaced(start, after, "")


def _removed_in_flow(document: Document, holder: Node, number: int, end: int) -> str:
    if number:
        return document.replaced(_end_of_pair(document, *holder.pairs[number - 1]), end, "")
    if len(holder.pairs) > 1:
        return document.replaced(holder.pairs[0][0].start, holder.pairs[1][0].start, "")
    return document.replaced(holder.start + 1, holder.end - 1, "")


def find(root: Node, path: Sequence[PathKey]) -> tuple[Node, int]:
    """The deepest node of a path that is written where it belongs, and how many parts of the path lead to it.

    An alias, or what a merge key brings, is written elsewhere.
    """
    node, depth = root, 0
    for part in path:
        below = node.child(part)
        if below is None:
            break
        node, depth = below, depth + 1
        if below.kind == "alias":
            break
    return node, depth
