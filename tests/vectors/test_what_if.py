"""The vectors that the browser's forward pass is held to are what the schedule says."""

from __future__ import annotations

import json
from pathlib import Path

from tests.vectors.make_what_if import cases


def test_the_vectors_are_what_the_schedule_says() -> None:
    written = json.loads((Path(__file__).parent / "what_if.json").read_text("utf-8"))
    assert written == cases()


def test_the_vectors_tell_something() -> None:
    every = cases()
    later = [case for case in every if case["go_live"][2] > 0]
    assert len(later) > len(every) // 4
    assert any(case["go_live"][2] < 0 for case in every)
    assert any(len(case["moves"]) > len(case["suppose"]) for case in every)
