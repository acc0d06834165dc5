"""What was said to replies stands in the history beside the revisions, and reaches the one who asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from dealroom.plan.answers import Answer, Answered, AnswerTo, answered_changes, answered_line, answers_for
from dealroom.plan.history import HISTORY_FILE, append_answered, read_history

MOVED = Answer(1, "date", "milestone:review", "changed", "finish Review on 23 Dec", "The 22nd is taken", "2026-12-21")
DONE = Answer(2, "done", "milestone:kick-off", "accepted", "Kick-off was done")
LINE = Answered(date(2026, 11, 22), "Tom", "f" * 32, "dana", "buyer", date(2026, 11, 20), (MOVED, DONE))


def test_a_line_says_what_was_answered(tmp_path: Path) -> None:
    append_answered(tmp_path, LINE)
    append_answered(tmp_path, replace(LINE, reply="e" * 32, by=None, answers=()))

    history = read_history(tmp_path, tmp_path)

    assert history.answered == (LINE, replace(LINE, reply="e" * 32, by=None, answers=()))
    assert history.revisions == ()
    assert history.diagnostics == ()


def test_each_person_is_told_of_what_they_asked_and_the_last_word_counts() -> None:
    after_all = replace(LINE, on=date(2026, 11, 24), answers=(replace(MOVED, answer="declined", now=None),))
    marcus = replace(LINE, person="marcus", reply="d" * 32)
    shared = replace(LINE, person="dana", kind="shared", reply="c" * 32)
    earlier = replace(LINE, sent=date(2026, 11, 1), reply="b" * 32, answers=(DONE,))

    told = answers_for([LINE, after_all, marcus, shared, earlier], "dana")

    assert told == (
        AnswerTo("b" * 32, date(2026, 11, 1), LINE.on, DONE),
        AnswerTo("f" * 32, LINE.sent, date(2026, 11, 24), replace(MOVED, answer="declined", now=None)),
        AnswerTo("f" * 32, LINE.sent, LINE.on, DONE),
    )
    assert answered_changes([LINE, after_all, marcus], "f" * 32) == {1: after_all.answers[0], 2: DONE}


@pytest.mark.parametrize(
    "damage",
    [
        (b'"accepted"', b'"perhaps"'),
        (b'"change":2', b'"change":"2"'),
        (b'"answers":[', b'"answer":['),
        (b"2026-11-20", b"2026-11-40"),
        (b'"dana"', b"7"),
        (b'"words":"The 22nd is taken"', b'"words":{}'),
    ],
)
def test_a_damaged_line_is_reported_and_left_out(tmp_path: Path, damage: tuple[bytes, bytes]) -> None:
    whole = answered_line(LINE)
    assert damage[0] in whole
    (tmp_path / HISTORY_FILE).write_bytes(whole.replace(*damage) + whole)

    history = read_history(tmp_path, tmp_path)

    assert history.answered == (LINE,)
    assert [finding.code for finding in history.diagnostics] == ["damaged-history"]
