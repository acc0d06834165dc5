"""Every `*.txt` beside this file is a command-line session that has to go as it is written."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.scripts.session import STARTED, Session, environment, execute, execute_in_shell, write_files

SESSIONS = sorted(Path(__file__).parent.glob("*.txt"))


@pytest.mark.parametrize("path", SESSIONS, ids=lambda path: path.stem)
def test_session(
    path: Path, forked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pytestconfig: pytest.Config
) -> None:
    text = path.read_text(encoding="utf-8")
    session = Session.parse(text)
    folder, home = tmp_path / "work", tmp_path / "home"
    folder.mkdir()
    home.mkdir()
    write_files(session.files, folder)
    for name, value in environment(home).items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(folder)
    if path.stem not in STARTED:
        monkeypatch.setenv("PATH", str(forked), prepend=os.pathsep)

    replayed = session.replay(execute_in_shell if path.stem in STARTED else execute)

    if pytestconfig.getoption("--update-sessions"):
        path.write_text(replayed, encoding="utf-8")
        return
    assert replayed == text, f"{path.name} went otherwise; `make update-sessions` writes it as it goes now"
