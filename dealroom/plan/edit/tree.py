"""Where every value of a YAML text stands, to the character.

Made from the parser's events, since its node trees put what an alias stands for in the alias's place.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, cast

import yaml

from dealroom.yaml_source.places import Parser, PathKey

Kind = Literal["scalar", "mapping", "sequence", "alias"]
# `'`, `"`, `|`, `>`, or nothing for a plain scalar.
Style = str


@dataclass(slots=True)
class Node:
    """A value. `start` and `end` are offsets in characters; `end` is where its content ends, comments left out.

    A value that is not written (`due:`) has its place after the colon, and no characters. `start` is that of an anchor
    or a tag, where there is one. `pairs` of a mapping and `items` of a sequence are in the order of the text.
    """

    kind: Kind
    start: int
    end: int
    column: int
    style: Style = ""
    is_flow: bool = False
    anchor: str | None = None
    tag: str | None = None
    pairs: list[tuple[Node, Node]] = field(default_factory=list)
    items: list[Node] = field(default_factory=list)
    key: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is written."""
        return self.kind == "scalar" and self.start == self.end

    def child(self, part: PathKey) -> Node | None:
        """The value of a key, or an item; `None` when it is not written here."""
        if isinstance(part, int):
            return self.items[part] if self.kind == "sequence" and part < len(self.items) else None
        return next((value for key, value in self.pairs if key.key == part), None)

    def key_node(self, part: PathKey) -> Node | None:
        """The key itself."""
        return next((key for key, _ in self.pairs if key.key == part), None)


def read_tree(text: str) -> Node | None:
    """The tree of a text, `None` when it has no document. Raises yaml.YAMLError."""
    return _Reader(text).document()


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._next = cast("Callable[[], yaml.Event]", Parser(text).get_event)

    def document(self) -> Node | None:
        self._next()
        if isinstance(self._next(), yaml.StreamEndEvent):
            return None
        return self._node(self._next())

    def _node(self, event: yaml.Event) -> Node:
        start, end = cast("yaml.Mark", event.start_mark), cast("yaml.Mark", event.end_mark)
        if isinstance(event, yaml.AliasEvent):
            return Node("alias", start.index, end.index, start.column, anchor=event.anchor)
        if isinstance(event, yaml.ScalarEvent):
            style = event.style or ""
            # A block scalar ends where the next token starts, after blank lines that are not its own.
            last = start.index + len(self._text[start.index : end.index].rstrip()) if style in "|>" else end.index
            return Node(
                "scalar", start.index, last, start.column, style, anchor=event.anchor, tag=event.tag, key=event.value
            )
        return self._collection(cast("yaml.CollectionStartEvent", event), start)

    def _collection(self, event: yaml.CollectionStartEvent, start: yaml.Mark) -> Node:
        node = Node(
            "mapping" if isinstance(event, yaml.MappingStartEvent) else "sequence",
            start.index,
            start.index,
            start.column,
            is_flow=bool(event.flow_style),
            anchor=event.anchor,
            tag=event.tag,
        )
        while not isinstance(inner := self._next(), yaml.CollectionEndEvent):
            child = self._node(inner)
            if node.kind == "mapping":
                value = self._node(self._next())
                node.pairs.append((child, value))
                child = value
            else:
                node.items.append(child)
            node.end = max(node.end, child.end)
        if node.is_flow:
            node.end = cast("yaml.Mark", inner.end_mark).index
        return node
