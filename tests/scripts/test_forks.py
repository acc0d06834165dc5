"""The `dealroom` that is forked does what the installed one does."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.scripts.session import environment, execute_in_shell, write_files

FILES = {
    "deals/dealroom.yml": "seller: {name: Northbay}\n",
    "deals/plans/harbour/plan.yml": "title: Ausführung — ✓\nbuyer: {name: Harbour}\ngo_live: {date: 2027-13-01}\n",
}

LINES = {
    "the exit code and each stream": "dealroom -C deals check > out 2> err; echo $?; cat err; echo --; cat out",
    "what is read, the folder and the environment": "cd deals && COLUMNS=30 dealroom inbox add - < dealroom.yml",
    "what Python reads": "PYTHONIOENCODING=ascii dealroom -C deals check",
    "the umask": "umask 077 && dealroom init --seller Northbay new > /dev/null && stat -c %a new new/dealroom.yml",
    "an argument of any bytes": "dealroom $'no-\\xff\\x01 such'",
    "who stops reading": "dealroom schema | head -c 1; echo ${PIPESTATUS[0]}",
}


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_it_is_given_and_gives_the_same(
    line: str, forked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment(tmp_path).items():
        monkeypatch.setenv(name, value)
    said = []
    for program in (forked, None):
        folder = tmp_path / ("installed" if program is None else "forked")
        folder.mkdir()
        write_files(FILES, folder)
        monkeypatch.chdir(folder)
        with monkeypatch.context() as patch:
            if program:
                patch.setenv("PATH", str(program), prepend=os.pathsep)
            said.append(execute_in_shell(line))
    assert said[0] == said[1]
    assert said[0][0]
