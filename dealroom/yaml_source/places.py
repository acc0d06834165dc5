"""Where a value is in a YAML text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from dealroom.diagnostics import Place
from dealroom.yaml_source.decode import LINE_BREAK

PathKey = str | int

# A key and its value.
Pair = tuple[yaml.Node, yaml.Node]

MERGE = "<<"

# The parser of libyaml where PyYAML was built with it, as its wheels are: eight times as fast.
Parser: type[yaml.BaseLoader] = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@dataclass(frozen=True, slots=True)
class Nodes:
    """The parsed tree and the text's lines, and what each mapping looked into has, so that looking is quick."""

    root: yaml.Node | None
    lines: tuple[str, ...]
    pairs: dict[int, dict[str, Pair]] = field(default_factory=dict)


def compose(text: str) -> Nodes:
    """Parse `text` for its places. A text that cannot be parsed, or nests too deep to, has no tree."""
    try:
        loader = Parser(text)
        root = loader.get_node() if loader.check_node() else None
    except (yaml.YAMLError, RecursionError):
        root = None
    return Nodes(root, tuple(LINE_BREAK.split(text)))


def find(nodes: Nodes, path: tuple[PathKey, ...], name: str, *, key: bool) -> Place:
    """The place of the value at `path`, or of its key, or of the nearest part of the path that exists."""
    if nodes.root is None:
        return Place(name)
    key_node, value = None, nodes.root
    for part in path:
        below = _child(nodes, value, part)
        if below is None:
            break
        key_node, value = below
    return span(key_node if key and key_node is not None else value, nodes.lines, name)


def span(node: yaml.Node, lines: tuple[str, ...], name: str) -> Place:
    """The part of `node` on its first line."""
    return place_of_marks(node.start_mark, node.end_mark, lines, name)


def place_of_marks(start: yaml.Mark, end: yaml.Mark, lines: tuple[str, ...], name: str) -> Place:
    """The characters from `start` to `end`, or to the end of the line on which `start` is."""
    text = lines[start.line] if start.line < len(lines) else ""
    end_column = end.column if end.line == start.line else len(text.rstrip())
    return Place(name, start.line + 1, start.column + 1, max(end_column, start.column + 1) + 1, text)


def _child(nodes: Nodes, node: yaml.Node, part: PathKey) -> tuple[yaml.Node | None, yaml.Node] | None:
    if isinstance(node, yaml.SequenceNode):
        return (None, node.value[part]) if isinstance(part, int) and part < len(node.value) else None
    if not isinstance(node, yaml.MappingNode):
        return None
    if id(node) not in nodes.pairs:
        # The first of two equal keys counts, and what is written here counts before what is merged.
        pairs = [(key.value, (key, value)) for key, value in _pairs(node) if isinstance(key, yaml.ScalarNode)]
        nodes.pairs[id(node)] = dict(reversed(pairs))
    return nodes.pairs[id(node)].get(part) if isinstance(part, str) else None


def _pairs(node: yaml.MappingNode) -> Iterator[tuple[yaml.Node, yaml.Node]]:
    """The pairs written here, then those that merge keys bring."""
    yield from node.value
    for key, value in node.value:
        if isinstance(key, yaml.ScalarNode) and key.value == MERGE:
            merged = value.value if isinstance(value, yaml.SequenceNode) else [value]
            for mapping in merged:
                if isinstance(mapping, yaml.MappingNode):
                    yield from _pairs(mapping)
