"""Which Chromium the browser tests use."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser import chromium


def program(folder: Path, name: str) -> Path:
    path = folder / name
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


def test_an_installed_one_is_found_by_its_usual_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    chrome = program(tmp_path, "google-chrome")
    assert chromium.find({}) == chrome

    first = program(tmp_path, "chromium")
    assert chromium.find({}) == first


def test_the_one_that_is_asked_for_comes_before_all_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    program(tmp_path, "chromium")
    mine = program(tmp_path, "mine")

    assert chromium.find({"DEALROOM_CHROMIUM": str(mine)}) == mine


def test_asking_for_one_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(chromium.NoChromium, match=r"DEALROOM_CHROMIUM names .*/missing, which is not a program"):
        chromium.find({"DEALROOM_CHROMIUM": str(tmp_path / "missing")})
