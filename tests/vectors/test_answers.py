"""Answers in a page, against the vector that the browser opens, and what their boxes tell to others."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from pathlib import Path

from dealroom.seal.access import Person, credential_for
from dealroom.seal.answers import SMALLEST, seal_answers
from tests.vectors.make_answers import DANA, KEY, ROOM, vector

CREDENTIAL = credential_for(KEY, ROOM, DANA, "everyone")


def size(box: str) -> int:
    """Bytes of plaintext in a box."""
    return len(urlsafe_b64decode(box + "=" * (-len(box) % 4))) - 16


def test_the_vector_is_what_is_sealed() -> None:
    assert json.loads((Path(__file__).parent / "answers.json").read_text("utf-8")) == vector()


def test_no_two_answers_share_a_key() -> None:
    first, second = (seal_answers(CREDENTIAL, ROOM, written) for written in (b"[1]", b"[2]"))
    assert first.id == second.id
    assert (first.salt, first.box[:32]) != (second.salt, second.box[:32])
    assert first.salt != second.salt
    assert seal_answers(CREDENTIAL, ROOM, b"[1]") == first


def test_the_size_tells_nothing_of_short_answers() -> None:
    assert {size(seal_answers(CREDENTIAL, ROOM, b"[1]" * count).box) for count in (1, 600)} == {SMALLEST}
    assert size(seal_answers(CREDENTIAL, ROOM, b" " * (SMALLEST + 1)).box) > SMALLEST


def test_a_person_with_the_same_id_of_another_kind_has_another_box() -> None:
    shared = credential_for(KEY, ROOM, Person("dana", "All", "shared"), "everyone")
    assert seal_answers(shared, ROOM, b"[]").id != seal_answers(CREDENTIAL, ROOM, b"[]").id
