"""A plan as far as it can be understood: what does not fit is left out, so that one slip does not hide the others.

A draft serves to look for more findings. It is never scheduled, shown or built.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from dealroom.diagnostics import Place
from dealroom.diagnostics.wording import nearest
from dealroom.plan.model import Plan
from dealroom.plan.references import Path, Unread
from dealroom.yaml_source import Source, Value
from dealroom.yaml_source.validate import value_path

# Stands where a required value is missing or does not fit. No check looks at these.
STAND_INS: Mapping[str, Value] = {
    "title": "?",
    "name": "?",
    "statement": "?",
    "buyer": {"name": "?"},
    "go_live": {"date": "2000-01-01"},
}

# Each round takes away what the last one left without a required part, from the leaves up; a plan nests six deep.
MOST_ROUNDS = 8

# With more faults than this it is not a plan with slips in it, and what is left of it says nothing.
MOST_FAULTS = 1_000

# The lists whose items other fields refer to.
REFERRED_TO = ("stakeholders", "milestones")


class _Removed:
    """Marks an item of a list, so that the others keep their numbers until all are found."""


_REMOVED = _Removed()


@dataclass
class Draft:
    """`plan` is `None` when nothing can be understood. `faults` are the form's errors, as pydantic gives them.

    `data` are the file's values, with marks for the items that were left out.
    """

    source: Source
    data: Any
    plan: Plan | None = None
    faults: list[ErrorDetails] = field(default_factory=list)
    unread: Unread = field(default_factory=Unread)

    def locate(self, path: Path) -> Place:
        """The place in the file of a path in the draft, whose lists may be shorter."""
        return self.source.place(_original(self.data, path) if self.faults else path)


def understand(source: Source) -> Draft:
    """The plan in `source`, or what of it fits."""
    draft = Draft(source, source.data)
    lost: dict[str, set[str]] = {}
    for attempt in range(MOST_ROUNDS):
        try:
            draft.plan = Plan.model_validate(_swept(draft.data) if attempt else draft.data)
            break
        except ValidationError as fault:
            faults = fault.errors(include_url=False, include_input=False)
        if attempt == 0:
            draft.faults = faults
            draft.data = _copy(draft.data)
        if not isinstance(draft.data, dict) or len(draft.faults) > MOST_FAULTS:
            return draft
        for path, missing in [(_original(draft.data, value_path(each)), each["type"] == "missing") for each in faults]:
            _take_away(draft.data, path, missing, lost)
    if draft.faults:
        damaged = frozenset(_swept_path(draft.data, value_path(fault)[:-1]) for fault in draft.faults)
        draft.unread = _unread(lost, source, draft.faults, damaged)
    return draft


def _take_away(data: Any, path: Path, missing: bool, lost: dict[str, set[str]]) -> None:
    """Leave out the value at `path`, which does not fit, or what holds it when it is required and missing."""
    if path and path[-1] in STAND_INS and isinstance(holder := value_at(data, path[:-1]), dict):
        holder[str(path[-1])] = STAND_INS[str(path[-1])]
        return
    path = _present(data, path[:-1] if missing else path)
    if not path:
        return
    holder, last = value_at(data, path[:-1]), path[-1]
    if isinstance(holder, list) and isinstance(last, int):
        item = holder[last]
        id = item.get("id") if isinstance(item, dict) else None
        lost.setdefault(str(path[0]), set()).update([id] if isinstance(id, str) else [])
        holder[last] = _REMOVED
    elif isinstance(holder, dict) and last in STAND_INS:
        holder[last] = STAND_INS[str(last)]
    elif isinstance(holder, dict):
        holder.pop(last, None)


def value_at(data: Any, path: Path) -> Any:
    """The value at `path`, `None` when there is none."""
    here = data
    for part in path:
        inside = (isinstance(here, dict) and part in here) or (
            isinstance(here, list) and isinstance(part, int) and part < len(here)
        )
        here = here[part] if inside else None
    return here


def _present(data: Any, path: Path) -> Path:
    """The longest beginning of `path` that leads to a value: a single text may stand for a list of one."""
    while path and value_at(data, path) is None:
        path = path[:-1]
    return path


def _original(data: Any, path: Path) -> Path:
    """A path in the swept values as one in `data`, where items that were left out still count."""
    here, found = data, []
    for part in path:
        index = part
        if isinstance(here, list) and isinstance(part, int) and _REMOVED in here:
            left = [number for number, item in enumerate(here) if item is not _REMOVED]
            index = left[part] if part < len(left) else part
        found.append(index)
        here = value_at(here, (index,))
    return tuple(found)


def _copy(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copy(each) for key, each in value.items()}
    return [_copy(each) for each in value] if isinstance(value, list) else value


def _swept(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _swept(each) for key, each in value.items()}
    return [_swept(each) for each in value if each is not _REMOVED] if isinstance(value, list) else value


def _swept_path(data: Any, path: Path) -> Path:
    """A path in `data` as one in the swept values: the reverse of `_original`."""
    here, found = data, list(path)
    for depth, part in enumerate(path):
        if isinstance(here, list) and isinstance(part, int):
            found[depth] = part - sum(item is _REMOVED for item in here[:part])
        here = value_at(here, (part,))
    return tuple(found)


def _unread(
    lost: Mapping[str, set[str]], source: Source, faults: list[ErrorDetails], damaged: frozenset[Path]
) -> Unread:
    data = source.data if isinstance(source.data, dict) else {}
    return Unread(
        ids={name: frozenset(ids) for name, ids in lost.items()},
        lists=frozenset(name for name in REFERRED_TO if _is_lost(name, data, faults)),
        damaged=damaged,
    )


def _is_lost(name: str, data: Mapping[str, Value], faults: list[ErrorDetails]) -> bool:
    """Whether a whole list is not understood: it is no list, or its key is misspelt."""
    if any(value_path(fault) == (name,) for fault in faults):
        return True
    unknown = [
        str(fault["loc"][0]) for fault in faults if fault["type"] == "extra_forbidden" and len(fault["loc"]) == 1
    ]
    return name not in data and any(nearest(key, [name]) for key in unknown)
