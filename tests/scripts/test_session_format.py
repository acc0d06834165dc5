"""How a session file is read, and that one which goes otherwise is noticed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scripts.session import Session, environment, execute, write_files

TEXT = """\
# Two commands and a file.

$ first
one

two
[exit 3]

# The second prints nothing.
$ second

-- plans/a.yml --
title: A
-- empty.txt --
"""


def test_a_session_that_goes_as_written_is_replayed_as_its_own_text() -> None:
    results = {"first": ("one\n\ntwo\n", 3), "second": ("", 0)}

    assert Session.parse(TEXT).replay(results.__getitem__) == TEXT


def test_files_keep_their_bytes() -> None:
    assert Session.parse(TEXT).files == {"plans/a.yml": "title: A\n", "empty.txt": ""}


@pytest.mark.parametrize(
    ("output", "code", "shown"),
    [
        ("one\n\nthree\n", 3, "one\n\nthree\n[exit 3]"),
        ("one\n\ntwo\n", 0, "one\n\ntwo\n\n#"),
        ("", 0, "$ first\n\n#"),
        ("# one\n$ two\n", 0, "\\# one\n\\$ two\n"),
    ],
    ids=["another line", "another code", "nothing", "lines that look like the session's"],
)
def test_a_session_that_goes_otherwise_shows_what_was_printed(output: str, code: int, shown: str) -> None:
    results = {"first": (output, code), "second": ("", 0)}

    replayed = Session.parse(TEXT).replay(results.__getitem__)

    assert replayed != TEXT
    assert shown in replayed


@pytest.mark.parametrize(("printed", "as_written"), [("built in 3 ms", True), ("failed in 3 ms", False)])
def test_an_ellipsis_stands_for_any_characters_of_its_line(printed: str, as_written: bool) -> None:
    text = "$ build\nbuilt in … ms\n"

    assert (Session.parse(text).replay(lambda _: (f"{printed}\n", 0)) == text) is as_written


def test_a_plain_call_of_dealroom_prints_what_the_program_prints(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment(tmp_path).items():
        monkeypatch.setenv(name, value)

    assert execute("dealroom no-such-command") == execute("dealroom no-such-command 2>&1 | cat; exit 2")


def test_the_folder_of_the_session_has_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_files({"plans/a.yml": "title: A\n"}, tmp_path)

    assert execute('ls "$PWD"/*/a.yml && false') == ("$WORK/plans/a.yml\n", 1)
