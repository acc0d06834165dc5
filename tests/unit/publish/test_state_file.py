"""A file of the state folder that is damaged, of a later version, or cannot be kept."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from dealroom.errors import Problem
from dealroom.publish.state_file import Kind, open_state_file

KIND = Kind(
    "the list of cups", "CREATE TABLE IF NOT EXISTS cup (colour TEXT);", version=1, probe="SELECT colour FROM cup"
)


def add(path: Path, colour: str, kind: Kind = KIND) -> list[str]:
    """Add a cup; the cups that there are then."""
    with open_state_file(path, kind) as connection:
        with connection:
            connection.execute("INSERT INTO cup VALUES (?)", (colour,))
        return [row[0] for row in connection.execute("SELECT colour FROM cup ORDER BY rowid")]


def test_it_is_made_with_its_folder_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "state" / "cups.sqlite"

    assert add(path, "red") == ["red"]
    assert add(path, "blue") == ["red", "blue"]


def test_an_earlier_version_keeps_what_it_holds(tmp_path: Path) -> None:
    path = tmp_path / "cups.sqlite"
    add(path, "red")
    later = replace(
        KIND, version=2, tables=KIND.tables + "CREATE TABLE spoon (metal TEXT);", probe="SELECT * FROM spoon"
    )

    assert add(path, "blue", later) == ["red", "blue"]


@pytest.mark.parametrize("content", [b"not a database, but long enough to be taken for one", b"SQLite format 3\0" * 99])
def test_a_damaged_one_is_started_afresh(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "cups.sqlite"
    path.write_bytes(content)

    assert add(path, "red") == ["red"]


def test_one_of_a_later_version_is_started_afresh(tmp_path: Path) -> None:
    path = tmp_path / "cups.sqlite"
    add(path, "red", replace(KIND, version=7))

    assert add(path, "blue") == ["blue"]


def test_a_precious_one_is_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "cups.sqlite"
    path.write_bytes(b"not a database, but long enough to be taken for one")

    with pytest.raises(Problem, match=r"cannot keep the list of cups: .*not a database") as problem:
        add(path, "red", replace(KIND, precious=True))

    assert problem.value.hint is not None
    assert "delete it" in problem.value.hint
    assert path.read_bytes().startswith(b"not a database")


def test_what_fails_while_it_is_open_is_said_too(tmp_path: Path) -> None:
    path = tmp_path / "cups.sqlite"

    with pytest.raises(Problem, match="cannot keep the list of cups"), open_state_file(path, KIND) as connection:
        connection.execute("SELECT * FROM saucer")


def test_a_place_where_nothing_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where a folder should be")

    with pytest.raises(Problem, match="cannot keep the list of cups") as problem:
        add(tmp_path / "state" / "cups.sqlite", "red")

    assert problem.value.hint is not None
    assert "permissions" in problem.value.hint


def test_two_processes_at_once(tmp_path: Path) -> None:
    path = tmp_path / "cups.sqlite"
    add(path, "red")

    with closing(sqlite3.connect(path)) as other:
        other.execute("SELECT * FROM cup").fetchone()
        assert add(path, "blue") == ["red", "blue"]
