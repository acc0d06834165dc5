from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealroom.seal.errors import KeyProblem
from dealroom.seal.keys import WorkspaceKey, create_key, load_key, parse_key

KEY = WorkspaceKey(bytes(range(32)))
WRITTEN = "DEALROOM-KEY-1-AAAQEAYEAUDAOCAJBIFQYDIOB4IBCEQTCQKRMFYYDENBWHA5DYPWGDON"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / ".dealroom" / "key"


def test_a_key_is_one_line_of_text() -> None:
    assert KEY.text() == WRITTEN
    assert parse_key(WRITTEN, "here").text() == WRITTEN


def test_a_created_key_is_loaded_again(path: Path) -> None:
    created = create_key(path)
    assert load_key(path, {}).text() == created.text()
    assert created.text() != create_key(path.with_name("another")).text()


def test_a_key_file_is_for_its_owner_alone(path: Path) -> None:
    create_key(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o077 == 0


def test_a_key_is_never_overwritten(path: Path) -> None:
    first = create_key(path)
    with pytest.raises(KeyProblem, match="already"):
        create_key(path)
    assert load_key(path, {}).text() == first.text()


def test_the_environment_comes_first(path: Path) -> None:
    create_key(path)
    assert load_key(path, {"DEALROOM_KEY": f" {WRITTEN.lower()}\n"}).text() == WRITTEN


def test_an_empty_variable_does_not_count(path: Path) -> None:
    created = create_key(path)
    assert load_key(path, {"DEALROOM_KEY": " "}).text() == created.text()


def test_a_missing_key_is_told_with_what_to_do(path: Path) -> None:
    with pytest.raises(KeyProblem) as caught:
        load_key(path, {})
    assert caught.value.message == f"there is no workspace key in {path}"
    assert "DEALROOM_KEY" in str(caught.value.hint)


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o602])
def test_a_key_that_others_can_read_is_refused(path: Path, mode: int) -> None:
    create_key(path)
    path.chmod(mode)
    with pytest.raises(KeyProblem) as caught:
        load_key(path, {})
    assert caught.value.hint == f"run: chmod 600 {path}"


def test_a_key_that_git_tracks_is_refused(path: Path) -> None:
    created = create_key(path)
    root = path.parent.parent
    subprocess.run(["git", "init", "--quiet", str(root)], check=True)
    assert load_key(path, {}).text() == created.text(), "a repository that does not track the key is fine"
    subprocess.run(["git", "-C", str(root), "add", "--force", str(path)], check=True)
    for environ in ({}, {"GIT_DIR": "/nowhere", "GIT_INDEX_FILE": "/nowhere/index"}):
        with pytest.raises(KeyProblem, match="git tracks the workspace key"):
            load_key(path, environ)


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("", "there is no workspace key in here"),
        ("hunter2", "there is no workspace key in here"),
        (WRITTEN[:-1], "typing error or is cut off"),
        (WRITTEN + "A", "typing error or is cut off"),
        (WRITTEN.replace("EAYE", "EAYF"), "typing error or is cut off"),
        (WRITTEN.replace("EAYE", "EA1E"), "typing error or is cut off"),
        (f"{WRITTEN}\n{WRITTEN}", "typing error or is cut off"),
    ],
)
def test_what_is_not_a_key_is_told(written: str, problem: str) -> None:
    with pytest.raises(KeyProblem, match=problem) as caught:
        parse_key(written, "here")
    assert written == "" or written not in f"{caught.value.message} {caught.value.hint}", "a slip is no reason to show"


def test_a_key_that_is_no_text_is_told(path: Path) -> None:
    create_key(path)
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(KeyProblem, match="cannot read"):
        load_key(path, {})


def test_nothing_shows_the_secret() -> None:
    assert repr(KEY) == f"WorkspaceKey(fingerprint='{KEY.fingerprint}')"
    assert KEY.text() not in f"{KEY!r}{KEY}"


parts = st.lists(st.one_of(st.text(max_size=5), st.binary(max_size=5)), max_size=4)


@given(parts, parts)
def test_other_parts_derive_other_bytes(one: list[str | bytes], other: list[str | bytes]) -> None:
    def encoded(values: list[str | bytes]) -> list[bytes]:
        return [value.encode() if isinstance(value, str) else value for value in values]

    same = encoded(one) == encoded(other)
    assert (KEY.derive("test", *one) == KEY.derive("test", *other)) is same
