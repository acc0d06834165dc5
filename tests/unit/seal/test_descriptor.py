from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealroom.seal.descriptor import Descriptor, find_descriptor, parse_descriptor
from dealroom.seal.errors import CannotOpen, DamagedRoom

ROOM = Path(__file__).parents[2] / "vectors" / "rooms" / "current" / "index.html"
GENUINE: dict[str, Any] = json.loads(find_descriptor(ROOM.read_text(encoding="utf-8")))

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "box", "name"]), inner),
    max_leaves=6,
)
paths = st.sampled_from(
    [
        *([name] for name in GENUINE),
        *(["kdf", name] for name in GENUINE["kdf"]),
        ["slots", 0],
        ["slots", 0, "id"],
        ["slots", 0, "box"],
    ]
)


@given(paths, values)
def test_whatever_stands_in_a_descriptor_it_is_taken_or_refused(path: list[Any], value: object) -> None:
    changed = json.loads(json.dumps(GENUINE))
    target = changed
    for step in path[:-1]:
        target = target[step]
    target[path[-1]] = value
    with suppress(CannotOpen):
        assert isinstance(parse_descriptor(json.dumps(changed)), Descriptor)


@given(st.text(max_size=40) | values.map(json.dumps))
def test_what_is_no_descriptor_is_refused(text: str) -> None:
    with pytest.raises(DamagedRoom):
        parse_descriptor(text)


@pytest.mark.parametrize("name", list(GENUINE))
def test_no_member_may_be_missing(name: str) -> None:
    with pytest.raises(DamagedRoom):
        parse_descriptor(json.dumps({key: value for key, value in GENUINE.items() if key != name}))


def test_a_member_of_a_later_version_is_passed_over() -> None:
    assert parse_descriptor(json.dumps({**GENUINE, "hint": "new"})) == parse_descriptor(json.dumps(GENUINE))


def test_a_descriptor_is_written_as_it_was_read() -> None:
    assert json.loads(parse_descriptor(json.dumps(GENUINE)).to_json()) == GENUINE


@pytest.mark.parametrize("pages", [0, 2])
def test_a_page_holds_one_descriptor(pages: int) -> None:
    with pytest.raises(DamagedRoom, match="holds no descriptor"):
        find_descriptor('<script id="dealroom-room">{}</script>' * pages)
