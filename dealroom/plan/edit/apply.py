"""Edits of a YAML text, verified: the changed text says what was meant, and nothing else differently. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import yaml

from dealroom.diagnostics.wording import quoted
from dealroom.errors import Problem
from dealroom.plan.edit.render import Writable, as_read
from dealroom.plan.edit.splice import Document, NoPlace, add_item, find, remove_key, set_value
from dealroom.plan.edit.tree import Node, read_tree
from dealroom.plan.model import (
    Blocked,
    GoLive,
    Milestone,
    Owners,
    Plan,
    Stakeholder,
    Step,
    SuccessCriterion,
)
from dealroom.plan.part import Part
from dealroom.plan.past import Review
from dealroom.yaml_source import PathKey, Value, parse
from dealroom.yaml_source.values import value_at

# Longer than this, what an alias stands for is no value to write out but a part of the plan.
LONGEST_WRITTEN_OUT = 400

Path: TypeAlias = tuple[PathKey, ...]


@dataclass(frozen=True, slots=True)
class Set:
    """Give the key at the end of `path` a value."""

    path: Path
    value: Writable


@dataclass(frozen=True, slots=True)
class Add:
    """Put an item at the end of the list at `path`, which need not be there yet."""

    path: Path
    value: Writable


@dataclass(frozen=True, slots=True)
class Remove:
    """Take the key at the end of `path` away, if it is there."""

    path: Path


Edit: TypeAlias = Set | Add | Remove


class CannotEdit(Problem):
    """The text is written in a way that a program cannot change without changing more than it should."""


# The keys of each part in the order in which a plan is written, which says where a new one belongs.
_PARTS: Mapping[tuple[str, ...], type[Part]] = {
    (): Plan,
    ("go_live",): GoLive,
    ("stakeholders",): Stakeholder,
    ("success_criteria",): SuccessCriterion,
    ("milestones",): Milestone,
    ("milestones", "owners"): Owners,
    ("milestones", "steps"): Step,
    ("milestones", "blocked"): Blocked,
    ("reviews",): Review,
}


def changed_text(text: str, edits: Iterable[Edit], name: str = "plan.yml") -> str:
    """`text` with the edits, in their order. `name` is what errors call the file.

    Raises:
        CannotEdit: it is not YAML, or is written in a way in which an edit would change more.
    """
    for edit in edits:
        text = _changed(text, edit, name)
    return text


def _changed(text: str, edit: Edit, name: str) -> str:
    data = parse(text, name).data
    wanted = _meant(data, edit)
    if wanted == data:
        return text
    try:
        root = read_tree(text)
        if root is None:
            raise NoPlace
        newline = "\r\n" if text.count("\r\n") * 2 > text.count("\n") else "\n"
        changed = _spliced(Document(text, root, newline), edit, data)
    except (NoPlace, yaml.YAMLError, RecursionError):
        raise _cannot(edit, name) from None
    read = parse(changed, name)
    if read.diagnostics or read.data != wanted:
        raise _cannot(edit, name)
    return changed


def _cannot(edit: Edit, name: str) -> CannotEdit:
    where = ".".join(str(part + 1) if isinstance(part, int) else part for part in edit.path)
    return CannotEdit(
        f"{name} is written in a way that a program cannot change safely at {quoted(where)}",
        "make this change by hand; anchors, merge keys and tags there are the usual reason",
    )


def _spliced(document: Document, edit: Edit, data: Value) -> str:
    # An added item is looked for in its list, another value in what holds it.
    holder_path = edit.path if isinstance(edit, Add) else edit.path[:-1]
    node, depth = find(document.root, holder_path)
    if isinstance(edit, Add) and _is_unwritten(node, depth, edit.path, data):
        return _spliced(document, Set(edit.path, [edit.value]), data)
    if depth < len(holder_path) or node.kind == "alias":
        return _written_out(document, edit, data, node, depth)
    if isinstance(edit, Add):
        return add_item(document, node, edit.value)
    key = str(edit.path[-1])
    if isinstance(edit, Remove):
        if node.key_node(key) is None:
            raise NoPlace
        return remove_key(document, node, key)
    return set_value(document, node, key, edit.value, _before(edit.path))


def _is_unwritten(node: Node, depth: int, path: Path, data: Value) -> bool:
    """Whether there is no list at `path` to add to: no such key, nothing after its colon, or an empty one."""
    if not value_at(data, path):
        return depth == len(path) or value_at(data, path[:-1]) is not None
    return depth == len(path) and node.is_empty


def _written_out(document: Document, edit: Edit, data: Value, node: Node, depth: int) -> str:
    """What is written elsewhere, behind an alias or a merge key, written out here with the change."""
    path = edit.path[:depth] if node.kind == "alias" else edit.path[: depth + 1]
    value = value_at(_meant(data, edit), path)
    if (
        isinstance(value, str)
        or value is None
        or len(repr(value)) > LONGEST_WRITTEN_OUT
        or not isinstance(path[-1], str)
    ):
        raise NoPlace
    return _spliced(document, Set(path, value), data)


def _before(path: Path) -> Sequence[str]:
    """The keys that come before the last of `path` in a plan, the nearest last."""
    names = tuple(part for part in path[:-1] if isinstance(part, str))
    part = _PARTS.get(names)
    fields = [info.alias or name for name, info in part.model_fields.items() if name != "internal"] if part else []
    return fields[: fields.index(str(path[-1]))] if path[-1] in fields else fields


def _meant(data: Value, edit: Edit) -> Value:
    """The data as they are to be. Only what is on the way is copied, since aliases share what they stand for."""
    if isinstance(edit, Add):
        there = value_at(data, edit.path)
        items = there if isinstance(there, list) else []
        return _with(data, edit.path, [*items, as_read(edit.value)])
    if isinstance(edit, Set):
        return _with(data, edit.path, as_read(edit.value))
    holder = value_at(data, edit.path[:-1])
    if not isinstance(holder, dict) or edit.path[-1] not in holder:
        return data
    return _with(data, edit.path[:-1], {key: value for key, value in holder.items() if key != edit.path[-1]})


def _with(data: Value, path: Path, value: Value) -> Value:
    if not path:
        return value
    part, rest = path[0], path[1:]
    if isinstance(part, int):
        items = list(data) if isinstance(data, list) else []
        if part >= len(items):
            return data
        items[part] = _with(items[part], rest, value)
        return items
    pairs = dict(data) if isinstance(data, dict) else {}
    pairs[part] = _with(pairs.get(part), rest, value)
    return pairs
